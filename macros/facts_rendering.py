"""Facts → HTML, every sign of their text an entity, so that Markdown finds nothing to read in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from facts import Claim, Crosswalk, Facts, Law, Source
from lines import entities

Address = Callable[[str], str]
Words = Mapping[str, str]
DETAILS = ("finding", "unit", "sample", "date", "funder", "seen")


def render_claim(id: str, claim: Claim, words: Words, address: Address) -> str:
    """The sentence that may be said, and a small link to its entry in the register."""
    label = entities(words["link"].format(grade=claim.grade))
    link = f'<a class="claim" href="{address("reference/evidence.html")}#{id}">{label}</a>'
    return f"{entities(claim.say)} <small>({link})</small>"


def render_claims(claims: Mapping[str, Claim], words: Words) -> str:
    """Entries of the register, each with an anchor."""
    return f'<dl class="claims">{"".join(_entry(id, claim, words) for id, claim in claims.items())}</dl>'


def _entry(id: str, claim: Claim, words: Words) -> str:
    parts = [f'<dt id="{id}">{entities(claim.name)}</dt>']
    for key in ("say", "do_not_say", "dropped"):
        if text := getattr(claim, key):
            parts.append(f"<dd><strong>{entities(words[key])}</strong> {entities(text)}</dd>")
    told = [f"{entities(words[key])} {entities(getattr(claim, key))}" for key in DETAILS if getattr(claim, key)]
    if claim.sources:
        told.append(f"{entities(words['sources'])} {'; '.join(map(_source, claim.sources))}.")
    if claim.checked:
        told.append(f"{entities(words['checked'])} {entities(claim.checked)}.")
    if told:
        parts.append(f"<dd><small>{' '.join(told)}</small></dd>")
    return "".join(parts)


def _source(source: Source) -> str:
    title = entities(source.title)
    linked = f'<a href="{entities(source.url)}">{title}</a>' if source.url else title
    return f"{linked}, {entities(source.publisher)}"


def render_frameworks(crosswalk: Crosswalk, lines: Mapping[str, str], words: Words) -> str:
    """A row for each framework, a column for each line of the diagnostic. `lines` are their names by id."""
    headings = [words["framework"], *(f"{n} {name}" for n, name in enumerate(lines.values(), 1))]
    rows = (
        [framework.name, *(framework.lines.get(line, words["no_counterpart"]) for line in lines)]
        for framework in crosswalk.frameworks.values()
    )
    return _table(headings, ([entities(cell) for cell in row] for row in rows))


def render_parts(crosswalk: Crosswalk, words: Words, address: Address) -> str:
    """A row for each other part of the playbook."""
    rows = (
        [f'<a href="{address(f"{part.page}.html")}">{entities(part.name)}</a>', entities(part.counterparts)]
        for part in crosswalk.parts.values()
    )
    return _table([words["part"], words["counterparts"]], rows)


def render_regulation(laws: Mapping[str, Law], words: Words) -> str:
    """A row for each rule of law, with the date on which it was last looked up."""
    rows = (
        [
            f'<span id="{id}">{entities(law.name)}</span>',
            entities(law.applies),
            entities(law.means),
            "; ".join(map(_source, law.sources)),
            entities(law.checked),
        ]
        for id, law in laws.items()
    )
    return _table([words[key] for key in ("law", "applies", "means", "source", "checked")], rows)


def _table(headings: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A table as the theme stacks it on a phone; the cells are HTML."""
    head = "".join(f'<th scope="col">{entities(heading)}</th>' for heading in headings)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def render_sources(facts: Facts) -> str:
    """Everything that a claim, a framework or a law rests on, once, by publisher."""
    held = [claim.sources for claim in facts.claims.values()]
    held += [framework.sources for framework in facts.crosswalk.frameworks.values()]
    held += [law.sources for law in facts.regulation.values()]
    found = {(source.publisher.lower(), source.title): source for sources in held for source in sources}
    items = (f"<li>{entities(source.publisher)}: {_titled(source)}</li>" for _, source in sorted(found.items()))
    return f"<ul>{''.join(items)}</ul>"


def _titled(source: Source) -> str:
    title = f"<cite>{entities(source.title)}</cite>"
    return f'<a href="{entities(source.url)}">{title}</a>' if source.url else title
