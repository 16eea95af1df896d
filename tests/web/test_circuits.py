"""Forms of a circuit: so many a minute, each circuit for itself, known by a mark that tells nothing."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from starlette.types import Scope

from portal.domain.input_errors import CircuitBusy
from portal.domain.limits import CIRCUIT_FORGOTTEN_MINUTES, CIRCUIT_FORMS_A_MINUTE, CIRCUITS_REMEMBERED
from portal.server.circuit_connection import mark_of
from portal.web.fair_queue import SCOPE_KEY
from portal.web.rate_limit import Circuits
from tests.factories.portal import Clock


def on(number: int) -> Scope:
    """Return the scope of a request by the circuit `number`."""
    return {SCOPE_KEY: mark_of(number, b"k" * 32)}


def spend(circuits: Circuits, scope: Scope) -> int:
    """In how many seconds to come again; 0 for one that was taken."""
    try:
        circuits.spend(scope)
    except CircuitBusy as error:
        return error.retry_after
    return 0


def test_circuit_that_floods_is_slowed_down_and_another_gets_through() -> None:
    circuits = Circuits(Clock())
    flood = [spend(circuits, on(1)) for _ in range(CIRCUIT_FORMS_A_MINUTE + 2)]
    assert flood == [0] * CIRCUIT_FORMS_A_MINUTE + [5, 5]
    assert spend(circuits, on(2)) == 0


def test_circuit_has_a_form_again_after_the_announced_time() -> None:
    clock = Clock()
    circuits = Circuits(clock)
    for _ in range(CIRCUIT_FORMS_A_MINUTE):
        spend(circuits, on(1))
    assert spend(circuits, on(1)) == 5
    clock.turn(seconds=5)
    assert [spend(circuits, on(1)) for _ in range(2)] == [0, 5]


def test_request_without_a_circuit_is_never_slowed_down() -> None:
    circuits = Circuits(Clock())
    assert {spend(circuits, {}) for _ in range(1_000)} == {0}
    assert len(circuits) == 0


def test_circuit_is_forgotten_ten_minutes_after_its_last_form() -> None:
    clock = Clock()
    circuits = Circuits(clock)
    spend(circuits, on(1))
    clock.turn(minutes=CIRCUIT_FORGOTTEN_MINUTES)
    spend(circuits, on(2))
    assert len(circuits) == 2
    clock.turn(seconds=1)
    spend(circuits, on(2))
    assert len(circuits) == 1


def test_no_more_circuits_are_known_than_the_limit_and_the_quietest_is_forgotten_first() -> None:
    circuits = Circuits(Clock())
    for _ in range(CIRCUIT_FORMS_A_MINUTE):
        spend(circuits, on(0))
    for number in range(1, CIRCUITS_REMEMBERED):
        spend(circuits, on(number))
    assert (len(circuits), spend(circuits, on(0))) == (CIRCUITS_REMEMBERED, 5)
    spend(circuits, on(CIRCUITS_REMEMBERED))
    assert (len(circuits), spend(circuits, on(1))) == (CIRCUITS_REMEMBERED, 0)


def test_clock_that_is_put_back_neither_gives_nor_takes() -> None:
    clock = Clock()
    circuits = Circuits(clock)
    for _ in range(CIRCUIT_FORMS_A_MINUTE):
        spend(circuits, on(1))
    clock.turn(hours=-3)
    assert spend(circuits, on(1)) == 5
    clock.turn(minutes=1)
    assert spend(circuits, on(1)) == 0


@given(st.lists(st.floats(0, 90), max_size=300))
def test_no_minute_ever_sees_more_than_twice_what_a_circuit_has(waits: list[float]) -> None:
    clock = Clock()
    circuits, taken = Circuits(clock), list[datetime]()
    for wait in waits:
        clock.turn(seconds=wait)
        if spend(circuits, on(1)) == 0:
            taken.append(clock.now)
    in_a_minute = [sum(start <= moment < start + timedelta(minutes=1) for moment in taken) for start in taken]
    assert max(in_a_minute, default=0) <= 2 * CIRCUIT_FORMS_A_MINUTE


@given(st.integers(0, 2**32 - 1), st.integers(0, 2**32 - 1))
def test_mark_differs_by_circuit_and_by_key(first: int, second: int) -> None:
    assert (mark_of(first, b"k" * 32) == mark_of(second, b"k" * 32)) == (first == second)
    assert mark_of(first, b"k" * 32) != mark_of(first, b"l" * 32)
