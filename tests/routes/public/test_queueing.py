"""Each form waits for its own turn and for no other: a flood of one keeps no other form waiting."""

from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Final

import anyio
import pytest

from portal.domain.limits import SIGN_IN_IDLE_MINUTES
from portal.domain.registration.registration import Mode, Policy
from portal.web.fair_queue import FairQueue
from portal.web.rate_limit import rate_limits
from tests.factories.accounts import changed, come, given, send_sign_in
from tests.factories.crowd import SEATED
from tests.factories.page import Page
from tests.factories.portal import ORGANISER, PASSPHRASE, Harness, open_harness
from tests.factories.registration_form import FORM, filled_in, invite
from tests.factories.ticket_pages import CODE, SECRET, act, opened, register
from tests.fakes.virtual_time import request
from tests.waiting import PATIENCE

pytestmark = pytest.mark.anyio

PURPOSES: Final = ("registrations", "admissions", "tickets", "sign_ins", "set_ups", "organisers")
Send = Callable[[], Awaitable[Page]]


async def new_registration(harness: Harness) -> Send:
    fields = await filled_in(harness)
    return lambda: harness.send(FORM, fields)


async def invited_registration(harness: Harness, invitation: str = SEATED) -> Send:
    await invite(harness, invitation)
    fields = await filled_in(harness, invitation=invitation)
    return lambda: harness.send(FORM, fields)


async def registration_invited_by_an_earlier_portal(harness: Harness) -> Send:
    return await invited_registration(harness, CODE)


async def registration_sent_before(harness: Harness) -> Send:
    fields = await filled_in(harness)
    await harness.send(FORM, fields)
    return lambda: harness.send(FORM, fields)


async def ticket(harness: Harness) -> Send:
    await register(harness)
    return lambda: opened(harness)


async def passphrase_of_a_ticket(harness: Harness) -> Send:
    await register(harness)
    page = await act(harness, await opened(harness), SECRET)
    return lambda: act(harness, page, SECRET)


async def sign_in(harness: Harness) -> Send:
    await harness.sign_in()
    harness.client = harness.another_browser()
    return lambda: send_sign_in(harness, ORGANISER, PASSPHRASE)


async def familiar_sign_in(harness: Harness) -> Send:
    await harness.sign_in()
    harness.clock.turn(minutes=SIGN_IN_IDLE_MINUTES)
    return lambda: send_sign_in(harness, ORGANISER, PASSPHRASE)


async def passphrase_of_an_organiser(harness: Harness) -> Send:
    await harness.sign_in()
    return lambda: changed(harness)


async def set_up_code(harness: Harness) -> Send:
    await given(harness)
    return lambda: come(harness)


@dataclass(frozen=True, slots=True)
class Form:
    """A form: the function that sends it, and the queues that it passes, in the last of which it waits here."""

    ready: Callable[[Harness], Awaitable[Send]]
    needs: tuple[str, ...]
    status: int = 200
    policy: Policy | None = None


FORMS: Final[dict[str, Form]] = {
    "a new registration": Form(new_registration, ("admissions", "registrations")),
    "a new registration, while codes are looked at": Form(new_registration, ("registrations", "admissions")),
    "a registration by invitation": Form(invited_registration, ("admissions",), policy=Policy(Mode.INVITATION)),
    "a registration by invitation of an earlier portal": Form(
        registration_invited_by_an_earlier_portal, ("admissions", "tickets"), policy=Policy(Mode.INVITATION)
    ),
    "a registration that was sent before": Form(registration_sent_before, ("admissions",)),
    "a ticket": Form(ticket, ("tickets",)),
    "another passphrase of a ticket": Form(passphrase_of_a_ticket, ("tickets",)),
    "a sign-in from a new browser": Form(sign_in, ("sign_ins",), 303),
    "a sign-in from a familiar browser": Form(familiar_sign_in, ("organisers",), 303),
    "another passphrase of an organiser": Form(passphrase_of_an_organiser, ("organisers",)),
    "a set-up code": Form(set_up_code, ("set_ups",), 303),
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS.keys())
async def test_form_waits_in_its_own_queue_alone_and_is_then_taken(form: Form) -> None:
    async with open_harness(form.policy) as harness:
        harness.app.state.rate_limits = all_turns = rate_limits(harness.clock, 60, b"s" * 32)
        send, answers = await form.ready(harness), list[int]()
        own: FairQueue = getattr(all_turns, form.needs[-1])
        async with AsyncExitStack() as others, anyio.create_task_group() as group:
            for name in set(PURPOSES) - set(form.needs):
                await others.enter_async_context(getattr(all_turns, name).slot(request()))

            async def answer() -> None:
                answers.append((await send()).status)

            async with own.slot(request()):
                group.start_soon(answer)
                with anyio.fail_after(PATIENCE):
                    while len(own) == 0:
                        await anyio.sleep(0.01)
                assert answers == []
        assert answers == [form.status]
