"""What pages load of ours, as overrides/partials/loads.html says it."""

import jinja2

from tests.support.checkout import ROOT

LOADS = ROOT / "overrides" / "partials" / "loads.html"


class Holder:
    """A page, as far as the template looks at it."""

    def __init__(self, content: str) -> None:
        self.content = content


def sources(kind: str, bundle: str, content: str = "") -> list[str]:
    """The files of a bundle on a page with this content, in order, as names under docs/. `kind` is
    `styles`, `scripts`, `head_scripts` or `last_scripts`.
    """
    environment = jinja2.Environment(autoescape=True)
    environment.filters["url"] = str
    template = environment.from_string(LOADS.read_text(encoding="utf-8"))
    parts = getattr(template.make_module({"page": Holder(content)}), kind)
    ending = "css" if kind == "styles" else "js"
    return [
        f"assets/{file}.{ending}"
        for part in parts
        if part["bundle"] == bundle and part["mark"] in content
        for file in part["files"]
    ]
