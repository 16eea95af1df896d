"""What a copy carries: every public file of an edition, and the edition itself, from which anybody can make them."""

from typing import Final

from portal.domain.edition import Edition
from portal.domain.edition_file import EDITION_FILE, MIRRORS_FILE, edition_to_json, mirrors_to_json
from portal.site.files import File, Files
from portal.site.render import render

JSON: Final = "application/json"
"""The media type of a JSON file, which is always in UTF-8 (RFC 8259, clause 8.1)."""


def carried(edition: Edition) -> Files:
    """Every file of `render`, and `edition.json` and `mirrors.json` beside them."""
    return {
        **render(edition),
        EDITION_FILE: File(edition_to_json(edition), JSON),
        MIRRORS_FILE: File(mirrors_to_json(edition.event.mirrors), JSON),
    }
