"""Browsers in which an organiser was signed in not long ago: no flood of strangers keeps these out."""

from portal.domain.limits import FAMILIAR_BROWSERS
from portal.web.bounded_map import BoundedMap


class KnownBrowsers:
    """Mapping of the stored id of a sign-in to its organiser, which outlasts a sign-in that merely expired.

    A sign-in that was ended is to be forgotten. Kept in memory, at most FAMILIAR_BROWSERS: the sign-in that was not
    seen for the longest time is forgotten first.
    """

    def __init__(self, most: int = FAMILIAR_BROWSERS) -> None:
        self._organisers = BoundedMap[str, str](most)

    def __len__(self) -> int:
        """Count the sign-ins that are remembered."""
        return len(self._organisers)

    def remember(self, id: str, organiser: str) -> None:
        """Remember a live sign-in of `organiser`, by its stored id."""
        self._organisers[id] = organiser

    def knows(self, id: str | None, organiser: str) -> bool:
        """Return whether the sign-in with this stored id was of `organiser`, and has not been ended."""
        return id is not None and self._organisers.get(id) == organiser

    def forget(self, id: str) -> None:
        """Forget a sign-in that has been ended, by its stored id."""
        self._organisers.pop(id, None)

    def forget_organiser(self, organiser: str, keep: str = "") -> None:
        """Forget every sign-in of `organiser` but that with the stored id `keep`."""
        for id in [id for id, whose in self._organisers.items() if whose == organiser and id != keep]:
            del self._organisers[id]
