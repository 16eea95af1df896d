"""Passphrase hashes: what matches, and which have been outgrown."""

from typing import Final

import pytest

from portal.domain.hashing import argon2id, is_outgrown, matches

NOW: Final = argon2id(memory_kib=128, passes=2)
GROWTH: Final[dict[str, tuple[int, int, bool]]] = {
    "made as now": (128, 2, False),
    "made with less memory": (64, 2, True),
    "made with fewer passes": (128, 1, True),
    "made with less memory and more passes": (64, 3, True),
    "made with more of both": (256, 3, False),
}


@pytest.mark.parametrize(("memory_kib", "passes", "outgrown"), GROWTH.values(), ids=GROWTH.keys())
def test_hash_is_outgrown_when_one_made_now_costs_more(memory_kib: int, passes: int, outgrown: bool) -> None:
    made = argon2id(memory_kib=memory_kib, passes=passes).hash("blanc cheval lune")
    assert (matches(NOW, made, "blanc cheval lune"), is_outgrown(NOW, made)) == (True, outgrown)


@pytest.mark.parametrize("kept", ["", "blanc cheval lune", "$argon2id$v=19$m=64,t=1,p=1$AAAA"])
def test_what_is_no_hash_matches_nothing(kept: str) -> None:
    assert not matches(NOW, kept, "blanc cheval lune")
