"""Absolute addresses, for what is read away from the site."""

from typing import Final

import pytest

from portal.site.public_urls import as_uri, page_url, with_absolute_links
from tests.factories.sample import CLEARNET, EVENT, ONION, edition

URIS: Final = {
    "a plain address": ("https://a.example/b?c=d&e=%C3%A9#f", "https://a.example/b?c=d&e=%C3%A9#f"),
    "letters of another alphabet": ("https://a.example/été", "https://a.example/%C3%A9t%C3%A9"),
    "brackets and a space": ("https://a.example/[b] c", "https://a.example/%5Bb%5D%20c"),
    "a sign of percent alone": ("https://a.example/50%", "https://a.example/50%25"),
    "two marks of a fragment": ("https://a.example/#b#c", "https://a.example/#b%23c"),
}


@pytest.mark.parametrize(("url", "uri"), URIS.values(), ids=URIS)
def test_uri_is_made_of(url: str, uri: str) -> None:
    assert as_uri(url) == uri


TEXTS: Final = {
    "a session": ("Voir [là](session:outils).", "Voir [là](https://event.example/fr/seances/outils/)."),
    "a page": ("[Venir](page:practical)", "[Venir](https://event.example/fr/pratique/)"),
    "a session that is none": ("[là](session:nulle-part)", "[là](session:nulle-part)"),
    "another site": ("[là](https://a.example/)", "[là](https://a.example/)"),
    "another kind": ("[là](mailto:a)", "[là](mailto:a)"),
    "words alone": ("session:outils (session:outils)", "session:outils (session:outils)"),
}


@pytest.mark.parametrize(("text", "absolute"), TEXTS.values(), ids=TEXTS)
def test_link_is_absolute_to(text: str, absolute: str) -> None:
    assert with_absolute_links(edition(), "fr", text) == absolute
    assert with_absolute_links(edition(EVENT, None, None), "fr", text) == text


def test_onion_stands_in_where_there_is_no_address_on_the_web() -> None:
    urls = [page_url(edition(EVENT, *addresses), "home", "en") for addresses in ((CLEARNET, ONION), (None, ONION))]
    assert urls == [f"{CLEARNET}/en/", f"{ONION}/en/"]
    assert page_url(edition(EVENT, None, None), "home", "en") is None
