"""The grid of a day: its rooms side by side, its sessions as cells of a table between the lines of the clock."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby, pairwise
from typing import Final

from portal.domain.event.days import Span
from portal.domain.event.event import Room, Session, is_everywhere, is_undecided
from portal.site.programme import Programme, ProgrammeDay

STEP: Final = timedelta(minutes=5)
TALLEST_STEPS: Final = 12
"""A row is at least as tall as the time to the next, in steps, and a night is no taller than an hour."""


@dataclass(frozen=True, slots=True)
class Column:
    """A room of the grid, None for what takes place everywhere while no room is free, over so many `lanes`."""

    room: Room | None
    lanes: int


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell over so many `rows` and `columns`; without `sessions` it is empty."""

    sessions: tuple[Session, ...]
    rows: int
    columns: int


@dataclass(frozen=True, slots=True)
class Row:
    """A row of so many `steps`; `starting` is a session that starts with it, None where none does."""

    steps: int
    starting: Session | None
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """The grid of a day. Rooms without a session of their own on this day have no column."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    @property
    def width(self) -> int:
        """Return the number of all lanes."""
        return sum(column.lanes for column in self.columns)


@dataclass(frozen=True, slots=True, eq=False)
class _Block:
    """Sessions in one place: what takes place there, then what is cancelled and would have met it."""

    sessions: tuple[Session, ...]
    span: Span

    @property
    def rooms(self) -> tuple[str, ...]:
        return () if is_everywhere(self.sessions[0]) else self.sessions[0].rooms


_Fields = dict[tuple[int, int], _Block]
"""The blocks of a table by row and column, both from 0."""


def grid_of(programme: Programme, day: ProgrammeDay) -> Grid:
    """Return the grid of `day`, without the sessions whose room is not decided yet.

    Sessions that share a room stand in lanes of its column. One in several rooms spans those that are adjacent, and is
    repeated in others. What takes place everywhere spans all columns that are free then, or has a column of its own.
    """
    blocks = tuple(_blocks(programme, [session for session in day.sessions if not is_undecided(session)]))
    lines = sorted({moment for block in blocks for moment in (block.span.start, block.span.end)})
    numbers = {moment: number for number, moment in enumerate(lines)}
    columns, places = _columns(programme.event.rooms, [block for block in blocks if block.rooms])
    width, fields, rest = sum(column.lanes for column in columns), _Fields(), list[_Block]()
    for block, taken in places.items():
        _put(fields, block, taken, numbers)
    for block in blocks:
        if not block.rooms:
            rows = _rows_of(block, numbers)
            free = [column for column in range(width) if not any((row, column) in fields for row in rows)]
            _put(fields, block, free, numbers)
            rest += [] if free else [block]
    lanes, count = _stacked(rest)
    for block, lane in lanes.items():
        _put(fields, block, [width + lane], numbers)
    columns += (Column(None, count),) if rest else ()
    return Grid(columns, tuple(_rows(lines, width + count, fields)))


def _blocks(programme: Programme, sessions: Sequence[Session]) -> Iterator[_Block]:
    """Yield the sessions of each place in their order.

    What is cancelled joins the first that it would have met, and posters the others that share their room all the time.
    """
    places: dict[str, list[Session]] = {}
    for session in sorted(sessions, key=lambda session: session.cancelled):
        joins = _would_meet if session.cancelled else _stand_together
        joined = (places[each.id] for each in sessions if each.id in places and joins(programme, each, session))
        place = next(joined, None)
        if place is None:
            places[session.id] = [session]
        else:
            place.append(session)
    return (_Block(tuple(places[each.id]), programme.span(each)) for each in sessions if each.id in places)


def _would_meet(programme: Programme, session: Session, other: Session) -> bool:
    is_same_place = is_everywhere(session) or is_everywhere(other) or not set(session.rooms).isdisjoint(other.rooms)
    return is_same_place and programme.span(session).overlaps(programme.span(other))


def _stand_together(programme: Programme, session: Session, other: Session) -> bool:
    is_same = session.rooms == other.rooms and programme.span(session) == programme.span(other)
    return is_same and session.shares_room and other.shares_room


def _columns(rooms: Iterable[Room], blocks: Sequence[_Block]) -> tuple[tuple[Column, ...], dict[_Block, list[int]]]:
    """Return the columns of those `rooms` that have `blocks`, and the numbers of the lanes that each block takes."""
    columns, places, first = list[Column](), dict[_Block, list[int]](), 0
    for room in rooms:
        own = [block for block in blocks if room.id in block.rooms]
        lanes, count = _stacked(own)
        for block, lane in lanes.items():
            is_alone = not any(other.span.overlaps(block.span) for other in own if other is not block)
            places.setdefault(block, []).extend(first + each for each in (range(count) if is_alone else [lane]))
        columns += [Column(room, count)] if own else []
        first += count
    return tuple(columns), places


def _stacked(blocks: Iterable[_Block]) -> tuple[dict[_Block, int], int]:
    """Return the first free lane of each of `blocks`, which are in order, and how many lanes they take."""
    lanes, ends = dict[_Block, int](), list[datetime]()
    for block in blocks:
        lane = next((lane for lane, end in enumerate(ends) if end <= block.span.start), len(ends))
        ends[lane : lane + 1] = [block.span.end]
        lanes[block] = lane
    return lanes, len(ends)


def _put(fields: _Fields, block: _Block, columns: Iterable[int], numbers: Mapping[datetime, int]) -> None:
    fields |= {(row, column): block for column in columns for row in _rows_of(block, numbers)}


def _rows_of(block: _Block, numbers: Mapping[datetime, int]) -> range:
    return range(numbers[block.span.start], numbers[block.span.end])


def _rows(lines: Sequence[datetime], width: int, fields: _Fields) -> Iterator[Row]:
    for row, (start, end) in enumerate(pairwise(lines)):
        above = [fields.get((row - 1, column)) for column in range(width)]
        cells = list[Cell]()
        column = 0
        for block, run in groupby(range(width), key=lambda column, row=row: fields.get((row, column))):  # type: ignore[misc]
            columns = len(list(run))
            if block is None:
                cells.append(Cell((), 1, columns))
            elif above[column] is not block:
                cells.append(Cell(block.sessions, _height(block, lines), columns))
            column += columns
        steps = min(TALLEST_STEPS, -(-(end - start) // STEP))
        starting = next((session for cell in cells for session in cell.sessions), None)
        yield Row(steps, starting, tuple(cells))


def _height(block: _Block, lines: Sequence[datetime]) -> int:
    return sum(block.span.start <= line < block.span.end for line in lines)
