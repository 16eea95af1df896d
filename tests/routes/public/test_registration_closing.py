"""Registration closes by itself at the end of the event, and never stays open after the erasure."""

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest

from portal.domain.registration.hashing import PassphraseKey
from portal.domain.registration.registration import Counts, Mode, Policy
from tests.factories.portal import cheap_hasher, open_harness
from tests.factories.registration_form import FORM, fill, filled_in

pytestmark = pytest.mark.anyio

END: Final = datetime(2026, 12, 15, 16, 30, tzinfo=UTC)
DUE: Final = datetime(2027, 1, 14, 16, 30, tzinfo=UTC)
HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)

CLOSINGS: Final[dict[str, tuple[Policy, datetime, str]]] = {
    "by itself at the end of the event": (Policy(), END, "Tuesday 15 December 2026, 17:30"),
    "later, where the organisers say so": (Policy(closes=END + DAY), END + DAY, "Wednesday 16 December 2026, 17:30"),
    "before everything is erased, whatever they say": (
        Policy(closes=DUE + DAY),
        DUE,
        "Thursday 14 January 2027, 17:30",
    ),
}


@pytest.mark.parametrize("case", CLOSINGS)
async def test_registration_closes(case: str) -> None:
    policy, closes, words = CLOSINGS[case]
    async with open_harness(policy) as harness:
        harness.clock.now = closes - HOUR
        page = await harness.get(FORM)
        assert f"Registration closes on {words}." in page.text
        harness.clock.turn(minutes=59)
        form = await filled_in(harness)
        harness.clock.turn(minutes=1)
        assert f"Registration has been closed since {words}." in (await harness.get(FORM)).text
        page_errors = await harness.send(FORM, form)
        assert (page_errors.status, page_errors.text_of("//*[@role='alert']")) == (409, "Registration is closed.")
        assert "Write both down now" not in page_errors.text
        assert not page_errors.has_form("registration/")
        assert await harness.store.counts() == Counts()


class Waiting:
    """A hasher at which a form waits its turn for an hour."""

    def __init__(self) -> None:
        self._hasher = cheap_hasher()
        self.wait: Callable[[], None] = lambda: None

    async def hash(self, passphrase: str) -> PassphraseKey:
        """See `Hasher`."""
        self.wait()
        return await self._hasher.hash(passphrase)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - the rest is the hasher's own
        return getattr(self._hasher, name)


async def test_form_that_waits_its_turn_beyond_the_end_of_the_event_registers_nobody() -> None:
    hasher = Waiting()
    async with open_harness(hasher=hasher) as harness:
        harness.clock.now = END - HOUR / 2
        form = await filled_in(harness)
        hasher.wait = lambda: harness.clock.turn(hours=1)
        page_errors = await harness.send(FORM, form)
        assert (page_errors.status, await harness.store.counts()) == (409, Counts())


async def test_form_that_made_a_registration_finds_it_after_the_end_of_the_event() -> None:
    async with open_harness() as harness:
        harness.clock.now = END - HOUR / 2
        form = await filled_in(harness)
        first = await harness.send(FORM, form)
        harness.clock.turn(hours=1)
        again = await harness.send(FORM, form)
        assert (first.status, again.status, await harness.store.counts()) == (200, 200, Counts(seated=1))


async def test_form_that_finds_no_seat_says_nothing_of_noting_and_keeps_what_was_typed() -> None:
    async with open_harness(Policy(capacity=1, waiting_list=False)) as harness:
        form = await filled_in(harness)
        await fill(harness, 1)
        page_errors = await harness.send(FORM, form | {"pseudonym": "Ada"})
        assert "Write both down now" not in page_errors.text
        assert page_errors.fields()["pseudonym"] == "Ada"


async def test_registration_by_invitation_closes_by_itself_too() -> None:
    async with open_harness(Policy(Mode.INVITATION)) as harness:
        harness.clock.now = END
        assert "Registration has been closed since" in (await harness.get(FORM)).text


async def test_rules_say_when_registration_closes_by_itself() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        rules = "/en/organisers/registrations/"
        words = "Under the current rules, registration closes on Tuesday 15 December 2026, 17:30."
        assert words in (await harness.get(rules)).text
        await harness.store.set_policy(Policy(Mode.CLOSED), random.Random(1))
        assert "Under the current rules" not in (await harness.get(rules)).text
