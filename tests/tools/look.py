"""Look at it: every page of a built site as pictures, on three widths, light and dark, and as
printed sheets.

    python3 -m tests.tools.look FOLDER [SITE] [PAGE …]

writes PNG files into FOLDER: read-diagnostic-360-dark.png, …, read-diagnostic-print-1.png. SITE is
a built site (site/ unless said), PAGE a part of a page's name (all pages unless said). Run it with
the tests' Python: .venv/bin/python -m tests.tools.look /tmp/look
"""

import struct
import sys
import zlib
from pathlib import Path
from typing import Literal

import pypdfium2
from playwright.sync_api import Browser, sync_playwright

from tests.support import chromium as chromium_on_disk
from tests.support.fonts import pdf_of

WIDTHS = (360, 768, 1280)
SCHEMES: tuple[Literal["light"], Literal["dark"]] = ("light", "dark")


def main(folder: Path, site: Path, parts: list[str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = chromium_on_disk.launch(playwright, chromium_on_disk.find())
        for page in sorted(site.resolve().rglob("*.html")):
            name = page.relative_to(site.resolve()).as_posix()
            if not parts or any(part in name for part in parts):
                look_at(
                    browser, page.as_uri(), folder / name.removesuffix(".html").replace("/", "-")
                )
        browser.close()


def look_at(browser: Browser, address: str, stem: Path) -> None:
    for scheme in SCHEMES:
        context = browser.new_context(color_scheme=scheme)
        page = context.new_page()
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(address)
            page.wait_for_timeout(200)
            page.screenshot(path=f"{stem}-{width}-{scheme}.png", full_page=True)
        # Printed from dark too: the sheets must not show from which.
        for number, sheet in enumerate(pypdfium2.PdfDocument(pdf_of(page)), 1):
            suffix = "print" if scheme == "light" else "print-from-dark"
            Path(f"{stem}-{suffix}-{number}.png").write_bytes(
                png(sheet.render(scale=1.3, rev_byteorder=True))
            )
        context.close()


def png(bitmap: pypdfium2.PdfBitmap) -> bytes:
    """A picture file of a printed page, by hand: a PNG is three chunks, and this needs no other
    package.
    """
    pixels, stride = bytes(bitmap.buffer), bitmap.stride
    rows = (
        b"\0" + pixels[y * stride : y * stride + bitmap.width * 3] for y in range(bitmap.height)
    )
    header = struct.pack(">IIBBBBB", bitmap.width, bitmap.height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(b"".join(rows))), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2] if len(sys.argv) > 2 else "site"), sys.argv[3:])
