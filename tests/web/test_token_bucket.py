"""Token bucket: so many a minute, whatever the clock does."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from portal.web.fair_queue import TokenBucket
from tests.factories.portal import Clock


def take(bucket: TokenBucket) -> float:
    """Take a token; return 0, or the seconds until there is one."""
    return 0 if bucket.take() else bucket.seconds


def test_bucket_that_is_empty_says_when_there_is_a_token_again() -> None:
    clock = Clock()
    bucket = TokenBucket(3, clock)
    assert [take(bucket) for _ in range(5)] == [0, 0, 0, 20, 20]
    clock.turn(seconds=20)
    assert [take(bucket) for _ in range(2)] == [0, 20]


def test_bucket_holds_the_tokens_of_a_minute_and_no_more() -> None:
    clock = Clock()
    bucket = TokenBucket(3, clock)
    clock.turn(hours=5)
    assert [take(bucket) for _ in range(4)] == [0, 0, 0, 20]


def test_token_that_is_given_back_can_be_taken_again() -> None:
    bucket = TokenBucket(1, Clock())
    assert take(bucket) == 0
    bucket.give_back()
    assert [take(bucket) for _ in range(2)] == [0, 60]


def test_clock_that_is_put_back_neither_gives_nor_takes() -> None:
    clock = Clock()
    bucket = TokenBucket(1, clock)
    assert take(bucket) == 0
    clock.turn(hours=-3)
    assert take(bucket) == 60
    clock.turn(minutes=1)
    assert take(bucket) == 0


@given(
    per_minute=st.integers(1, 500),
    waits=st.lists(st.floats(0, 90), max_size=300),
)
def test_no_minute_ever_sees_more_than_twice_its_tokens(per_minute: int, waits: list[float]) -> None:
    clock = Clock()
    bucket, taken = TokenBucket(per_minute, clock), list[datetime]()
    for wait in waits:
        clock.turn(seconds=wait)
        if take(bucket) == 0:
            taken.append(clock.now)
    in_a_minute = [sum(start <= moment < start + timedelta(minutes=1) for moment in taken) for start in taken]
    assert max(in_a_minute, default=0) <= 2 * per_minute
