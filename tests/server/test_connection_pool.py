"""Who loses the place when all are taken."""

from dataclasses import dataclass

from portal.server.connection_pool import ORDER_SECONDS, ConnectionPool, Waits


@dataclass(eq=False)
class Waiting:
    waits: Waits | None


def places_of(*waits: Waits | None) -> tuple[ConnectionPool, list[Waiting]]:
    places, all_of_them = ConnectionPool(), [Waiting(one) for one in waits]
    places.update(all_of_them)
    return places, all_of_them


def test_lowest_kind_goes_first_then_the_longest_wait() -> None:
    places, (first, second, third, _) = places_of((0, 5.0), (1, 2.0), (1, 3.0), None)
    assert [places.next_to_close(6.0) for _ in range(4)] == [first, second, third, first]


def test_who_has_moved_or_left_since_does_not_go() -> None:
    places, (first, second, third, fourth) = places_of((0, 1.0), (0, 2.0), (0, 3.0), (0, 4.0))
    assert places.next_to_close(6.0) is first
    places.discard(first)
    second.waits = (0, 6.0)
    third.waits = None
    assert [places.next_to_close(6.0) for _ in range(2)] == [fourth, fourth]


def test_order_is_made_anew_after_a_while() -> None:
    places, (first, second, newer) = places_of((1, 1.0), (1, 2.0), None)
    assert places.next_to_close(6.0) is first
    newer.waits = (0, 6.0)
    assert places.next_to_close(6.0 + ORDER_SECONDS) is second
    assert places.next_to_close(6.1 + ORDER_SECONDS) is newer


def test_nobody_goes_where_nobody_waits() -> None:
    places, _ = places_of(None, None)
    assert places.next_to_close(6.0) is None
