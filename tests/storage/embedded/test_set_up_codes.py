"""The contract of the set-up codes that make new organisers, on every backend."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest

from portal.domain.limits import SET_UP_CODE_HOURS, SET_UP_CODES
from portal.domain.organisers.organiser import Organiser, SetUpCode, SignIn, expiry
from portal.domain.organisers.organiser_errors import (
    NoLongerOrganiser,
    OrganiserExists,
    SetUpCodePending,
    SetUpCodesFull,
)
from portal.storage.contract import Store

pytestmark = pytest.mark.anyio

NOW: Final = datetime(2026, 11, 23, 12, 0, 10, tzinfo=UTC)
LOUISE: Final = Organiser("Louise", "$argon2id$louise", public_key="her key", wrapped_key="wrapped for her key")
ALIX: Final = Organiser("Alix", "$argon2id$alix", public_key="a key of theirs")
CODE: Final = SetUpCode("a" * 64, "Sacha", "Louise", expiry(NOW), wrapped_key="wrapped for the code")
SACHA: Final = Organiser(
    "Sacha", "$argon2id$sacha", has_own_passphrase=True, public_key="his key", wrapped_key="wrapped for his key"
)
OVER: Final = NOW.replace(second=0) + timedelta(hours=SET_UP_CODE_HOURS)


@pytest.fixture(name="store")
async def store_with_a_code(store: Store) -> Store:
    """Make a store with an organiser, who gave a code."""
    await store.add_organiser(LOUISE)
    await store.give_set_up_code(CODE, NOW)
    return store


async def test_code_waits_until_its_time_is_over(store: Store) -> None:
    last = OVER - timedelta(seconds=1)
    assert (await store.set_up_code(CODE.id, last), await store.set_up_codes(last)) == (CODE, (CODE,))
    assert (await store.set_up_code(CODE.id, OVER), await store.set_up_codes(OVER)) == (None, ())
    assert await store.use_set_up_code(CODE.id, SACHA, OVER) is None
    assert await store.set_up_code("b" * 64, NOW) is None


async def test_code_makes_one_organiser_and_is_remembered_as_used(store: Store) -> None:
    assert await store.use_set_up_code(CODE.id, SACHA, NOW) == SACHA
    assert (await store.organiser("Sacha"), await store.set_up_codes(NOW)) == (SACHA, ())
    assert await store.set_up_code(CODE.id, NOW) == replace(CODE, is_used=True, wrapped_key="")
    assert await store.use_set_up_code(CODE.id, replace(SACHA, passphrase_hash="$argon2id$other"), NOW) is None
    assert await store.organiser("Sacha") == SACHA


async def test_code_used_many_times_at_once_makes_one_organiser(store: Store) -> None:
    made = await asyncio.gather(
        *(store.use_set_up_code(CODE.id, replace(SACHA, passphrase_hash=f"{n}"), NOW) for n in range(4))
    )
    assert [organiser for organiser in made if organiser is not None] == [await store.organiser("Sacha")]


async def test_code_whose_name_was_taken_in_the_meantime_makes_nobody(store: Store) -> None:
    await store.add_organiser(Organiser("Sacha", "$argon2id$other"))
    assert await store.use_set_up_code(CODE.id, SACHA, NOW) is None
    assert await store.organiser("Sacha") == Organiser("Sacha", "$argon2id$other")


async def test_code_is_given_for_a_name_that_is_free_by_one_who_is_an_organiser(store: Store) -> None:
    for code, error in (
        (replace(CODE, id="b" * 64), SetUpCodePending),
        (replace(CODE, id="b" * 64, name="Louise"), OrganiserExists),
        (replace(CODE, id="b" * 64, name="Alix", giver="Nobody"), NoLongerOrganiser),
    ):
        with pytest.raises(error):
            await store.give_set_up_code(code, NOW)
    assert await store.set_up_codes(NOW) == (CODE,)


async def test_no_more_codes_wait_than_so_many(store: Store) -> None:
    for number in range(1, SET_UP_CODES):
        await store.give_set_up_code(replace(CODE, id=f"{number:064}", name=f"{number}"), NOW)
    one_more = replace(CODE, id="b" * 64, name="Alix", expires=expiry(OVER))
    with pytest.raises(SetUpCodesFull, match=f"{SET_UP_CODES} unused set-up codes"):
        await store.give_set_up_code(one_more, NOW)
    await store.give_set_up_code(one_more, OVER)
    assert await store.set_up_codes(OVER) == (one_more,)


async def test_code_of_one_who_cannot_read_pseudonyms_gives_no_key(store: Store) -> None:
    await store.add_organiser(ALIX)
    code = SetUpCode("b" * 64, "Noa", "Alix", expiry(NOW), wrapped_key="wrapped by whom?")
    await store.give_set_up_code(code, NOW)
    assert await store.set_up_code(code.id, NOW) == replace(code, wrapped_key="")
    assert await store.use_set_up_code(code.id, replace(SACHA, name="Noa"), NOW) == replace(
        SACHA, name="Noa", wrapped_key=""
    )
    assert await store.readers() == ("Louise",)


async def test_code_makes_nobody_of_another_name(store: Store) -> None:
    assert await store.use_set_up_code(CODE.id, replace(SACHA, name="Noa"), NOW) is None
    assert (await store.organisers(), await store.set_up_codes(NOW)) == (("Louise",), (CODE,))


async def test_code_that_is_withdrawn_opens_nothing(store: Store) -> None:
    assert await store.withdraw_set_up_code("Sacha")
    assert (await store.set_up_code(CODE.id, NOW), await store.use_set_up_code(CODE.id, SACHA, NOW)) == (None, None)
    assert not await store.withdraw_set_up_code("Sacha")


async def test_code_that_was_used_cannot_be_withdrawn(store: Store) -> None:
    await store.use_set_up_code(CODE.id, SACHA, NOW)
    assert not await store.withdraw_set_up_code("Sacha")
    assert await store.organiser("Sacha") == SACHA


async def test_code_is_gone_with_its_giver_and_with_whom_it_made(store: Store) -> None:
    await store.use_set_up_code(CODE.id, SACHA, NOW)
    await store.give_set_up_code(SetUpCode("b" * 64, "Alix", "Sacha", expiry(NOW)), NOW)
    await store.remove_organiser("Sacha", by="Louise")
    assert [await store.set_up_code(letter * 64, NOW) for letter in "ab"] == [None, None]


async def test_code_of_one_who_is_removed_at_the_same_time_does_not_outlive_them(store: Store) -> None:
    await store.use_set_up_code(CODE.id, SACHA, NOW)
    code = SetUpCode("b" * 64, "Alix", "Sacha", expiry(NOW))
    await asyncio.gather(store.remove_organiser("Sacha"), store.give_set_up_code(code, NOW), return_exceptions=True)
    assert await store.set_up_code(code.id, NOW) is None


async def test_codes_that_ran_out_are_swept_out_by_the_next_sign_in(store: Store) -> None:
    await store.open_sign_in(SignIn("5" * 64, "Louise", OVER, OVER), LOUISE)
    assert await store.set_up_code(CODE.id, NOW) is None
