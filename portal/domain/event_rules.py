"""Whether an event is one that can be published."""

from portal.domain.errors import Problem
from portal.domain.event import Event
from portal.domain.event_file import event_to_mapping
from portal.domain.event_tables import in_file_order, problems_of_programme, read_tables


def problems_of(event: Event) -> tuple[Problem, ...]:
    """Every fault that a file of `event` would have, in the order of that file.

    Those of a value (an empty title, two lines where one is expected, carriage returns) keep an event from being
    stored; those of the programme (an overlap, a time out of the day, a theme or room that is not there) do not.
    """
    mapping = event_to_mapping(event)
    tables = read_tables(mapping)
    return tuple(in_file_order((*tables.problems, *problems_of_programme(tables)), mapping))
