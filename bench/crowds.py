"""Crowds of programs at the portal's forms, and how many people get through beside them.

Each program keeps one connection busy without a pause, in a process of its own on loopback, bounded in time. People
come one after the other, each with a browser of their own, and send their form again when they are asked to.
"""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import partial
from multiprocessing.synchronize import Event
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Final
from urllib.parse import urlencode

import httpx

from bench.figure import Figure
from bench.floods import flooding
from bench.running import ORGANISER, Server, portal
from bench.visitors import Visitor, token_of
from portal.domain.limits import FORM_MIN_AGE_SECONDS
from portal.domain.registration.ticket_code import new_code
from portal.site.paths import PageName, page_path
from tests.factories.page import Page

PEOPLE: Final = 20
PAUSE_SECONDS: Final = 2
"""Between one of the people and the next."""
WAIT_SECONDS: Final = 60
INVITED_WAIT_SECONDS: Final = 30
WARMING_SECONDS: Final = 25
"""For how long the programs are alone: they use up what the portal had saved for a crowd."""
PROGRAM_FORMS: Final = 8
"""Forms that a program has open, so that it need not wait until one is old enough to be sent."""

_OLD_ENOUGH: Final = FORM_MIN_AGE_SECONDS + 0.1
_PASSPHRASE: Final = "six words that nobody has chosen"

_CHANCE: Final = random.SystemRandom()

Program = Callable[[Visitor, Event], Coroutine[None, None, None]]


@dataclass(frozen=True, slots=True)
class Waits:
    """For how many seconds those waited who got through, and how many did not."""

    seconds: tuple[float, ...]
    failed: int

    @property
    def percent(self) -> float:
        """Return the share of those who got through."""
        return 100 * len(self.seconds) / (len(self.seconds) + self.failed)

    def __str__(self) -> str:
        times = f", half of them in {median(self.seconds):.1f} s" if self.seconds else ""
        return f"{len(self.seconds)} of {len(self.seconds) + self.failed} people{times}"


def measure_registrations(programs: int, percent: float) -> Figure:
    """Return the share of the people who register within a minute while programs register without end."""
    with TemporaryDirectory() as folder, portal(Path(folder) / "data", per_minute=60) as server:
        waits = _beside(server, programs, register_on, partial(registers, server.port), WAIT_SECONDS)
    return _figure("register", waits, f"{programs} connections that register without end", percent)


def measure_sign_ins(programs: int, percent: float) -> Figure:
    """Return the share of the organisers with a new browser who sign in within a minute while programs try names."""
    with TemporaryDirectory() as folder, portal(Path(folder) / "data", per_minute=60) as server:
        waits = _beside(server, programs, try_names, partial(signs_in, server), WAIT_SECONDS)
    return _figure("sign in", waits, f"{programs} connections that try to sign in", percent)


def measure_invited(program: Program, programs: int, what: str, percent: float) -> Figure:
    """Return the share of the invited who register within half a minute, by invitation, while other programs run."""
    with TemporaryDirectory() as folder, portal(Path(folder) / "data", per_minute=60) as server:
        codes = iter(asyncio.run(invitations(server, PEOPLE)))
        person = lambda: registers(server.port, next(codes))  # noqa: E731 - as the two above
        waits = _beside(server, programs, program, person, INVITED_WAIT_SECONDS)
    return _figure("register by invitation", waits, f"{programs} connections that {what}", percent)


def _figure(done: str, waits: Waits, others: str, percent: float) -> Figure:
    return Figure(f"people who {done}", str(waits), others, waits.percent, percent, unit="%")


def _beside(
    server: Server, programs: int, program: Program, person: Callable[[], Awaitable[bool]], seconds: float
) -> Waits:
    """Measure what becomes of PEOPLE who wait for so many seconds each, beside programs that were there before them."""
    whole = WARMING_SECONDS + PEOPLE * PAUSE_SECONDS + seconds + _OLD_ENOUGH
    with flooding(partial(_crowd, programs, program), server.port, whole):
        return asyncio.run(_people(person, seconds))


async def _people(person: Callable[[], Awaitable[bool]], seconds: float) -> Waits:
    await asyncio.sleep(WARMING_SECONDS)
    found = await asyncio.gather(*(_waited(person, number * PAUSE_SECONDS, seconds) for number in range(PEOPLE)))
    waited = tuple(wait for wait in found if wait is not None)
    return Waits(waited, PEOPLE - len(waited))


async def _waited(person: Callable[[], Awaitable[bool]], after: float, seconds: float) -> float | None:
    """Return the seconds that a person waited, without those to fill in the form; None when it was in vain."""
    await asyncio.sleep(after)
    start = time.monotonic() + _OLD_ENOUGH
    with suppress(TimeoutError, httpx.HTTPError):
        async with asyncio.timeout(seconds + _OLD_ENOUGH):
            if await person():
                return time.monotonic() - start
    return None


def _browser(port: int) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=120)


def _path(page: PageName) -> str:
    return f"/{page_path(page, 'fr')}"


async def _sent(client: httpx.AsyncClient, page: PageName, typed: Mapping[str, str]) -> httpx.Response:
    """Return the answer to the form of a page with what is typed, sent again when the portal asks for it."""
    return await post(client, *await filled_in(client, _path(page), typed))


async def filled_in(client: httpx.AsyncClient, path: str, typed: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """Return where the form at `path` that has the fields `typed` goes, and its fields, old enough to be sent."""
    shown = Page(await client.get(path))
    form = next(form for form in shown.forms() if set(typed) <= set(form.fields))
    fields, action = {**shown.fields(form.action), **typed}, shown.action(form.action)
    await asyncio.sleep(_OLD_ENOUGH)
    return action, fields


async def post(client: httpx.AsyncClient, action: str, fields: Mapping[str, str]) -> httpx.Response:
    """Return the answer to a form, sent again when the portal asks for it."""
    while (answer := await client.post(action, data=fields)).status_code == 503:
        await asyncio.sleep(int(answer.headers["retry-after"]))
    return answer


async def registers(port: int, invitation: str = "") -> bool:
    """Return whether a person gets a ticket."""
    async with _browser(port) as client:
        typed = {"invitation": invitation} if invitation else {}
        return (await _sent(client, "registration", typed)).status_code == 200


async def signs_in(server: Server) -> bool:
    """Return whether an organiser signs in with a new browser."""
    async with _browser(server.port) as client:
        typed = {"name": ORGANISER, "passphrase": server.passphrase}
        return (await _sent(client, "organisers", typed)).status_code == 303


async def invitations(server: Server, number: int) -> list[str]:
    """Let people in by invitation alone, and make so many of these."""
    async with _browser(server.port) as client:
        await _sent(client, "organisers", {"name": ORGANISER, "passphrase": server.passphrase})
        assert (await _sent(client, "policy", {"mode": "invitation"})).status_code == 303
        sheet = Page(await _sent(client, "invitations", {"number": str(number)}))
        return [str(code.text_content()) for code in sheet.found("//*[@class='code']")]


def _crowd(programs: int, program: Program, port: int, has_begun: Event, seconds: float) -> None:
    """So many programs, for so many seconds."""

    async def all_of_them() -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await asyncio.gather(*(_again(program, port, has_begun) for _ in range(programs)))

    asyncio.run(all_of_them())


async def _again(program: Program, port: int, has_begun: Event) -> None:
    """Connect again whenever the connection is cut off, or not taken."""
    while True:
        with suppress(OSError, EOFError):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            with closing(writer):
                await program(Visitor(port, reader, writer), has_begun)
        await asyncio.sleep(0.1)


async def register_on(visitor: Visitor, has_begun: Event) -> None:
    """Register without end; who is refused comes again at once."""
    await _register_on(visitor, has_begun, lambda: "")


async def try_invitations(visitor: Visitor, has_begun: Event) -> None:
    """Do the same with one code of an invitation after the other."""
    await _register_on(visitor, has_begun, lambda: f"&invitation={new_code(_CHANCE)}")


async def _register_on(visitor: Visitor, has_begun: Event, more: Callable[[], str]) -> None:
    for _ in range(PROGRAM_FORMS):
        await visitor.open_form()
    has_begun.set()
    while True:
        status = await visitor.send_form(more())
        if status != 503:
            await visitor.open_form()


async def try_names(visitor: Visitor, has_begun: Event) -> None:
    """Try to sign in with one name after the other."""
    await _try_on(visitor, has_begun, "organisers", "sign_in", lambda: {"name": f"nobody {_CHANCE.random()}"})


async def try_tickets(visitor: Visitor, has_begun: Event) -> None:
    """Try one ticket's code after the other."""
    await _try_on(visitor, has_begun, "ticket", "ticket", lambda: {"code": new_code(_CHANCE)})


async def _try_on(
    visitor: Visitor, has_begun: Event, page: PageName, to: PageName, typed: Callable[[], dict[str, str]]
) -> None:
    _, content = await visitor.ask("GET", _path(page))
    fields = {"passphrase": _PASSPHRASE, **({"csrf_token": token_of(content)} if page == "organisers" else {})}
    has_begun.set()
    while True:
        await visitor.ask("POST", _path(to), urlencode(fields | typed()))
