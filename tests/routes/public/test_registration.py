"""The form of registration: what it shows, what sending it does, and every way in which it can be refused."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

import anyio
import pytest

from portal.domain.registration.registration import Counts, Mode, Policy, State
from portal.domain.registration.ticket_code import shown
from tests.factories.page import Page
from tests.factories.portal import HOST, WORDS, Harness, open_harness
from tests.factories.registration_form import FORM, code_on, filled_in
from tests.factories.tickets import KEYS, ticket_id, unsealed
from tests.fakes.full_disk import FullDisk
from tests.fakes.rate_limits import Holds, held_by, impatient
from tests.fakes.virtual_time import request

pytestmark = pytest.mark.anyio

SOON: Final = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
BEFORE: Final = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
FULL: Final = Policy(capacity=0, waiting_list=False)
WAITING: Final = Policy(capacity=0)


@pytest.mark.parametrize(("path", "words"), [("/fr/inscription/", WORDS["fr"]), (FORM, WORDS["en"])])
async def test_form_holds_a_code_and_six_words_before_anything_is_sent(path: str, words: tuple[str, ...]) -> None:
    async with open_harness() as harness:
        page = await harness.get(path)
        passphrase = page.fields()["passphrase"].split(" ")
        assert len(passphrase) == 6
        assert set(passphrase) <= set(words)
        assert page.text_of("//*[@class='code']") == shown(code_on(page))
        assert await harness.store.counts() == Counts()


async def test_form_is_another_one_each_time() -> None:
    async with open_harness() as harness:
        first, second = await harness.get(FORM), await harness.get(FORM)
        assert code_on(first) != code_on(second)


async def test_form_asks_the_browser_to_remember_nothing_of_the_passphrase() -> None:
    async with open_harness() as harness:
        (control,) = (await harness.get(FORM)).found("//*[@name='passphrase']")
        attributes = [control.get(name) for name in ("autocomplete", "spellcheck", "autocapitalize")]
        assert attributes == ["off", "false", "none"]


async def test_words_to_note_the_ticket_stand_before_the_button() -> None:
    async with open_harness() as harness:
        text = (await harness.get("/fr/inscription/")).text_of("//main//form")
        assert text.index("Notez les deux maintenant") < text.rindex("S’inscrire")


OPENINGS: Final[dict[str, tuple[Policy, str, bool]]] = {
    "open, without a limit": (Policy(), "Registration is open.", True),
    "open, with many seats left": (Policy(capacity=11), "Registration is open.", True),
    "open, with few seats left": (Policy(capacity=10), "few places are left", True),
    "open, with few seats left as the organisers see it": (Policy(capacity=40, few_left=50), "few places", True),
    "open until a day": (Policy(closes=SOON), "Registration closes on Tuesday 24 November 2026, 10:30.", True),
    "open from a day on": (Policy(opens=SOON), "not open yet. It opens on Tuesday 24 November 2026, 10:30.", False),
    "over": (Policy(closes=BEFORE), "Registration has been closed since Sunday 22 November 2026, 10:30.", False),
    "closed, whatever the days": (Policy(Mode.CLOSED, opens=SOON), "Registration is closed.", False),
    "by invitation": (Policy(Mode.INVITATION), "Registration is by invitation", True),
    "all seats taken, with a waiting list": (WAITING, "You can join the waiting list", True),
    "all seats taken, without a waiting list": (FULL, "there is no waiting list", False),
    "closed": (Policy(mode=Mode.CLOSED), "Registration is closed.", False),
}


@pytest.mark.parametrize(("policy", "words", "has_form"), OPENINGS.values(), ids=OPENINGS.keys())
async def test_form_tells_where_registration_stands(policy: Policy, words: str, has_form: bool) -> None:
    async with open_harness(policy) as harness:
        page = await harness.get(FORM)
        assert (page.status, bool(page.forms())) == (200, has_form)
        assert words in page.text


async def test_registration_keeps_the_locator_the_pseudonym_and_a_hash() -> None:
    async with open_harness() as harness:
        fields = await filled_in(harness, pseudonym="  Nausicaä ")
        ticket = await harness.send(FORM, fields)
        id = ticket_id(code_on(ticket))
        assert (kept := await harness.store.registration(id))
        assert (kept.id, unsealed(kept.sealed_pseudonym), kept.state) == (id, "Nausicaä", State.SEATED)
        assert await harness.hasher.verify(kept.passphrase_hash, fields["passphrase"])


async def test_ticket_comes_at_once_with_no_cookie_and_nothing_in_the_address() -> None:
    async with open_harness() as harness:
        ticket = await harness.send(FORM, await filled_in(harness))
        headers = ticket.response.headers
        assert (ticket.status, ticket.heading) == (200, "You have a seat")
        assert headers["cache-control"] == "no-store"
        assert "set-cookie" not in headers
        assert "location" not in headers


async def test_registration_without_a_seat_waits() -> None:
    async with open_harness(WAITING) as harness:
        assert (await harness.send(FORM, await filled_in(harness))).heading == "You are on the waiting list"
        assert await harness.store.counts() == Counts(waiting=1)


async def test_passphrase_may_be_the_persons_own_on_several_lines() -> None:
    async with open_harness() as harness:
        fields = await filled_in(harness, passphrase="  mine,\r\nand   mine alone ")
        code = code_on(await harness.send(FORM, fields))
        again = await harness.send("/en/ticket/", {"code": code, "passphrase": "mine, and mine alone"})
        assert again.heading == "You have a seat"


async def test_form_sent_twice_gives_the_same_ticket_once() -> None:
    async with open_harness() as harness:
        fields = await filled_in(harness, pseudonym="Ada")
        first, second = await harness.send(FORM, fields), await harness.send(FORM, fields)
        assert code_on(first) == code_on(second)
        assert (second.heading, await harness.store.counts()) == ("You have a seat", Counts(seated=1))


async def test_form_sent_many_times_at_once_gives_one_ticket() -> None:
    async with open_harness(Policy(capacity=3)) as harness:
        harness.app.state.rate_limits = held_by(Holds(), harness.clock)
        fields, tickets = await filled_in(harness), list[str]()

        async def send() -> None:
            ticket = await harness.send(FORM, fields)
            tickets.append(f"{ticket.status} {code_on(ticket)}")

        async with anyio.create_task_group() as group:
            for _ in range(12):
                group.start_soon(send)
        assert (len(tickets), len(set(tickets)), await harness.store.counts()) == (12, 1, Counts(seated=1))


async def test_form_sent_again_gives_its_ticket_though_registration_has_closed_since() -> None:
    async with open_harness() as harness:
        fields = await filled_in(harness)
        await harness.send(FORM, fields)
        await harness.store.set_policy(Policy(mode=Mode.CLOSED), harness.services().rng)
        assert (await harness.send(FORM, fields)).heading == "You have a seat"


async def test_form_sent_again_with_another_passphrase_is_refused() -> None:
    async with open_harness() as harness:
        fields = await filled_in(harness)
        first = await harness.send(FORM, fields)
        other = await harness.send(FORM, fields | {"passphrase": "quite another passphrase"})
        assert (other.status, code_on(other)) == (409, code_on(first))
        assert "already been used with another passphrase" in other.error("passphrase")
        assert await harness.store.counts() == Counts(seated=1)


Alter = Callable[[dict[str, str]], Mapping[str, str]]
REFUSALS: Final[dict[str, tuple[Alter, int, str, str]]] = {
    "a passphrase too short": (lambda form: form | {"passphrase": "short"}, 422, "passphrase", "at least 12"),
    "a passphrase too long": (lambda form: form | {"passphrase": "x" * 129}, 422, "passphrase", "at most 128"),
    "no passphrase": (lambda form: form | {"passphrase": ""}, 422, "passphrase", "at least 12"),
    "a pseudonym too long": (lambda form: form | {"pseudonym": "x" * 65}, 422, "pseudonym", "at most 64"),
    "a pseudonym that turns": (lambda form: form | {"pseudonym": "a\u202eb"}, 422, "pseudonym", "U+202E"),
    "the field for robots": (lambda form: form | {"website": "https://robot.example"}, 400, "", "must stay empty"),
}


@pytest.mark.parametrize(("alter", "status", "field", "words"), REFUSALS.values(), ids=REFUSALS.keys())
async def test_refused_form_comes_back_with_its_code_and_what_was_typed(
    alter: Alter, status: int, field: str, words: str
) -> None:
    async with open_harness() as harness:
        fields = dict(alter(await filled_in(harness, pseudonym="Ada")))
        again = await harness.send(FORM, fields)
        message = again.error(field) if field else again.text_of("//*[@role='alert']")
        assert (again.status, await harness.store.counts()) == (status, Counts())
        assert words in message
        kept = {"csrf_token": fields["csrf_token"], "pseudonym": fields["pseudonym"], "passphrase": "", "website": ""}
        assert again.fields() == kept


async def test_refused_form_can_be_put_right_and_sent_at_once() -> None:
    async with open_harness() as harness:
        again = await harness.send(FORM, await filled_in(harness, passphrase="short"))
        ticket = await harness.send(FORM, again.fields() | {"passphrase": "long enough this time"})
        assert (ticket.heading, code_on(ticket)) == ("You have a seat", code_on(again))


async def test_form_sent_within_two_seconds_is_refused_and_taken_afterwards() -> None:
    async with open_harness() as harness:
        fields = (await harness.get(FORM)).fields()
        harness.clock.turn(seconds=1.9)
        assert (await harness.send(FORM, fields)).status == 400
        harness.clock.turn(seconds=0.1)
        assert (await harness.send(FORM, fields)).status == 200


async def test_form_sent_after_two_hours_comes_back_with_the_code_that_was_noted() -> None:
    async with open_harness() as harness:
        fields = await filled_in(harness, pseudonym="Ada")
        harness.clock.turn(hours=2)
        again = await harness.send(FORM, fields)
        assert again.status == 400
        assert "opened too long ago" in again.text
        harness.clock.turn(seconds=3)
        ticket = await harness.send(FORM, again.fields() | {"passphrase": fields["passphrase"]})
        assert (ticket.status, code_on(ticket)) == (200, code_on(again))


FOREIGN: Final[dict[str, Alter]] = {
    "without its token": lambda form: {name: text for name, text in form.items() if name != "csrf_token"},
    "with an altered token": lambda form: form | {"csrf_token": "A" + form["csrf_token"][1:]},
    "with nothing at all": lambda _: {},
}


@pytest.mark.parametrize("alter", FOREIGN.values(), ids=FOREIGN.keys())
async def test_form_that_is_not_ours_gives_way_to_a_new_one_that_says_so(alter: Alter) -> None:
    async with open_harness() as harness:
        fields = await filled_in(harness, pseudonym="Ada")
        await assert_new_form(harness, await harness.send(FORM, alter(fields)), fields)


async def assert_new_form(harness: Harness, page: Page, old: Mapping[str, str]) -> None:
    assert page.status == 403
    assert "write these down, and forget the old ones" in page.text
    assert len(page.fields()["passphrase"].split()) == 6
    assert page.fields()["csrf_token"] != old["csrf_token"]
    assert await harness.store.counts() == Counts()


async def test_form_of_another_portal_gives_way_to_a_new_one() -> None:
    async with open_harness(keys=replace(KEYS, forms=b"o" * 32)) as other, open_harness() as harness:
        fields = await filled_in(other)
        await assert_new_form(harness, await harness.send(FORM, fields), fields)


async def test_form_with_the_token_of_another_use_gives_way_to_a_new_one() -> None:
    async with open_harness() as harness:
        ticket = await harness.send(FORM, await filled_in(harness))
        fields = await filled_in(harness) | {"csrf_token": ticket.fields()["csrf_token"]}
        page = await harness.send(FORM, fields)
        assert (page.status, await harness.store.counts()) == (403, Counts(seated=1))


async def test_form_from_a_page_of_another_site_is_refused() -> None:
    async with open_harness() as harness:
        fields = await filled_in(harness)
        page = await harness.send(FORM, fields, origin="https://elsewhere.example")
        assert (page.status, await harness.store.counts()) == (403, Counts())


@pytest.mark.parametrize("origin", ["null", HOST])
async def test_form_is_taken_from_a_browser_that_hides_where_it_comes_from(origin: str) -> None:
    async with open_harness() as harness:
        assert (await harness.send(FORM, await filled_in(harness), origin=origin)).status == 200


async def test_form_is_refused_in_words_while_too_many_others_are_sent_and_nothing_is_lost() -> None:
    async with open_harness() as harness:
        harness.app.state.rate_limits = all_turns = impatient(harness.clock)
        crowd = [await filled_in(harness) for _ in range(6)]
        async with all_turns.admissions.slot(request()):
            pages = [await harness.send(FORM, fields) for fields in crowd]
        answers = {
            (page.status, page.response.headers["retry-after"], "Nothing was lost" in page.text) for page in pages
        }
        assert answers == {(503, "5", True)}
        assert [page.fields() for page in pages] == [fields | {"passphrase": ""} for fields in crowd]
        retried = [await harness.send(FORM, fields) for fields in crowd]
        assert {page.status for page in retried} == {200}
        assert await harness.store.counts() == Counts(seated=6)


async def test_form_comes_back_when_the_disk_is_full() -> None:
    async with open_harness(kind=FullDisk) as harness:
        fields = await filled_in(harness, pseudonym="Ada")
        again = await harness.send(FORM, fields)
        kept = again.fields()
        assert (again.status, kept["pseudonym"], kept["csrf_token"]) == (503, "Ada", fields["csrf_token"])
