"""The rules of every public page: of the real event, of a hostile one, of a large one."""

import random
import re
from base64 import b64encode
from dataclasses import fields, is_dataclass, replace
from functools import cache
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Final, cast
from urllib.parse import urldefrag, urljoin

import pytest

from portal.domain.event.event import Event, Mirror
from portal.domain.event.event_file import read_event
from portal.domain.event.languages import languages_of
from portal.domain.language import Text
from portal.domain.limits import (
    ANNOUNCEMENT_CHARACTERS,
    ANNOUNCEMENT_TITLE_CHARACTERS,
    ANNOUNCEMENTS,
    BODY_BYTES_ON_THE_WIRE,
)
from portal.origin.word_lists import word_lists
from portal.site.bundled import bundled
from portal.site.files import Files
from portal.site.pages import public_pages
from portal.site.paths import PageName, page_path
from portal.site.render import render
from portal.web.padding import compress_public
from tests.factories.document import Document
from tests.factories.sample import CLEARNET, EVENT, ONION, edition, event_of, news
from tests.factories.several_days import TWO_DAYS

INSIDE: Final = ("data:,", "data:image/png;base64,")
"""Addresses of what stands in the page itself: no icon, and images."""
MOUNT: Final = "http://copy.example/below/another/site/"
NEVER: Final = {
    *("script", "svg", "math", "iframe", "frame", "object", "embed", "applet", "base", "picture"),
    *("video", "audio", "source", "track", "canvas", "font", "template", "noscript", "portal"),
}
COPY: Final = "https://copy.example/below"
LINKS: Final = tuple(link.url for session in TWO_DAYS.sessions for link in session.links)
HOSTILE: Final = (
    "</style><script>alert(1)</script><svg onload=alert(1)> \"'><img src=https://spy.example/x onerror=alert(1)> "
    "[lien](javascript:alert(1)) ![vue](https://spy.example/y) <https://spy.example/z> {{ 7*7 }} {% raw %} %(name)s"
)


def hostile(value: object) -> object:
    """`value` with every text in it made hostile."""
    if isinstance(value, Text):
        return Text(HOSTILE, HOSTILE)
    if isinstance(value, tuple):
        return tuple(hostile(item) for item in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{field.name: hostile(getattr(value, field.name)) for field in fields(value)})
    return value


def real_event() -> Event:
    path = bundled("events") / "onestla.toml"
    return read_event(path.read_bytes(), path.name)


def hostile_event() -> Event:
    made = cast(Event, hostile(EVENT))
    session = replace(made.sessions[1], speakers=(HOSTILE,))
    return replace(
        made,
        collective=replace(made.collective, name=HOSTILE),
        place=replace(made.place, address=HOSTILE, city=HOSTILE),
        sessions=(made.sessions[0], session, *made.sessions[2:]),
        announcements=(replace(news(1, important=True), title=Text(HOSTILE, HOSTILE), text=Text(HOSTILE, HOSTILE)),),
        mirrors=(Mirror("copy", HOSTILE, HOSTILE, (f"{COPY}/", ONION)),),
    )


def event_with_sessions_cancelled() -> Event:
    """Return the real event, with every other session cancelled, and one replaced."""
    event = real_event()
    gone = tuple(replace(session, cancelled=number % 2 == 1) for number, session in enumerate(event.sessions))
    return replace(event, sessions=(*gone, replace(event.sessions[3], id="instead")))


def event_full_of_news() -> Event:
    """Return the real event with all the announcements it can have: important, of full length, of few same words."""
    rng, lists = random.Random(1), word_lists()

    def text(length: int) -> Text:
        return Text(
            *(" ".join(rng.choices(lists[language], k=length))[:length].strip() for language in languages_of(EVENT))
        )

    return replace(
        real_event(),
        announcements=tuple(
            replace(
                news(number, important=True),
                title=text(ANNOUNCEMENT_TITLE_CHARACTERS),
                text=text(ANNOUNCEMENT_CHARACTERS),
            )
            for number in range(ANNOUNCEMENTS)
        ),
    )


@cache
def site(name: str) -> Files:
    """Render the site of one of the events below."""
    return render(edition(EVENTS[name]))


EVENTS: Final = {
    "the real event": real_event(),
    "the real event, full of news": event_full_of_news(),
    "the real event, half cancelled": event_with_sessions_cancelled(),
    "an event whose texts attack": hostile_event(),
    "an event of 500 sessions": event_of(500),
    "an event of two days": TWO_DAYS,
    "an event of two long days": replace(event_of(100), days=TWO_DAYS.days),
    "an event in English alone": replace(EVENT, language="en", name=Text("", "A day")),
    "an event in Spanish": replace(real_event(), language="es", languages=("es", "fr")),
}


def paths_of(event: Event) -> list[str]:
    """Return every page that an event's site ought to have."""
    pages = [
        page_path(page, language, id)
        for language in languages_of(event)
        for page, id, _ in public_pages(edition(event))
    ]
    return ["index.html", "404.html", *(f"{path}index.html" for path in pages)]


# Of the many pages of the large event those are enough that grow with it. A quick check looks at two events alone.
QUICK: Final = ("the real event", "an event whose texts attack")
EVERY_PAGE: Final = [
    pytest.param(name, path, id=f"{name}: {path}", marks=[] if name in QUICK else [pytest.mark.slow])
    for name, event in EVENTS.items()
    for path in paths_of(event)
    if len(event.sessions) < 100 or not re.search(r"/s(?!100/)\d", path)
]
every_page = pytest.mark.parametrize(("name", "path"), EVERY_PAGE)


@cache
def page(name: str, path: str) -> Document:
    return Document(site(name)[path].content.decode())


@every_page
def test_page_holds_no_forbidden_element_and_no_forbidden_attribute(name: str, path: str) -> None:
    found = page(name, path)
    assert NEVER & {element.tag for element in found.elements} == set()
    assert [element for element in found.all("img") if not element.attributes["src"].startswith(INSIDE)] == []
    attributes = {attribute for element in found.elements for attribute in element.attributes}
    assert {
        attribute for attribute in attributes if attribute == "style" or attribute.startswith("on") or ":" in attribute
    } == set()


@every_page
def test_page_is_one_request_and_names_no_other_host(name: str, path: str) -> None:
    found = page(name, path)
    elsewhere = [
        address
        for address in found.addresses
        if re.match(r"[a-z]+:|//", address, re.IGNORECASE) and not address.startswith(INSIDE)
    ]
    assert [
        address for address in elsewhere if not address.startswith((f"{ONION}/", f"{CLEARNET}/", f"{COPY}/", *LINKS))
    ] == []
    assert not re.search(r"url\(|@import|@font-face", found.one("style").text)
    icon, *others = found.all("link")
    assert (icon.attributes["href"], {link.attributes["rel"] for link in others}) == ("data:,", {"alternate"})


@every_page
def test_page_allows_its_style_by_hash_and_nothing_else(name: str, path: str) -> None:
    found = page(name, path)
    digest = b64encode(sha256(found.one("style").text.encode()).digest()).decode()
    policies = [element.attributes["content"] for element in found.all("meta") if "http-equiv" in element.attributes]
    assert policies == [
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src 'self' data:; form-action 'self'; base-uri 'none'"
    ]


@every_page
def test_page_can_be_found_through_by_ear_and_by_keyboard(name: str, path: str) -> None:
    found = page(name, path)
    assert len(found.ids) == len(set(found.ids))
    assert [len(found.all(tag)) for tag in ("main", "footer", "h1", "title")] == [1, 1, 1, 1]
    assert found.one("html").attributes["lang"] == (path[:2] if "/" in path else EVENTS[name].language)
    assert all(element.attributes.get("aria-label") for element in found.all("nav"))
    assert found.all("a")[0].attributes["href"] == "#main"
    labels = [
        element.attributes["aria-labelledby"] for element in found.elements if "aria-labelledby" in element.attributes
    ]
    assert set(labels) <= set(found.ids)
    assert all(heading.text.strip() for heading in found.all("a", "h1", "h2", "h3"))


@every_page
def test_page_skips_no_level_of_heading(name: str, path: str) -> None:
    levels = [int(heading.tag[1]) for heading in page(name, path).all("h1", "h2", "h3", "h4", "h5", "h6")]
    assert levels[0] == 1
    assert [(level, two) for level, two in pairwise(levels) if two > level + 1] == []


@every_page
def test_page_links_to_what_is_there_wherever_the_site_is_mounted(name: str, path: str) -> None:
    for address in page(name, path).addresses:
        if address.startswith(("data:", ONION, CLEARNET, COPY, *LINKS)):
            continue
        target, fragment = urldefrag(urljoin(MOUNT + path.removesuffix("index.html"), address))
        assert target.startswith(MOUNT), f"{address} leads out of the site"
        inside = target.removeprefix(MOUNT).partition("?")[0]
        file = f"{inside}index.html" if inside.endswith("/") or not inside else inside
        assert file in site(name), f"{address} leads to nothing"
        assert not fragment or fragment in page(name, file).ids


@every_page
def test_page_leads_to_itself_in_the_other_language_and_back(name: str, path: str) -> None:
    def other(path: str) -> str:
        (link,) = [link.attributes["href"] for link in page(name, path).all("a") if "hreflang" in link.attributes]
        return urljoin(MOUNT + path.removesuffix("index.html"), link).removeprefix(MOUNT) + "index.html"

    first = EVENTS[name].language
    itself = path if "/" in path else f"{first}/index.html"
    assert other(path)[:2] != itself[:2]
    assert other(other(path)) == itself


@pytest.mark.parametrize("path", paths_of(EVENTS["the real event"]))
@pytest.mark.parametrize("name", [name for name in EVENTS if name.startswith("the real event")])
def test_page_of_the_real_event_fits_the_first_window_of_a_connection(name: str, path: str) -> None:
    assert len(compress_public(site(name)[path].content)) == BODY_BYTES_ON_THE_WIRE


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=[pytest.mark.slow] if len(EVENTS[name].sessions) == 500 else []) for name in EVENTS],
)
def test_site_has_every_page_in_every_language(name: str) -> None:
    pages = [path for path, file in site(name).items() if file.media_type == "text/html; charset=utf-8"]
    assert sorted(pages) == sorted(paths_of(EVENTS[name]))
    event = EVENTS[name]
    calendars: dict[PageName, tuple[str, ...]] = {
        "calendar": ("",),
        "session_calendar": tuple(session.id for session in event.sessions),
        "theme_calendar": tuple(theme.id for theme in event.themes),
        "room_calendar": tuple(room.id for room in event.rooms),
    }
    others = {
        page_path(page, language, id)
        for language in languages_of(event)
        for page, ids in {**calendars, "feed": ("",)}.items()
        for id in ids
    }
    assert set(site(name)) - set(pages) == {*others, "schedule.xml", "schedule.json", "giggity.json"}


def test_hostile_text_is_shown_as_it_was_typed() -> None:
    shown = page("an event whose texts attack", "fr/index.html")
    assert shown.one("h1").text.startswith("</style><script>alert(1)</script><svg onload=alert(1)>")
    assert "{{ 7*7 }}" in shown.one("h1").text
    assert "spy.example" not in "".join(value for found in shown.elements for value in found.attributes.values())


def test_root_is_the_home_in_the_language_of_the_event() -> None:
    assert page("the real event", "index.html").one("html").attributes["lang"] == "fr"
    assert page("an event in English alone", "index.html").one("html").attributes["lang"] == "en"
    home = page("the real event", "fr/index.html")
    assert page("the real event", "index.html").one("main").text == home.one("main").text


def test_templates_hold_no_comment_for_the_public() -> None:
    assert [path for path, file in site("the real event").items() if b"<!--" in file.content] == []
    assert Path(bundled("templates"), "style.css").read_text(encoding="utf-8").count("/*") > 0
    assert b"/*" not in site("the real event")["index.html"].content


NAMED_ONCE: Final = (
    "fr/index.html",
    "fr/pratique/index.html",
    "fr/seances/outils/index.html",
    "fr/programme/index.html",
)


@pytest.mark.parametrize("path", NAMED_ONCE)
def test_page_with_times_names_their_zone_once(path: str) -> None:
    assert render(edition())[path].content.decode().casefold().count("heure de paris") == 1
