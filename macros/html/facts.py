"""Facts → HTML, every sign of their text an entity, so that Markdown finds nothing to read in
it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from urllib.parse import urlsplit

from macros.html.addresses import EVIDENCE, Address
from macros.html.entities import entities
from macros.loading.facts import Claim, Crosswalk, Facts, Framework, Law, Source

FactWords = Mapping[str, str]
DETAILS = ("finding", "unit", "sample", "date", "funder", "seen")


def render_claim(id: str, claim: Claim, words: FactWords, address: Address) -> str:
    """The sentence that may be said, and a small link to its entry in the register."""
    label = entities(words["link"].replace("{grade}", claim.grade))
    link = f'<a class="claim" href="{address(f"{EVIDENCE}#{id}")}">{label}</a>'
    return f"{entities(claim.say)} <small>({link})</small>"


def render_claims(claims: Mapping[str, Claim], words: FactWords) -> str:
    """Entries of the register, each with an anchor."""
    entries = (_entry(id, claim, words) for id, claim in claims.items())
    return f'<dl class="claims">{"".join(entries)}</dl>'


def _entry(id: str, claim: Claim, words: FactWords) -> str:
    parts = [f'<dt id="{id}">{entities(claim.name)}</dt>']
    for key in ("say", "do_not_say", "dropped"):
        if text := getattr(claim, key):
            parts.append(f"<dd><strong>{entities(words[key])}</strong> {entities(text)}</dd>")
    if details := list(_details(claim, words)):
        parts.append(f"<dd><small>{'<br>'.join(details)}</small></dd>")
    return "".join(parts)


def _details(claim: Claim, words: FactWords) -> Iterator[str]:
    """What stands small under a claim, a line each."""
    for key in DETAILS:
        if text := getattr(claim, key):
            yield f"{entities(words[key])} {entities(text)}"
    if claim.sources:
        yield f"{entities(words['sources'])} {'; '.join(map(_source, claim.sources))}."
    if claim.checked:
        yield f"{entities(words['checked'])} {entities(claim.checked)}."


def _source(source: Source) -> str:
    """Title, publisher, and where the link leads: it may be somebody who tells of it."""
    title = f"<cite>{entities(source.title)}</cite>"
    if not source.url:
        return f"{entities(source.publisher)}, {title}"
    link = f'<a href="{entities(source.url)}">{title}</a>'
    return (
        f"{entities(source.publisher)}, {link}"
        f" ({entities(urlsplit(source.url).netloc.removeprefix('www.'))})"
    )


def render_frameworks(crosswalk: Crosswalk, lines: Mapping[str, str], words: FactWords) -> str:
    """A row for each framework, a column for each line of the diagnostic. `lines` are their names
    by id.
    """
    headings = [words["framework"], *(f"{n} {name}" for n, name in enumerate(lines.values(), 1))]
    rows = [_framework_row(framework, lines, words) for framework in crosswalk.frameworks.values()]
    return _table(headings, rows)


def _framework_row(framework: Framework, lines: Iterable[str], words: FactWords) -> list[str]:
    counterparts = (framework.lines.get(line, words["no_counterpart"]) for line in lines)
    return [_framework_name(framework, words), *map(entities, counterparts)]


def _framework_name(framework: Framework, words: FactWords) -> str:
    note = f"{framework.note} {words['grade'].replace('{grade}', framework.grade)}".strip()
    return f"{entities(framework.name)}<br><small>{entities(note)}</small>"


def render_parts(crosswalk: Crosswalk, words: FactWords, address: Address) -> str:
    """A row for each other part of the playbook."""
    rows = []
    for part in crosswalk.parts.values():
        link = f'<a href="{address(part.page)}">{entities(part.name)}</a>'
        rows.append([link, entities(part.counterparts)])
    return _table([words["part"], words["counterparts"]], rows)


def render_regulation(laws: Mapping[str, Law], words: FactWords) -> str:
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
    cells = ("".join(f"<td>{cell}</td>" for cell in row) for row in rows)
    body = "".join(f"<tr>{row}</tr>" for row in cells)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def render_sources(facts: Facts) -> str:
    """Everything that a claim, a framework or a law rests on, once, by publisher."""
    cited = [facts.crosswalk.further, *(claim.sources for claim in facts.claims.values())]
    cited += [framework.sources for framework in facts.crosswalk.frameworks.values()]
    cited += [law.sources for law in facts.regulation.values()]
    every = chain.from_iterable(cited)
    by_publisher = {(source.publisher.lower(), source.title): source for source in every}
    items = (f"<li>{_source(source)}</li>" for _, source in sorted(by_publisher.items()))
    return f"<ul>{''.join(items)}</ul>"
