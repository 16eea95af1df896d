"""Absolute addresses, for the files that are read away from the site: calendars, schedules, feeds."""

import re
from typing import Final

from portal.domain.edition.edition import Edition
from portal.domain.language import Language
from portal.site.links import ForeignAddress, link_target
from portal.site.paths import PageName, page_path

_LINK: Final = re.compile(r"(?<=\]\()[a-z]+:[a-z0-9_-]+(?=\))")
"""An address as `link_target` takes it, behind the words of a link in Markdown."""
_OUTSIDE_URI: Final = re.compile(rb"[^A-Za-z0-9!$%&'()*+,./:;=?@_~-]|%(?![0-9A-Fa-f]{2})")
"""The bytes that a URI has no place for beside the mark of its fragment, and a `%` that opens no pair of digits."""


def public_address(edition: Edition) -> str | None:
    """Return the published address of the site, without a trailing slash: on the web, else its onion; None for none."""
    return edition.addresses.clearnet or edition.addresses.onion


def public_url(edition: Edition, path: str) -> str | None:
    """Return the absolute address of `path` (no leading slash); None where no address is published."""
    address = public_address(edition)
    return None if address is None else f"{address}/{path}"


def page_url(edition: Edition, page: PageName, language: Language, id: str = "") -> str | None:
    """Return the absolute address of a page; None where no address is published."""
    return public_url(edition, page_path(page, language, id))


def with_absolute_links(edition: Edition, language: Language, text: str) -> str:
    """Return Markdown with the addresses of ours (`session:accueil`) absolute, as far as they lead somewhere."""

    def absolute(found: re.Match[str]) -> str:
        try:
            target = link_target(edition.event, found[0])
        except ForeignAddress:
            return found[0]
        return (target and page_url(edition, target.page, language, target.id)) or found[0]

    return _LINK.sub(absolute, text)


def as_uri(url: str) -> str:
    """Return `url` with whatever a URI has no place for percent-encoded (RFC 3986 §2.1); a URI stays as it is."""
    pieces = (_OUTSIDE_URI.sub(_encoded, piece).decode() for piece in url.encode().split(b"#", 1))
    return "#".join(pieces)


def _encoded(byte: re.Match[bytes]) -> bytes:
    return b"%%%02X" % ord(byte[0])
