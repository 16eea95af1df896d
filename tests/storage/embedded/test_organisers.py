"""The contract of the organisers, on every backend."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest

from portal.domain.organisers.organiser import Organiser, SetUpCode, SignIn, expiry
from portal.domain.organisers.organiser_errors import LastOrganiser, LastReader, NoLongerOrganiser, NoLongerReader
from portal.storage.contract import Store

pytestmark = pytest.mark.anyio

NOW: Final = datetime(2026, 11, 23, 12, 0, 10, tzinfo=UTC)
LOUISE: Final = Organiser("Louise", "$argon2id$louise")
SACHA: Final = Organiser("Sacha", "$argon2id$sacha")
READER: Final = replace(LOUISE, public_key="her key", wrapped_key="wrapped for her key")
HE_READS: Final = replace(SACHA, public_key="his key", wrapped_key="wrapped for his key")
HERS: Final = tuple(SignIn(f"{n}" * 64, "Louise", NOW, NOW) for n in range(3))
HIS: Final = SignIn("9" * 64, "Sacha", NOW, NOW)


async def open_all(store: Store) -> None:
    """Two organisers, the first in three browsers, each with a set-up code to give."""
    for organiser in (LOUISE, SACHA):
        await store.add_organiser(organiser)
        await store.give_set_up_code(
            SetUpCode(f"{organiser.name}", f"a friend of {organiser.name}", organiser.name, expiry(NOW)), NOW
        )
    for sign_in in HERS:
        await store.open_sign_in(sign_in, LOUISE)
    await store.open_sign_in(HIS, SACHA)


async def open_ones(store: Store) -> set[str]:
    """Return the ids of the sign-ins that are open."""
    return {each.id for each in (*HERS, HIS) if await store.sign_in(each.id, NOW)}


async def test_organiser_is_found_by_name(store: Store) -> None:
    assert await store.add_organiser(LOUISE)
    assert await store.organiser("Louise") == LOUISE
    assert await store.organiser("louise") is None


async def test_organiser_whose_name_is_taken_changes_nothing(store: Store) -> None:
    await store.add_organiser(LOUISE)
    assert not await store.add_organiser(replace(LOUISE, passphrase_hash="$argon2id$other"))
    assert await store.organiser("Louise") == LOUISE


async def test_organiser_added_twice_at_once_is_one(store: Store) -> None:
    answers = await asyncio.gather(*(store.add_organiser(replace(LOUISE, passphrase_hash=f"{n}")) for n in range(4)))
    assert sorted(answers) == [False, False, False, True]


async def test_organisers_are_in_alphabetical_order(store: Store) -> None:
    for name in ("Zoé", "élise", "Émile", "eva", "Ada", "ada"):
        await store.add_organiser(Organiser(name, ""))
    assert await store.organisers() == ("Ada", "ada", "élise", "Émile", "eva", "Zoé")


async def test_changed_passphrase_is_kept_and_ends_every_other_sign_in_of_its_organiser(store: Store) -> None:
    await open_all(store)
    changed = replace(READER, passphrase_hash="$argon2id$new", has_own_passphrase=True)
    assert await store.change_passphrase(changed, LOUISE.passphrase_hash, HERS[1].id)
    assert (await store.organiser("Louise"), await open_ones(store)) == (changed, {HERS[1].id, HIS.id})
    assert len(await store.set_up_codes(NOW)) == 2


async def test_passphrase_that_was_changed_in_the_meantime_is_not_changed_back(store: Store) -> None:
    await open_all(store)
    assert not await store.change_passphrase(replace(LOUISE, passphrase_hash="$argon2id$new"), "$argon2id$older")
    assert not await store.change_passphrase(Organiser("Nobody", ""))
    assert (await store.organiser("Louise"), len(await open_ones(store))) == (LOUISE, 4)


async def test_reset_passphrase_ends_every_sign_in_of_its_organiser(store: Store) -> None:
    await open_all(store)
    assert await store.change_passphrase(replace(LOUISE, passphrase_hash="$argon2id$new"))
    assert await open_ones(store) == {HIS.id}


async def test_removed_organiser_takes_their_sign_ins_and_the_codes_they_gave_along(store: Store) -> None:
    await open_all(store)
    assert await store.remove_organiser("Louise", by="Sacha")
    assert (await store.organisers(), await store.organiser("Louise")) == (("Sacha",), None)
    assert await open_ones(store) == {HIS.id}
    assert [code.name for code in await store.set_up_codes(NOW)] == ["a friend of Sacha"]


async def test_organiser_may_leave_while_another_stays(store: Store) -> None:
    await open_all(store)
    assert await store.remove_organiser("Louise", by="Louise")
    with pytest.raises(LastOrganiser, match="“Sacha” is the only organiser"):
        await store.remove_organiser("Sacha", by="Sacha")
    assert (await store.organisers(), await open_ones(store)) == (("Sacha",), {HIS.id})


async def test_organiser_who_is_not_there_is_not_removed(store: Store) -> None:
    await open_all(store)
    assert not await store.remove_organiser("Nobody", by="Sacha")
    assert await store.organisers() == ("Louise", "Sacha")


async def test_removed_organiser_removes_nobody(store: Store) -> None:
    await open_all(store)
    await store.add_organiser(Organiser("Alix", ""))
    await store.remove_organiser("Louise")
    with pytest.raises(NoLongerOrganiser):
        await store.remove_organiser("Sacha", by="Louise")
    assert await store.organisers() == ("Alix", "Sacha")


@pytest.mark.parametrize("others", [(), ("Alix",)], ids=["the last two", "two of three"])
async def test_two_who_remove_each_other_at_once_do_not_both_go(store: Store, others: tuple[str, ...]) -> None:
    await open_all(store)
    for name in others:
        await store.add_organiser(Organiser(name, ""))
    answers = await asyncio.gather(
        store.remove_organiser("Sacha", by="Louise"),
        store.remove_organiser("Louise", by="Sacha"),
        return_exceptions=True,
    )
    assert (answers[0], type(answers[1])) == (True, NoLongerOrganiser)
    assert await store.organisers() == (*others, "Louise")


async def test_onion_key_is_kept_for_an_organiser_and_for_one_to_be(store: Store) -> None:
    await open_all(store)
    assert await store.set_onion_key("Louise", "L" * 52)
    assert await store.set_onion_key("a friend of Sacha", "F" * 52)
    assert not await store.set_onion_key("Nobody", "N" * 52)
    assert await store.onion_keys(NOW) == ("F" * 52, "L" * 52)
    assert await store.use_set_up_code("Sacha", Organiser("a friend of Sacha", "$argon2id$"), NOW)
    made = await store.organiser("a friend of Sacha")
    assert made is not None
    assert (made.onion_key, await store.onion_keys(NOW)) == ("F" * 52, ("F" * 52, "L" * 52))


async def test_onion_key_outlives_a_passphrase_and_goes_with_its_organiser(store: Store) -> None:
    await open_all(store)
    for key in ("K" * 52, "L" * 52):
        await store.set_onion_key("Louise", key)
    await store.change_passphrase(Organiser("Louise", "$argon2id$new"))
    assert await store.onion_keys(NOW) == ("L" * 52,)
    await store.remove_organiser("Louise")
    assert await store.onion_keys(NOW) == ()


async def test_onion_key_of_one_to_be_goes_with_their_code(store: Store) -> None:
    await open_all(store)
    await store.set_onion_key("a friend of Sacha", "F" * 52)
    assert await store.onion_keys(NOW + timedelta(hours=24)) == ()
    await store.withdraw_set_up_code("a friend of Sacha")
    assert await store.onion_keys(NOW) == ()


async def test_sealing_key_is_the_latest_while_nobody_can_read(store: Store) -> None:
    assert await store.sealing_key() is None
    assert await store.renew_sealing_key("a first key")
    await store.add_organiser(SACHA)
    assert await store.renew_sealing_key("a second key")
    assert await store.sealing_key() == "a second key"


async def test_sealing_key_stays_while_somebody_can_read_what_was_sealed_to_it(store: Store) -> None:
    await store.renew_sealing_key("a first key")
    await store.add_organiser(READER)
    assert not await store.renew_sealing_key("a second key")
    assert (await store.sealing_key(), await store.organiser("Louise")) == ("a first key", READER)


async def test_another_sealing_key_leaves_no_wrap_of_the_one_before(store: Store) -> None:
    await store.add_organiser(READER)
    await store.add_organiser(replace(SACHA, public_key="his key"))
    code = SetUpCode("c" * 64, "Noa", "Louise", expiry(NOW), wrapped_key="wrapped for the code")
    sign_in = replace(HERS[0], wrapped_key="wrapped for the cookie")
    await store.give_set_up_code(code, NOW)
    await store.open_sign_in(sign_in, READER)
    lost = replace(READER, passphrase_hash="$argon2id$new", wrapped_key="")
    assert await store.change_passphrase(lost, keep=sign_in.id, loses_readers=True)
    assert await store.renew_sealing_key("a second key")
    assert await store.set_up_codes(NOW) == (replace(code, wrapped_key=""),)
    assert await store.sign_ins("Louise", NOW) == (replace(sign_in, wrapped_key=""),)


async def test_readers_are_those_for_whom_the_key_is_wrapped(store: Store) -> None:
    for name in ("zoé", "Émile", "ada"):
        await store.add_organiser(replace(READER, name=name))
    await store.add_organiser(SACHA)
    assert await store.readers() == ("ada", "Émile", "zoé")


async def test_reader_lets_another_read(store: Store) -> None:
    await store.add_organiser(READER)
    await store.add_organiser(replace(SACHA, public_key="his key"))
    await store.set_onion_key("Sacha", "S" * 52)
    assert await store.give_wrapped_key(HE_READS, by="Louise")
    assert await store.organiser("Sacha") == replace(HE_READS, onion_key="S" * 52)


TOO_LATE: Final = {
    "their passphrase was changed": replace(HE_READS, public_key="a key of before"),
    "they were removed": replace(HE_READS, name="Nobody"),
    "they can read already": replace(READER, wrapped_key="wrapped once more"),
}


@pytest.mark.parametrize("reader", TOO_LATE.values(), ids=TOO_LATE)
async def test_wrap_that_comes_too_late_changes_nothing(store: Store, reader: Organiser) -> None:
    await store.add_organiser(READER)
    await store.add_organiser(kept := replace(HE_READS, wrapped_key=""))
    assert not await store.give_wrapped_key(reader, by="Louise")
    assert [await store.organiser(each) for each in ("Louise", "Sacha", "Nobody")] == [READER, kept, None]


@pytest.mark.parametrize("by", ["Alix", "Nobody"], ids=["one who cannot read", "one who was removed"])
async def test_wrap_is_given_by_one_who_can_read(store: Store, by: str) -> None:
    await store.add_organiser(READER)
    for name in ("Sacha", "Alix"):
        await store.add_organiser(replace(HE_READS, name=name, wrapped_key=""))
    with pytest.raises(NoLongerReader):
        await store.give_wrapped_key(HE_READS, by=by)
    assert await store.readers() == ("Louise",)


async def test_another_sealing_key_comes_with_its_reader(store: Store) -> None:
    await store.renew_sealing_key("a first key")
    await store.add_organiser(replace(HE_READS, wrapped_key=""))
    for reader in (TOO_LATE["their passphrase was changed"], TOO_LATE["they were removed"]):
        assert not await store.renew_sealing_key("a second key", reader)
    assert (await store.sealing_key(), await store.readers()) == ("a first key", ())
    assert await store.renew_sealing_key("a second key", HE_READS)
    assert (await store.sealing_key(), await store.organiser("Sacha")) == ("a second key", HE_READS)


async def test_last_reader_goes_only_when_it_is_meant(store: Store) -> None:
    await store.add_organiser(READER)
    await store.add_organiser(SACHA)
    with pytest.raises(LastReader, match="“Louise” is the only organiser who can read"):
        await store.remove_organiser("Louise", by="Sacha")
    with pytest.raises(LastReader):
        await store.change_passphrase(replace(LOUISE, passphrase_hash="$argon2id$new"))
    assert (await store.organiser("Louise"), await store.readers()) == (READER, ("Louise",))
    assert await store.remove_organiser("Louise", by="Sacha", loses_readers=True)
    assert (await store.organisers(), await store.readers()) == (("Sacha",), ())


async def test_two_readers_who_remove_each_other_at_once_leave_one(store: Store) -> None:
    for name in ("Alix", "Louise", "Sacha"):
        await store.add_organiser(replace(READER, name=name, wrapped_key="" if name == "Alix" else "wrapped"))
    answers = await asyncio.gather(
        *(store.remove_organiser(name) for name in ("Louise", "Sacha")), return_exceptions=True
    )
    assert (answers[0], type(answers[1]), await store.readers()) == (True, LastReader, ("Sacha",))
