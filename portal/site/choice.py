"""The sessions that a reader has chosen, as the address of a page holds them: `s=reseau&s=fete`."""

from dataclasses import dataclass
from typing import Final

from portal.domain.event.event import Session
from portal.domain.limits import CHOSEN_SESSIONS
from portal.site.programme import Programme, ProgrammeDay

FIELD: Final = "s"
"""Field of the form with the id of a chosen session."""
EDITED: Final = "day"
"""Field with the id of the day whose boxes are shown, or `ALL_DAYS`."""
ALL_DAYS: Final = "all"


@dataclass(frozen=True, slots=True)
class Choice:
    """The chosen `sessions` in order; `unknown` counts the others in the address, `too_many` those beyond the limit.

    `edited` are the days whose boxes are shown, none of them where the choice is only read.
    """

    sessions: tuple[Session, ...]
    unknown: int
    too_many: int
    edited: tuple[ProgrammeDay, ...]

    @property
    def ids(self) -> frozenset[str]:
        """Return the ids of the chosen sessions."""
        return frozenset(session.id for session in self.sessions)

    @property
    def query(self) -> str:
        """Return the query of the address that holds this choice."""
        return self.query_of("")

    def query_of(self, edited: str) -> str:
        """Return the same with the day to be `edited`. The ids have no characters that need an escape."""
        return "&".join((f"{EDITED}={edited}", *(f"{FIELD}={session.id}" for session in self.sessions)))

    @property
    def elsewhere(self) -> tuple[Session, ...]:
        """Return the chosen sessions of the days whose boxes are not shown."""
        shown = {session.id for day in self.edited for session in day.sessions}
        return tuple(session for session in self.sessions if session.id not in shown)


def choice_of(programme: Programme, query: str) -> Choice:
    """Return the choice in the `query` of an address; whatever it says, there are at most CHOSEN_SESSIONS."""
    fields = [field.partition("=")[::2] for field in query.split("&")]
    wanted = dict.fromkeys(value for name, value in fields if name == FIELD)
    known = programme.by_id.keys() & wanted
    kept = [id for id in wanted if id in known][:CHOSEN_SESSIONS]
    edited = next((value for name, value in fields if name == EDITED), "")
    return Choice(
        tuple(session for session in programme.sessions if session.id in set(kept)),
        len(wanted) - len(known),
        len(known) - len(kept),
        programme.days if edited == ALL_DAYS else tuple(day for day in programme.days if day.id == edited),
    )
