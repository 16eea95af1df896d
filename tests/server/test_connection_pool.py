"""Order in which connections are closed when there are too many."""

from dataclasses import dataclass

from portal.server.connection_pool import ORDER_SECONDS, ConnectionPool, Waits


@dataclass(eq=False)
class Waiting:
    waits: Waits | None


def places_of(*waits: Waits | None) -> tuple[ConnectionPool, list[Waiting]]:
    pool, all_of_them = ConnectionPool(), [Waiting(wait) for wait in waits]
    pool.update(all_of_them)
    return pool, all_of_them


def test_lowest_kind_goes_first_then_the_longest_wait() -> None:
    pool, (first, second, third, _) = places_of((0, 5.0), (1, 2.0), (1, 3.0), None)
    assert [pool.next_to_close(6.0) for _ in range(4)] == [first, second, third, first]


def test_who_has_moved_or_left_since_does_not_go() -> None:
    pool, (first, second, third, fourth) = places_of((0, 1.0), (0, 2.0), (0, 3.0), (0, 4.0))
    assert pool.next_to_close(6.0) is first
    pool.discard(first)
    second.waits = (0, 6.0)
    third.waits = None
    assert [pool.next_to_close(6.0) for _ in range(2)] == [fourth, fourth]


def test_order_is_made_anew_after_a_while() -> None:
    pool, (first, second, newer) = places_of((1, 1.0), (1, 2.0), None)
    assert pool.next_to_close(6.0) is first
    newer.waits = (0, 6.0)
    assert pool.next_to_close(6.0 + ORDER_SECONDS) is second
    assert pool.next_to_close(6.1 + ORDER_SECONDS) is newer


def test_nobody_goes_where_nobody_waits() -> None:
    pool, _ = places_of(None, None)
    assert pool.next_to_close(6.0) is None
