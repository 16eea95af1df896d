"""Changes of the addresses and of the fingerprint, in words."""

import pytest

from portal.domain.edition.changes import address_changes
from portal.domain.edition.edition import Addresses
from portal.site.catalogue import translated
from tests.factories.sample import CLEARNET, FINGERPRINT, ONION

ALL = Addresses(CLEARNET, ONION, FINGERPRINT)
GROUPS = "569983e4 4ba5a832 d344d966 4f615dfc 4baf36ed 515604b7 5c76ac00 216a4660"

CHANGES: dict[str, tuple[Addresses, Addresses, list[str]]] = {
    "nothing": (ALL, ALL, []),
    "everything for the first time": (
        Addresses(),
        ALL,
        [f"The addresses of the portal: {ONION}, {CLEARNET}", f"The fingerprint on the pages: {GROUPS}"],
    ),
    "an onion beside what was there": (
        Addresses(CLEARNET, None, FINGERPRINT),
        ALL,
        [f"The addresses of the portal: {ONION}, {CLEARNET}"],
    ),
    "an onion that is gone": (
        ALL,
        Addresses(CLEARNET, None, FINGERPRINT),
        [f"The addresses of the portal: {CLEARNET}"],
    ),
    "another fingerprint": (
        Addresses(CLEARNET, ONION, "0" * 64),
        ALL,
        [f"The fingerprint on the pages: {GROUPS}"],
    ),
    "everything taken away": (
        ALL,
        Addresses(),
        ["The portal has no public address any more.", "The pages show no fingerprint any more."],
    ),
}


@pytest.mark.parametrize(("old", "new", "words"), CHANGES.values(), ids=CHANGES.keys())
def test_change_is_told_in_words(old: Addresses, new: Addresses, words: list[str]) -> None:
    sentences = [translated("en", change.text, change.details_in("en")) for change in address_changes(old, new)]
    assert sentences == words
