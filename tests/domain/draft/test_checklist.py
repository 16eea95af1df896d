"""The checklist before an event: each step is ticked by its own fact, and by no other."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

import pytest

from portal.domain.draft.checklist import Mark, Step, Task, tasks
from portal.domain.edition.edition import Addresses, Edition
from portal.domain.event.event import Mirror
from tests.factories.stores import EVENT

FIRST: Final = Edition(1, datetime(2026, 11, 1, tzinfo=UTC), "", Addresses("https://event.example"), EVENT)
MIRRORED: Final = replace(EVENT, mirrors=(Mirror("copy", "A copy", "A friend", ("https://copy.example",)),))
ONION: Final = Addresses(onion="http://" + "a" * 56 + ".onion")

FACTS: Final[dict[str, tuple[frozenset[Mark], Edition, bool, set[Step]]]] = {
    "nothing, at first": (frozenset(), FIRST, False, set()),
    "a passphrase that one chose, and texts of one’s own": (frozenset(), FIRST, True, {Step.PASSPHRASE, Step.TEXTS}),
    "the facts, once confirmed": (frozenset({Mark.EVENT_CHECKED}), FIRST, False, {Step.EVENT}),
    "the rules, once kept": (frozenset({Mark.RULES_KEPT}), FIRST, False, {Step.CAPACITY}),
    "an edition beyond the first": (frozenset(), replace(FIRST, number=2), False, {Step.PUBLISH}),
    "an onion address in force": (frozenset(), replace(FIRST, addresses=ONION), False, {Step.ONION}),
    "a copy in force": (frozenset(), replace(FIRST, event=MIRRORED), False, {Step.MIRRORS}),
    "nothing by putting the list away": (frozenset({Mark.PUT_AWAY}), FIRST, False, set()),
    "all of it": (frozenset(Mark), replace(FIRST, number=2, addresses=ONION, event=MIRRORED), True, set(Step)),
}


@pytest.mark.parametrize("case", FACTS)
def test_tasks_that_are_done_are(case: str) -> None:
    marks, edition, is_own, done = FACTS[case]
    assert tasks(marks, edition, is_own, is_own) == tuple(Task(step, step in done) for step in Step)
