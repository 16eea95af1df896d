"""Registration closes by itself at the end of the event, and never stays open after the erasure."""

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest

from portal.domain.registration.hashing import PassphraseKey
from portal.domain.registration.registration import Counts, Mode, Policy
from tests.factories.portal import cheap_hasher, open_house
from tests.routes.public.test_registration import FORM, filled_in
from tests.routes.public.test_registration_opening import fill

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
    async with open_house(policy) as house:
        house.clock.now = closes - HOUR
        page = await house.get(FORM)
        assert f"Registration closes on {words}." in page.text
        house.clock.turn(minutes=59)
        form = await filled_in(house)
        house.clock.turn(minutes=1)
        assert f"Registration has been closed since {words}." in (await house.get(FORM)).text
        refused = await house.send(FORM, form)
        assert (refused.status, refused.said("//*[@role='alert']")) == (409, "Registration is closed.")
        assert ("Write both down now" in refused.text, refused.has_form("registration/")) == (False, False)
        assert await house.store.counts() == Counts()


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
    async with open_house(hasher=hasher) as house:
        house.clock.now = END - HOUR / 2
        form = await filled_in(house)
        hasher.wait = lambda: house.clock.turn(hours=1)
        refused = await house.send(FORM, form)
        assert (refused.status, await house.store.counts()) == (409, Counts())


async def test_form_that_made_a_registration_finds_it_after_the_end_of_the_event() -> None:
    async with open_house() as house:
        house.clock.now = END - HOUR / 2
        form = await filled_in(house)
        first = await house.send(FORM, form)
        house.clock.turn(hours=1)
        again = await house.send(FORM, form)
        assert (first.status, again.status, await house.store.counts()) == (200, 200, Counts(seated=1))


async def test_form_that_finds_no_seat_says_nothing_of_noting_and_keeps_what_was_typed() -> None:
    async with open_house(Policy(capacity=1, waiting_list=False)) as house:
        form = await filled_in(house)
        await fill(house, 1)
        refused = await house.send(FORM, form | {"pseudonym": "Ada"})
        assert ("Write both down now" in refused.text, refused.fields()["pseudonym"]) == (False, "Ada")


async def test_registration_by_invitation_closes_by_itself_too() -> None:
    async with open_house(Policy(Mode.INVITATION)) as house:
        house.clock.now = END
        assert "Registration has been closed since" in (await house.get(FORM)).text


async def test_rules_say_when_registration_closes_by_itself() -> None:
    async with open_house() as house:
        await house.sign_in()
        rules = "/en/organisers/registrations/"
        words = "By the rules in force, registration closes on Tuesday 15 December 2026, 17:30."
        assert words in (await house.get(rules)).text
        await house.store.set_policy(Policy(Mode.CLOSED), random.Random(1))
        assert "By the rules in force" not in (await house.get(rules)).text
