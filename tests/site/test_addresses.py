"""The onion's address is told so that it can be checked: on every page, and as an image on the page of addresses."""

import re
import struct
from base64 import b64decode
from typing import Final

import pytest

from portal.site.files import Files
from portal.site.qr import qr_image
from portal.site.render import render
from tests.factories.document import Document
from tests.factories.sample import ONION, edition

KNOWN: Final = render(edition())
UNKNOWN: Final = render(edition(onion=None))
PAGES: Final = sorted(path for path in KNOWN if path.endswith(".html"))


def page(files: Files, path: str) -> Document:
    return Document(files[path].content.decode())


@pytest.mark.parametrize("path", PAGES)
def test_address_stands_at_the_foot_of_every_page_as_text(path: str) -> None:
    assert [code_element.text for code_element in page(KNOWN, path).all("code") if code_element.text == ONION] == [
        ONION
    ]
    assert ONION in page(KNOWN, path).one("footer").text


@pytest.mark.parametrize("path", PAGES)
def test_page_says_nothing_of_an_onion_that_is_not_known(path: str) -> None:
    assert re.findall(r"[a-z2-7]{56}|With Tor Browser:", UNKNOWN[path].content.decode()) == []


@pytest.mark.parametrize("path", ["fr/miroirs/index.html", "en/mirrors/index.html"])
def test_address_is_an_image_on_the_page_of_addresses(path: str) -> None:
    image = page(KNOWN, path).one("img").attributes
    width, height = struct.unpack(">II", b64decode(image["src"].partition(",")[2])[16:24])
    assert image["src"] == qr_image(ONION)
    assert (image["width"], image["height"]) == (str(width), str(height))
    assert page(UNKNOWN, path).all("img") == []
