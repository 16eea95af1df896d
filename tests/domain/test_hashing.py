"""Passphrase hashes: what matches, and which have been outgrown."""

from typing import Final

import pytest

from portal.domain.hashing import argon2id, is_outgrown, matches, rest_of_work

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


REST: Final[dict[str, tuple[int, int, tuple[int, int] | None]]] = {
    "made as now": (65_536, 3, None),
    "made with less memory": (16_384, 3, (49_152, 3)),
    "made with fewer passes": (65_536, 2, (21_846, 3)),
    "made with less memory and more passes": (32_768, 4, (21_846, 3)),
    "made with more of both": (131_072, 4, None),
    "made with next to nothing less": (65_530, 3, None),
}


@pytest.mark.parametrize(("memory_kib", "passes", "rest"), REST.values(), ids=REST.keys())
def test_rest_of_the_work_is_what_a_hash_made_now_takes_longer(
    memory_kib: int, passes: int, rest: tuple[int, int] | None
) -> None:
    made = f"$argon2id$v=19$m={memory_kib},t={passes},p=1$c2FsdHNhbHQ$aGFzaGhhc2hoYXNoaGFzaA"
    left = rest_of_work(argon2id(memory_kib=65_536, passes=3), made)
    assert (None if left is None else (left.memory_cost, left.time_cost)) == rest


def test_rest_of_the_work_of_what_is_no_hash_is_all_of_it() -> None:
    left = rest_of_work(NOW, "no hash")
    assert left is not None
    assert (left.memory_cost, left.time_cost) == (128, 2)
