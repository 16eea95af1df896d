"""The contract of the organisers' list, on every backend."""

from random import Random

import pytest

from portal.domain.draft.checklist import Mark
from portal.domain.registration.registration import Policy
from portal.storage.contract import Store
from tests.factories.stores import TODAY

pytestmark = pytest.mark.anyio


async def test_marks_are_none_at_first(store: Store) -> None:
    assert await store.marks() == frozenset()


async def test_mark_is_set_and_cleared_once(store: Store) -> None:
    assert [await store.mark(Mark.PUT_AWAY), await store.mark(Mark.PUT_AWAY)] == [True, False]
    assert await store.mark(Mark.EVENT_CHECKED)
    assert await store.marks() == {Mark.PUT_AWAY, Mark.EVENT_CHECKED}
    assert [await store.mark(Mark.PUT_AWAY, False), await store.mark(Mark.PUT_AWAY, False)] == [True, False]
    assert await store.marks() == {Mark.EVENT_CHECKED}


async def test_rules_are_marked_once_they_were_kept(store: Store) -> None:
    await store.set_policy(Policy(), Random(1))
    assert await store.marks() == {Mark.RULES_KEPT}


async def test_marks_outlive_the_registrations(store: Store) -> None:
    await store.mark(Mark.EVENT_CHECKED)
    await store.erase_all_registrations(TODAY)
    assert await store.marks() == {Mark.EVENT_CHECKED}
