"""Speakers that an import adds to an event."""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from typing import Final

from portal.domain.event.event import Speaker
from portal.domain.language import Text
from portal.domain.programme_import.part_plan import merged_speakers
from portal.domain.programme_import.programme import ImportedPerson, ImportedSession, Remarks

START: Final = datetime(2027, 6, 12, 9, 30)  # noqa: DTZ001 -- by the clocks of the event


class CountedIds(Collection[str]):
    """Ids that are taken, and how many times they were gone through."""

    def __init__(self, *ids: str) -> None:
        self.ids = ids
        self.rounds = 0

    def __iter__(self) -> Iterator[str]:
        self.rounds += 1
        return iter(self.ids)

    def __contains__(self, id: object) -> bool:
        return id in self.ids

    def __len__(self) -> int:
        return len(self.ids)


def test_ids_that_are_taken_are_gone_through_once_for_all_speakers() -> None:
    taken = CountedIds("ada", "speaker")
    persons = tuple(ImportedPerson(name, name) for name in ("Ada", "Bo", "李", "王"))
    session = ImportedSession("Alpha", START, START + timedelta(hours=1), persons=persons)
    overlay = [Speaker("bo", "Bo"), Speaker("ada", "Cy")]
    assert merged_speakers((Speaker("dan", "Dan"),), [session], "en", taken, Remarks(), overlay) == (
        Speaker("dan", "Dan"),
        Speaker("bo", "Bo", Text(en="Bo")),
        Speaker("ada-2", "Cy"),
        Speaker("ada-3", "Ada", Text(en="Ada")),
        Speaker("speaker-2", "李", Text(en="李")),
        Speaker("speaker-3", "王", Text(en="王")),
    )
    assert taken.rounds == 1
