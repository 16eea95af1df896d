"""Announcements that come to their end: withdrawn by the running portal, at their minute, whatever else goes wrong."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Final

import pytest

from portal.domain.edition.changes import changes
from portal.domain.edition.edition import Addresses, Edition
from portal.domain.errors import StorageError
from portal.domain.event.event import Announcement
from portal.domain.language import Text
from portal.domain.organisers.organiser import JournalEntry
from portal.origin.announcement_end import withdraw_when_ended
from portal.routes.current_edition import CurrentEdition
from portal.storage.embedded.store import EmbeddedStore
from tests.factories.looks import messages_of_looks
from tests.factories.sample import EVENT, FINGERPRINT, ONION, news
from tests.fakes.memory_store import memory_files

pytestmark = pytest.mark.anyio

END: Final = datetime(2026, 12, 15, 17, 0, tzinfo=UTC)
PLACES: Final = Addresses(onion=ONION, fingerprint=FINGERPRINT)
ENDING: Final = replace(news(1, important=True), until=END)
LASTING: Final = news(2)
COMMENT: Final = "Annonce retirée\xa0: «\xa0Nouvelle 1\xa0»."


class Failing(EmbeddedStore):
    """A store that cannot write what it is asked to withdraw, the first time."""

    has_failed = False

    async def withdraw_announcement(
        self, id: str, comment: str, addresses: Addresses, published: datetime
    ) -> Edition | None:
        """Fail once, then do it."""
        if not self.has_failed:
            self.has_failed = True
            raise StorageError
        return await super().withdraw_announcement(id, comment, addresses, published)


async def store_with(*announcements: Announcement, kind: type[EmbeddedStore] = EmbeddedStore) -> EmbeddedStore:
    """Make a store whose edition in force has `announcements`, and whose draft is ahead of it."""
    store = kind(*memory_files())
    await store.open()
    draft = await store.initialise(replace(EVENT, announcements=announcements))
    await store.publish(draft.revision, "Première édition", PLACES, datetime(2026, 11, 1, tzinfo=UTC))
    await store.save_draft(replace(draft.event, name=Text("Autre", "Other")), draft.revision)
    return store


async def looks(store: EmbeddedStore, now: datetime) -> tuple[CurrentEdition, list[str]]:
    """Return the pages that are shown, and the messages that were given, after `LOOKS` looks at `now`."""
    edition = await store.edition()
    assert edition is not None
    current = CurrentEdition(edition, lambda _: False)
    messages = await messages_of_looks(
        lambda clock, say: withdraw_when_ended(store, current, clock, say, timedelta(0)), now
    )
    return current, messages


async def test_announcement_stays_until_its_moment() -> None:
    store = await store_with(ENDING, LASTING)
    current, messages = await looks(store, END - timedelta(seconds=1))
    assert (len(await store.editions()), await store.journal(), messages) == (1, (), [])
    assert current.renderer.edition.event.announcements == (ENDING, LASTING)


async def test_announcement_is_withdrawn_at_its_moment_as_an_edition_of_its_own() -> None:
    store = await store_with(ENDING, LASTING)
    current, messages = await looks(store, END.replace(second=41))
    edition = await store.edition()
    assert edition is not None
    assert (edition.number, edition.published, edition.comment, edition.addresses) == (2, END, COMMENT, PLACES)
    assert edition.event == replace(EVENT, announcements=(LASTING,))
    assert edition.history[0].changes == changes(replace(EVENT, announcements=(ENDING, LASTING)), edition.event)
    assert (current.renderer.edition, messages) == (edition, [])
    assert b"Nouvelle 1" not in current.shown.pages.files["/fr/"].plain.body
    assert (await store.draft()).event == replace(edition.event, name=Text("Autre", "Other"))


async def test_journal_notes_it_as_done_by_the_portal_itself() -> None:
    store = await store_with(ENDING)
    await looks(store, END)
    action = "Announcement withdrawn at its end: “%(title)s”."
    assert await store.journal() == (JournalEntry(date(2026, 12, 15), "", action, (("title", "Nouvelle 1"),)),)


async def test_those_that_ended_while_the_portal_was_down_are_withdrawn_at_its_first_look() -> None:
    store = await store_with(ENDING, replace(LASTING, until=END + timedelta(days=1)))
    current, _ = await looks(store, END + timedelta(days=30))
    assert (current.renderer.edition.event, len(await store.editions())) == (EVENT, 3)


async def test_store_that_fails_is_told_of_and_tried_again() -> None:
    store = await store_with(ENDING, kind=Failing)
    current, messages = await looks(store, END)
    assert (messages, current.renderer.edition.event) == ([StorageError.text], EVENT)
