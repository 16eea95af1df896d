"""An attendee's whole way on a real data folder: register, lose an answer, come back after a restart, cancel."""

from pathlib import Path
from typing import Final

import anyio
import pytest

from portal.domain.registration.registration import Counts, Policy
from portal.domain.registration.ticket_code import parse_code
from tests.factories.page import Page
from tests.factories.portal import Clock, Harness, open_harness_on

pytestmark = pytest.mark.anyio

FORM: Final = "/fr/inscription/"
TICKET: Final = "/fr/billet/"


async def filled_in(harness: Harness, **typed: str) -> tuple[dict[str, str], str]:
    """A new form as a person would send it, three seconds later, and the code that it shows."""
    page = await harness.get(FORM)
    harness.clock.turn(seconds=3)
    return page.fields() | typed, code_on(page)


def code_on(page: Page) -> str:
    """The code that a page shows."""
    return parse_code(page.text_of("//*[@class='code']"))


def everything_in(folder: Path) -> bytes:
    """Every byte of every file, and every name."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return b"".join(path.name.encode() + path.read_bytes() for path in files)


async def test_attendee_registers_comes_back_and_cancels(tmp_path: Path) -> None:
    async with open_harness_on(tmp_path / "data", Clock()) as harness:
        form, code = await filled_in(harness, pseudonym="Nausicaä-du-vent")
        assert (await harness.send(FORM, form)).heading == "Vous avez une place"
        listener = await harness.get(TICKET)
        ticket = await harness.send(listener.action(), {"code": code.lower(), "passphrase": form["passphrase"]})
        assert ticket.heading == "Vous avez une place"
        assert "Nausicaä-du-vent" in ticket.text
        question = await harness.send(ticket.action("annuler/"), ticket.fields("annuler/"))
        assert (await harness.send(question.action(), question.fields())).heading == "C’est effacé"
        assert (await harness.send(TICKET, {"code": code, "passphrase": form["passphrase"]})).status == 403


async def test_disk_holds_nothing_that_a_person_gave_and_nothing_at_all_once_erased(tmp_path: Path) -> None:
    async with open_harness_on(tmp_path / "data", Clock()) as harness:
        before = everything_in(tmp_path)
        form, code = await filled_in(harness, pseudonym="Nausicaä-du-vent")
        ticket = await harness.send(FORM, form)
        stored = everything_in(tmp_path)
        secrets = [code, ticket.text_of("//*[@class='code']"), form["passphrase"], form["csrf_token"]]
        assert [secret for secret in (*secrets, "Nausica") if secret.encode() in stored] == []
        await harness.send(ticket.action("annuler/"), ticket.fields("annuler/") | {"confirmed": "seated"})
        assert everything_in(tmp_path) == before


async def test_form_sent_again_after_a_restart_gives_the_same_ticket_once(tmp_path: Path) -> None:
    data, clock = tmp_path / "data", Clock()
    async with open_harness_on(data, clock) as harness:
        form, code = await filled_in(harness, pseudonym="Ada")
        await harness.send(FORM, form)  # its answer is lost on the way
    async with open_harness_on(data, clock) as harness:
        again = await harness.send(FORM, form)
        assert (again.heading, code_on(again)) == ("Vous avez une place", code)
        assert await harness.store.counts() == Counts(seated=1)


async def test_form_opened_before_a_restart_is_taken_after_it(tmp_path: Path) -> None:
    data, clock = tmp_path / "data", Clock()
    async with open_harness_on(data, clock) as harness:
        form, code = await filled_in(harness)
    async with open_harness_on(data, clock) as harness:
        ticket = await harness.send(FORM, form)
        assert (ticket.heading, code_on(ticket)) == ("Vous avez une place", code)


async def test_form_sent_from_two_tabs_to_two_processes_at_once_is_one_registration(tmp_path: Path) -> None:
    data, clock = tmp_path / "data", Clock()
    async with open_harness_on(data, clock) as first, open_harness_on(data, clock) as second:
        form, code = await filled_in(first)
        codes = list[str]()

        async def send(harness: Harness) -> None:
            codes.append(code_on(await harness.send(FORM, form)))

        async with anyio.create_task_group() as group:
            for harness in (first, second) * 4:
                group.start_soon(send, harness)
        assert (codes, await second.store.counts()) == ([code] * 8, Counts(seated=1))


async def test_seats_are_never_given_twice_however_many_come_at_once(tmp_path: Path) -> None:
    async with open_harness_on(tmp_path / "data", Clock(), Policy(capacity=3)) as harness:
        forms = [(await filled_in(harness))[0] for _ in range(8)]
        headings = list[str]()

        async def send(form: dict[str, str]) -> None:
            headings.append((await harness.send(FORM, form)).heading)

        async with anyio.create_task_group() as group:
            for form in forms:
                group.start_soon(send, form)
        counts = {heading: headings.count(heading) for heading in headings}
        assert counts == {"Vous avez une place": 3, "Vous êtes sur la liste d’attente": 5}
        assert await harness.store.counts() == Counts(seated=3, waiting=5)
