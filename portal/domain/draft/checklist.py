"""The checklist before an event: each step is ticked by a stored fact, and by nothing else."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum

from portal.domain.edition.edition import Edition


class Mark(StrEnum):
    """A mark on the checklist, which the store keeps for all organisers together."""

    EVENT_CHECKED = "event checked"
    RULES_KEPT = "rules kept"
    PUT_AWAY = "put away"


class Step(StrEnum):
    """A step of the list, in its order."""

    PASSPHRASE = "passphrase"  # noqa: S105 - a word of the list, no secret
    EVENT = "event"
    TEXTS = "texts"
    CAPACITY = "capacity"
    PUBLISH = "publish"
    ONION = "onion"
    MIRRORS = "mirrors"


@dataclass(frozen=True, slots=True)
class Task:
    """A step of the checklist, done or not."""

    step: Step
    is_done: bool


def tasks(
    marks: AbstractSet[Mark], edition: Edition, has_own_passphrase: bool, has_own_texts: bool
) -> tuple[Task, ...]:
    """Return every step, for an organiser who `has_own_passphrase` or not, with the `edition` in force.

    It `has_own_texts` where none came with the portal.
    """
    done = {
        Step.PASSPHRASE: has_own_passphrase,
        Step.EVENT: Mark.EVENT_CHECKED in marks,
        Step.TEXTS: has_own_texts,
        Step.CAPACITY: Mark.RULES_KEPT in marks,
        Step.PUBLISH: edition.number > 1,
        Step.ONION: edition.addresses.onion is not None,
        Step.MIRRORS: bool(edition.event.mirrors),
    }
    return tuple(Task(step, done[step]) for step in Step)
