"""The size of every answer of the running portal, head and body, on real sockets: pages are all of one."""

import random
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest
from hypothesis import HealthCheck, example, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from bench.large_event import large_event
from portal.domain.errors import InputError
from portal.domain.event.event import Event
from portal.domain.event.event_file import read_event
from portal.domain.event.languages import languages_of
from portal.domain.language import Language, Text
from portal.domain.limits import (
    ANNOUNCEMENT_CHARACTERS,
    ANNOUNCEMENT_TITLE_CHARACTERS,
    ANNOUNCEMENTS,
    PAGE_BYTES_ON_THE_WIRE,
    PSEUDONYM_CHARACTERS,
    TICKET_ANNOUNCEMENTS_CHARACTERS,
)
from portal.domain.registration.pseudonym import check_pseudonym
from portal.origin.word_lists import word_lists
from portal.routes import PAGES
from portal.services import OnionView
from portal.site.bundled import bundled
from portal.site.paths import PageName, is_of_organisers, page_path
from portal.site.render import render
from portal.web.forms import URLENCODED
from portal.web.listeners import ListenerName
from tests.factories.portal import ORGANISER, PASSPHRASE
from tests.factories.running_server import Running, running
from tests.factories.sample import CLEARNET, EVENT, ONION, edition, news
from tests.fakes.http_wire import Answer, Wire

pytestmark = pytest.mark.anyio

HEAD: Final = 1_000
"""An answer without a body."""
PAGE: Final = 13_900
LARGER: Final = (26_800, 52_600, 104_200, 155_800)
UP: Final = OnionView("published", ONION)
LISTENERS: Final[dict[ListenerName, str]] = {"clearnet": CLEARNET, "onion": ONION}
by_each_listener = pytest.mark.parametrize("listener", LISTENERS)
in_each_language = pytest.mark.parametrize("language", languages_of(EVENT))


@pytest.fixture
async def portal(tmp_path: Path) -> AsyncIterator[Running]:
    """Run a portal that is reached by https and by its onion, which is up."""
    async with running(tmp_path, public_url=CLEARNET, onion=UP) as made:
        yield made


async def sizes_of_public_files(wire: Wire, paths: list[str]) -> dict[str, tuple[int, int]]:
    return {path: (await wire.get(f"/{path.removesuffix('index.html')}")).seen for path in paths}


@by_each_listener
async def test_every_public_file_is_of_the_size_of_a_page(portal: Running, listener: ListenerName) -> None:
    paths = list(render(edition()))
    sizes = await sizes_of_public_files(Wire(portal, listener, LISTENERS[listener]), paths)
    assert sizes == dict.fromkeys(paths, (200, PAGE))
    assert PAGE <= PAGE_BYTES_ON_THE_WIRE


WHOLE: Final = {"schedule.xml", "schedule.json", "fr/evenement.ics", "en/event.ics"}
"""The files that have the whole programme, which an app fetches: as large as it is."""


LISTS: Final = ("programme", "intervenants", "speakers", "mon-programme", "my-programme", "en-ce-moment", "now")
"""The pages of the whole programme and of everybody who speaks; a calendar of a theme or a room is as long as it is."""


async def test_the_largest_event_has_two_sizes(tmp_path: Path) -> None:
    large = replace(edition(), event=large_event())
    files = [path for path in render(large) if path.count("/") < 3 or path.endswith("s1/index.html")]
    paths = [path for path in files if path not in WHOLE]
    async with running(tmp_path, public_url=CLEARNET, onion=UP, shown=large) as portal:
        sizes = await sizes_of_public_files(Wire(portal, "clearnet", CLEARNET), paths)
    larger = [path for path, size in sizes.items() if size == (200, LARGER[0])]
    assert sizes == {path: (200, LARGER[0] if path in larger else PAGE) for path in paths}
    assert [path for path in larger if path.split("/")[1] not in LISTS and not path.endswith(".ics")] == []


def real_event_with_news(count: int, characters: int) -> Event:
    """Return the real event with that many announcements, each of that many characters in title and text."""
    path, rng, lists = bundled("events") / "onestla.toml", random.Random(1), word_lists()

    def text(length: int) -> Text:
        return Text(
            *(" ".join(rng.choices(lists[language], k=length))[:length].strip() for language in languages_of(EVENT))
        )

    title, rest = ANNOUNCEMENT_TITLE_CHARACTERS, characters - ANNOUNCEMENT_TITLE_CHARACTERS
    announcements = [replace(news(number), title=text(title), text=text(rest)) for number in range(count)]
    return replace(read_event(path.read_bytes(), path.name), announcements=tuple(announcements))


NEWS: Final[dict[str, tuple[int, int]]] = {
    "no announcement": (0, 0),
    "as much as a ticket shows in full": (5, TICKET_ANNOUNCEMENTS_CHARACTERS // 5),
    "as much as there may be": (ANNOUNCEMENTS, ANNOUNCEMENT_TITLE_CHARACTERS + ANNOUNCEMENT_CHARACTERS),
}


ACTIONS: Final[tuple[PageName, ...]] = ("ticket_pseudonym", "ticket_passphrase", "ticket_cancel")


async def personal(wire: Wire, language: Language) -> dict[str, Answer]:
    """Return the answers to an attendee, from the form of registration to the end of the ticket."""
    registration, ticket = (f"/{page_path(name, language)}" for name in ("registration", "ticket"))
    pseudonym, passphrase, cancel = (f"/{page_path(name, language)}" for name in ACTIONS)
    form = (await wire.get(registration)).page
    early = await wire.send(form)
    wire.portal.harness.clock.turn(seconds=3)
    code, secret = form.text_of("//*[@class='code']"), form.fields()["passphrase"]
    return {
        "the form of registration, sent too early": early,
        "the form of registration, with a passphrase that is too short": await wire.send(form, passphrase="short"),
        "the form of registration, sent by a robot": await wire.send(form, website="x"),
        "a registration": await wire.send(form, pseudonym="Ada"),
        "the same once more": await wire.send(form, pseudonym="Ada"),
        "the same with another passphrase": await wire.send(form, passphrase="of somebody else"),
        "the form of the ticket": (start := await wire.get(ticket)),
        "a ticket of no code": await wire.send(start.page, code="x", passphrase=secret),
        "a ticket with a wrong passphrase": await wire.send(start.page, code=code, passphrase="wrong for certain"),
        "a ticket": (shown := await wire.send(start.page, code=code, passphrase=secret)),
        "another pseudonym": await wire.send(shown.page, pseudonym, pseudonym="Ada Lovelace"),
        "a pseudonym that cannot be kept": await wire.send(shown.page, pseudonym, pseudonym="a\u202eb"),
        "a new passphrase to note": (proposed := await wire.send(shown.page, passphrase)),
        "a new passphrase that is kept": (changed := await wire.send(proposed.page, passphrase)),
        "a form of a page that is outdated": await wire.send(shown.page, pseudonym, pseudonym="Ada"),
        "a cancellation to confirm": (cancelling := await wire.send(changed.page, cancel)),
        "a cancellation": await wire.send(cancelling.page, cancel),
    }


PERSONAL: Final[dict[str, int]] = {
    "the form of registration, sent too early": 400,
    "the form of registration, with a passphrase that is too short": 422,
    "the form of registration, sent by a robot": 400,
    "a registration": 200,
    "the same once more": 200,
    "the same with another passphrase": 409,
    "the form of the ticket": 200,
    "a ticket of no code": 422,
    "a ticket with a wrong passphrase": 403,
    "a ticket": 200,
    "another pseudonym": 200,
    "a pseudonym that cannot be kept": 422,
    "a new passphrase to note": 200,
    "a new passphrase that is kept": 200,
    "a form of a page that is outdated": 400,
    "a cancellation to confirm": 200,
    "a cancellation": 200,
}
"""The status of each; all have the size of a page."""


@pytest.mark.parametrize(("count", "characters"), NEWS.values(), ids=NEWS.keys())
@in_each_language
@by_each_listener
async def test_every_personal_answer_is_of_the_size_of_a_page(
    tmp_path: Path, listener: ListenerName, language: Language, count: int, characters: int
) -> None:
    shown = edition(real_event_with_news(count, characters))
    async with running(tmp_path, public_url=CLEARNET, onion=UP, shown=shown) as portal:
        answers = await personal(Wire(portal, listener, LISTENERS[listener]), language)
    assert {what: answer.seen for what, answer in answers.items()} == {
        what: (code, PAGE) for what, code in PERSONAL.items()
    }


LONGEST: Final = PSEUDONYM_CHARACTERS * "\N{MATHEMATICAL SCRIPT CAPITAL A}"
PSEUDONYMS: Final = st.text(max_size=PSEUDONYM_CHARACTERS).filter(lambda text: is_kept(text))


def is_kept(pseudonym: str) -> bool:
    try:
        return bool(check_pseudonym(pseudonym) or True)
    except InputError:
        return False


@given(
    pseudonym=PSEUDONYMS,
    passphrase=st.text("abcé <&'", min_size=12, max_size=128).filter(lambda x: len(x.strip()) > 30),
)
@example(pseudonym="", passphrase="the shortest one")
@example(pseudonym=LONGEST, passphrase="p" * 128)
@example(pseudonym="'" * PSEUDONYM_CHARACTERS, passphrase="&" * 128)
@examples(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_size_of_a_registration_tells_nothing_of_it(portal: Running, pseudonym: str, passphrase: str) -> None:
    wire = Wire(portal, "clearnet", CLEARNET)
    form = await wire.get(f"/{page_path('registration', 'fr')}")
    portal.harness.clock.turn(minutes=1)
    registered = await wire.send(form.page, pseudonym=pseudonym, passphrase=passphrase)
    page_errors = await wire.send(form.page, pseudonym=pseudonym, passphrase="short")
    assert [form.seen, registered.seen, page_errors.seen] == [(200, PAGE), (200, PAGE), (422, PAGE)]


OTHER: Final[dict[str, tuple[str, str, dict[str, str], tuple[int, int]]]] = {
    "a page that there is not": ("GET", "/fr/rien/", {}, (404, PAGE)),
    "another host": ("GET", "/fr/", {"Host": "evil.example"}, (421, PAGE)),
    "a form to a page": ("POST", "/fr/", {}, (405, PAGE)),
    "a form of another kind": ("POST", "/fr/billet/", {}, (415, PAGE)),
    "a form of another site": (
        "POST",
        "/fr/billet/",
        {"Content_Type": URLENCODED, "Origin": "http://evil.example"},
        (403, PAGE),
    ),
    "the organisers' page": ("GET", "/fr/organisation/", {}, (200, PAGE)),
    "the status of the copies": ("GET", "/fr/miroirs/etat/", {}, (200, PAGE)),
    "a page without its last slash": ("GET", "/fr/programme", {}, (308, HEAD)),
    "a page of the routes without its last slash": ("GET", "/fr/billet", {}, (308, HEAD)),
    "an organisers' page without a sign-in": ("GET", "/fr/organisation/journal/", {}, (303, HEAD)),
    "the address of a form": ("GET", "/fr/billet/annuler/", {}, (303, HEAD)),
    "a page that the browser has": ("GET", "/fr/programme/", {"If_None_Match": "*"}, (304, HEAD)),
    "the head of a page": ("HEAD", "/fr/programme/", {}, (200, HEAD)),
    "the head of a form": ("HEAD", "/fr/inscription/", {}, (200, HEAD)),
}


@pytest.mark.parametrize(("method", "path", "headers", "seen"), OTHER.values(), ids=OTHER.keys())
@by_each_listener
async def test_every_other_answer_is_of_one_of_two_sizes(
    portal: Running, listener: ListenerName, method: str, path: str, headers: dict[str, str], seen: tuple[int, int]
) -> None:
    assert (await Wire(portal, listener, LISTENERS[listener]).ask(method, path, **headers)).seen == seen


async def test_organisers_pages_are_of_few_sizes(portal: Running) -> None:
    await portal.harness.add_organiser(ORGANISER)
    wire = Wire(portal, "clearnet", CLEARNET)
    page = (await wire.get("/fr/organisation/")).page
    assert (await wire.send(page, name=ORGANISER, passphrase=PASSPHRASE)).seen == (303, HEAD)
    paths = {name: f"/{page_path(name, 'fr')}" for name in PAGES if is_of_organisers(name) and "GET" in PAGES[name]}
    sizes = {name: (await wire.get(path)).size for name, path in paths.items() if "{id}" not in path}
    assert {name: size for name, size in sizes.items() if size not in (HEAD, PAGE, *LARGER)} == {}
    assert sizes["organisers"] in LARGER


async def test_reader_who_takes_no_gzip_has_the_file_as_it_was_signed(portal: Running) -> None:
    content = render(edition())["fr/index.html"].content
    plain = await Wire(portal, "clearnet", CLEARNET).get("/fr/", Accept_Encoding="identity")
    assert (plain.response.content, plain.size) == (content, HEAD + len(content))
