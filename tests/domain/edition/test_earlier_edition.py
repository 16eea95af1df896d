"""An edition that an earlier portal published: the same bytes when it is read and written again, the same paths."""

from typing import Final

from portal.domain.edition.edition_file import edition_from_json, edition_to_json
from portal.domain.event.days import session_span
from portal.domain.event.event_file import problems_of
from portal.site.render import render
from tests.checkout import ROOT

FIXTURES: Final = ROOT / "tests/fixtures"
EARLIER: Final = (FIXTURES / "earlier_edition.json").read_bytes()
"""An edition as the portal wrote it before events had several days, with values that are refused since."""


def test_earlier_edition_is_written_as_it_was() -> None:
    assert edition_to_json(edition_from_json(EARLIER)) == EARLIER


def test_earlier_edition_is_not_published_again_before_it_is_in_order() -> None:
    problems = problems_of(edition_from_json(EARLIER).event)
    assert [(problem.table, problem.key, problem.id) for problem in problems] == [
        ("event", "retention_days", ""),
        ("rooms[2]", "name", "autre"),
        ("sessions[1]", "title.fr", "nuit"),
        ("sessions[1]", "start", "nuit"),
    ]


def test_every_public_path_of_an_earlier_edition_is_still_there() -> None:
    paths = (FIXTURES / "earlier_paths.txt").read_text().split()
    assert [path for path in paths if path not in render(edition_from_json(EARLIER))] == []


def test_session_at_a_time_that_no_clock_shows_keeps_its_length() -> None:
    event = edition_from_json(EARLIER).event
    span = session_span(event, event.sessions[0])
    assert (span.end - span.start).total_seconds() == 3_600
