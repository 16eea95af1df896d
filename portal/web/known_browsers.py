"""The browsers in which an organiser was signed in not long ago: no flood of strangers keeps these out."""

from portal.domain.limits import FAMILIAR_BROWSERS
from portal.web.bounded_map import BoundedMap


class KnownBrowsers:
    """Whose sign-in a browser holds, by what the store knows of its cookie, when that sign-in merely ran out.

    One that was ended, by whomever, is to be forgotten. All of it is in the memory of this process, FAMILIAR_BROWSERS
    at the most: the one that has shown nothing for the longest is forgotten first.
    """

    def __init__(self, most: int = FAMILIAR_BROWSERS) -> None:
        self._organisers = BoundedMap[str, str](most)

    def __len__(self) -> int:
        """How many are remembered."""
        return len(self._organisers)

    def remember(self, id: str, organiser: str) -> None:
        """The sign-in with this stored id is the organiser's, and alive."""
        self._organisers[id] = organiser

    def knows(self, id: str | None, organiser: str) -> bool:
        """Whether the sign-in with this stored id was the organiser's, and has not been ended."""
        return id is not None and self._organisers.get(id) == organiser

    def forget(self, id: str) -> None:
        """The sign-in with this stored id has been ended."""
        self._organisers.pop(id, None)

    def forget_organiser(self, organiser: str, keep: str = "") -> None:
        """Every sign-in of the organiser has been ended but the one with the stored id `keep`."""
        for id in [id for id, whose in self._organisers.items() if whose == organiser and id != keep]:
            del self._organisers[id]
