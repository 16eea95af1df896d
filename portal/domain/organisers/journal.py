"""The journal of the organisers' actions. It never says anything about a person who registered."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """On `day`, in the event's zone, `organiser` did `action`, a gettext message with `details` for its places.

    An empty `organiser` is the portal itself, acting at a time that an organiser had set. `reason` is in plain text; it
    may be empty.
    """

    day: date
    organiser: str
    action: str
    details: tuple[tuple[str, str], ...] = ()
    reason: str = ""
