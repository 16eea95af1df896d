"""The contract of the draft and the editions, on every backend."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest

from portal.domain.edition.changes import changes
from portal.domain.edition.edition import Addresses, Draft, Edition, HistoryEntry, OutdatedText
from portal.domain.errors import (
    AnnouncementsFull,
    DataExists,
    DataMissing,
    DraftChanged,
    EventFileError,
    NothingToPublish,
)
from portal.domain.event.event import Announcement, Colours
from portal.domain.language import Text
from portal.domain.limits import ANNOUNCEMENTS
from portal.storage.contract import Store
from tests.factories.sample import FINGERPRINT
from tests.factories.stores import EVENT

pytestmark = pytest.mark.anyio

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
ONION = Addresses(onion="http://" + "a" * 56 + ".onion")
LATER: Final = NOON + timedelta(hours=1)
RENAMED = replace(EVENT, name=Text("Autre nom", "Other name"))


async def test_initialise_keeps_the_event_as_the_first_draft(empty_store: Store) -> None:
    assert await empty_store.initialise(EVENT) == Draft(1, EVENT)
    assert await empty_store.draft() == Draft(1, EVENT)
    assert (await empty_store.edition(), await empty_store.editions()) == (None, ())


async def test_initialise_never_replaces_an_event(store: Store) -> None:
    with pytest.raises(DataExists):
        await store.initialise(RENAMED)
    assert await store.draft() == Draft(1, EVENT)


async def test_initialise_twice_at_once_keeps_one_event(empty_store: Store) -> None:
    answers = await asyncio.gather(
        *(empty_store.initialise(event) for event in (EVENT, RENAMED)), return_exceptions=True
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["DataExists", "Draft"]
    assert await empty_store.draft() in answers


async def test_draft_is_missing_before_the_first(empty_store: Store) -> None:
    with pytest.raises(DataMissing):
        await empty_store.draft()


async def test_save_draft_follows_the_revision_it_started_from(store: Store) -> None:
    assert await store.save_draft(RENAMED, 1) == Draft(2, RENAMED)
    assert await store.draft() == Draft(2, RENAMED)


async def test_uid_of_an_event_is_kept_until_another_one_is_given(store: Store) -> None:
    ours, theirs = (replace(RENAMED, uid=uid) for uid in ("3f0b", "81d2"))
    await store.save_draft(ours, 1)
    assert await store.save_draft(RENAMED, 2) == Draft(3, ours)
    assert await store.save_draft(theirs, 3) == Draft(4, theirs)


async def test_save_draft_keeps_what_is_out_of_date_until_it_is_confirmed(store: Store) -> None:
    event = replace(EVENT, name=Text("Autre nom", EVENT.name["en"]))
    mark = OutdatedText("event", "", "name", "en")
    assert await store.save_draft(event, 1) == Draft(2, event, (mark,))
    assert await store.draft() == Draft(2, event, (mark,))
    announcement = Announcement("metro", Text("Grève"), Text(), NOON)
    await store.publish(2, "", Addresses(), NOON)
    await store.announce(announcement, "", Addresses(), LATER)
    announced = replace(event, announcements=(announcement,))
    assert await store.draft() == Draft(3, announced, (mark,))
    assert await store.save_draft(announced, 3, [mark]) == Draft(4, announced)


async def test_save_draft_refuses_to_overwrite_another_organiser(store: Store) -> None:
    await store.save_draft(RENAMED, 1)
    for revision in (0, 1, 3):
        with pytest.raises(DraftChanged):
            await store.save_draft(EVENT, revision)
    assert await store.draft() == Draft(2, RENAMED)


async def test_save_draft_twice_at_once_keeps_one(store: Store) -> None:
    answers = await asyncio.gather(
        store.save_draft(RENAMED, 1), store.save_draft(replace(EVENT, zone="UTC"), 1), return_exceptions=True
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["Draft", "DraftChanged"]
    assert await store.draft() in answers


async def test_save_draft_refuses_what_could_not_be_read_back(store: Store) -> None:
    with pytest.raises(EventFileError):
        await store.save_draft(replace(EVENT, colours=Colours("red", "black", "white")), 1)
    assert await store.draft() == Draft(1, EVENT)


async def test_publish_freezes_the_draft_as_the_next_edition(store: Store) -> None:
    first = await store.publish(1, "Le programme", Addresses(), NOON)
    step = HistoryEntry(1, NOON, "Le programme")
    assert first == Edition(1, NOON, "Le programme", Addresses(), EVENT, (step,))
    await store.save_draft(RENAMED, 1)
    assert await store.edition() == first
    second = await store.publish(2, "Nouveau nom", ONION, LATER)
    next_step = HistoryEntry(2, LATER, "Nouveau nom", changes(EVENT, RENAMED))
    assert second == Edition(2, LATER, "Nouveau nom", ONION, RENAMED, (next_step, step))
    assert await store.edition() == second
    assert await store.editions() == (second, first)


async def test_publish_leaves_the_draft_as_it_is(store: Store) -> None:
    await store.publish(1, "", Addresses(), NOON)
    assert await store.draft() == Draft(1, EVENT)


async def test_publish_refuses_a_draft_that_another_organiser_changed(store: Store) -> None:
    await store.save_draft(RENAMED, 1)
    with pytest.raises(DraftChanged):
        await store.publish(1, "", Addresses(), NOON)
    assert await store.edition() is None


async def test_publish_refuses_the_edition_in_force(store: Store) -> None:
    first = await store.publish(1, "", Addresses(), NOON)
    with pytest.raises(NothingToPublish):
        await store.publish(1, "again", Addresses(), NOON + timedelta(hours=1))
    assert await store.editions() == (first,)


async def test_publish_takes_new_addresses_alone(store: Store) -> None:
    await store.publish(1, "", Addresses(), NOON)
    assert (await store.publish(1, "", ONION, NOON)).number == 2


async def test_publish_takes_a_new_fingerprint_alone(store: Store) -> None:
    known = replace(ONION, fingerprint=FINGERPRINT)
    await store.publish(1, "", ONION, NOON)
    assert (await store.publish(1, "", known, NOON)).addresses == known
    with pytest.raises(NothingToPublish):
        await store.publish(1, "", known, NOON)


async def test_editions_are_in_the_order_of_their_numbers(store: Store) -> None:
    for number in range(1, 12):
        await store.publish(1, "", Addresses(clearnet=f"https://{number}.example"), NOON)
    assert [edition.number for edition in await store.editions()] == list(range(11, 0, -1))


NEWS: Final = Announcement("metro", Text("Grève", "Strike"), Text("Venez à vélo."), NOON)
ANNOUNCED: Final = replace(EVENT, announcements=(NEWS,))
FIRST: Final = HistoryEntry(1, NOON, "")
STRIKE: Final = HistoryEntry(2, LATER, "Strike", changes(EVENT, ANNOUNCED))


async def test_announcement_is_an_edition_of_its_own_and_leaves_the_draft_for_later(store: Store) -> None:
    await store.publish(1, "", ONION, NOON)
    await store.save_draft(RENAMED, 1)
    announced = await store.announce(NEWS, "Strike", ONION, LATER)
    assert announced == Edition(2, LATER, "Strike", ONION, ANNOUNCED, (STRIKE, FIRST))
    both = replace(RENAMED, announcements=(NEWS,))
    assert await store.draft() == Draft(3, both)
    step = HistoryEntry(3, LATER, "A name", changes(ANNOUNCED, both))
    assert await store.publish(3, "A name", ONION, LATER) == Edition(
        3, LATER, "A name", ONION, both, (step, STRIKE, FIRST)
    )


async def test_announcement_is_published_once(store: Store) -> None:
    await store.publish(1, "", ONION, NOON)
    answers = await asyncio.gather(*(store.announce(NEWS, "Strike", ONION, LATER) for _ in range(3)))
    assert sorted(answers, key=bool) == [None, None, Edition(2, LATER, "Strike", ONION, ANNOUNCED, (STRIKE, FIRST))]
    assert (await store.draft(), len(await store.editions())) == (Draft(2, ANNOUNCED), 2)


async def test_announcement_is_withdrawn_as_it_was_published(store: Store) -> None:
    await store.publish(1, "", ONION, NOON)
    await store.announce(NEWS, "Strike", ONION, LATER)
    withdrawn = await store.withdraw_announcement("metro", "It is over", ONION, LATER)
    step = HistoryEntry(3, LATER, "It is over", changes(ANNOUNCED, EVENT))
    assert withdrawn == Edition(3, LATER, "It is over", ONION, EVENT, (step, STRIKE, FIRST))
    assert await store.withdraw_announcement("metro", "It is over", ONION, LATER) is None
    assert await store.draft() == Draft(3, EVENT)


async def test_announcements_are_not_without_number(store: Store) -> None:
    await store.publish(1, "", ONION, NOON)
    for number in range(ANNOUNCEMENTS):
        await store.announce(replace(NEWS, id=f"news-{number}"), "News", ONION, NOON)
    with pytest.raises(AnnouncementsFull):
        await store.announce(NEWS, "One more", ONION, NOON)
    assert len(await store.editions()) == 1 + ANNOUNCEMENTS


async def test_nothing_is_announced_before_the_first_edition(store: Store) -> None:
    with pytest.raises(DataMissing):
        await store.announce(NEWS, "Strike", ONION, NOON)
    assert await store.draft() == Draft(1, EVENT)


async def test_edition_is_found_by_its_number_as_it_was(store: Store) -> None:
    first = await store.publish(1, "First", ONION, NOON)
    draft = await store.save_draft(RENAMED, 1)
    second = await store.publish(draft.revision, "Renamed", ONION, LATER)
    assert [await store.edition_numbered(number) for number in (0, 1, 2, 3)] == [None, first, second, None]
