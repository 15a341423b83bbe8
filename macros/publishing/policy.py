"""The content security policy: a page loads and runs what this site brought, and nothing else."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable

from macros.publishing.page import Page

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "worker-src": "'self'",
    "frame-src": "'self'",
    "form-action": "'none'",
    "base-uri": "'none'",
    "object-src": "'none'",
}


def with_policy(text: str, page: Page) -> str:
    """First in the head after the encoding, so that it is in force before anything is fetched or
    run.
    """
    metas = (
        f'<meta http-equiv="Content-Security-Policy" content="{policy_of(page)}">'
        '<meta name="referrer" content="no-referrer">'
    )
    text, done = re.subn(
        r"<meta charset=[^>]*>", lambda match: match[0] + metas, text, count=1, flags=re.IGNORECASE
    )
    if not done:
        page.problem("has no <meta charset>, after which the policy would stand.")
    return text


def policy_of(page: Page) -> str:
    """Beside the site's files it allows the inline scripts and styles of this very page."""
    policy = {
        **POLICY,
        "script-src": " ".join([POLICY["script-src"], *hashes(page.scripts)]),
        "style-src": " ".join([POLICY["style-src"], *hashes(page.styles)]),
    }
    return "; ".join(f"{name} {value}" for name, value in policy.items())


def hashes(texts: Iterable[str]) -> list[str]:
    digests = (hashlib.sha256(text.encode()).digest() for text in texts)
    return sorted({f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests})
