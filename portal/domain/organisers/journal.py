"""The journal: what the organisers did, for one another. It never says anything about one who registered."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """On `day`, in the event's zone, `organiser` did `action`, a gettext message with `details` for its places.

    An empty `organiser` is the portal itself, which did by the clock what an organiser had asked for. `reason` is what
    the organiser gave as one, in plain text; it may be empty.
    """

    day: date
    organiser: str
    action: str
    details: tuple[tuple[str, str], ...] = ()
    reason: str = ""
