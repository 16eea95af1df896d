"""The public pages in a browser without scripts: they fit the narrowest phone, the finger, and a sheet of paper."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from itertools import combinations
from typing import Final

import pytest
from playwright.sync_api import Browser, FloatRect, Page, ViewportSize

from portal.domain.event.event import Event, Mirror, Room
from portal.domain.event.event_file import read_event
from portal.domain.language import Text
from portal.domain.limits import EDITIONS_A_PAGE
from portal.domain.trust.signing import in_groups
from portal.mirror.export import export
from portal.site.bundled import bundled
from portal.site.render import Renderer, file_at, render
from tests.browser.measures import BROKEN_WORDS, OUTSIDE, SMALL_TARGETS, TAP_TARGET
from tests.factories.editions import long_history
from tests.factories.sample import FINGERPRINT, ONION, edition
from tests.factories.several_days import TWO_DAYS, talk

pytestmark = pytest.mark.browser

WIDTHS: Final[dict[str, int]] = {"the narrowest phone": 320, "a phone": 360, "a letterboxed Tor Browser": 1000}
PAGES: Final = tuple(
    f"real/{path}"
    for path in (
        "fr/",
        "en/",
        "fr/programme/",
        "fr/programme/grille/",
        "fr/programme/themes/",
        "fr/programme/salles/",
        "fr/programme/complet/",
        "fr/intervenants/",
        "fr/mon-programme/",
        "fr/mon-programme/choix/",
        "fr/en-ce-moment/",
        "fr/assemblee/",
        "fr/pratique/",
        "fr/inscription/",
        "fr/vie-privee/",
        "fr/miroirs/",
        "fr/nouveautes/",
        "fr/nouveautes/1/",
        "fr/seances/contre-la-technopolice/",
        "fr/themes/libre/",
        "404.html",
    )
)
LONG_PAGES: Final = (
    "long/fr/",
    "long/fr/programme/",
    "long/fr/programme/grille/",
    "long/fr/programme/themes/",
    "long/fr/seances/contre-la-technopolice/",
    "long/fr/themes/libre/",
    "long/fr/nouveautes/",
    "long/fr/miroirs/",
)
CANCELLED_PAGES: Final = tuple(
    f"cancelled/fr/{path}"
    for path in ("", "programme/", "programme/grille/", "programme/salles/", "seances/assemblee-generale/")
)
SHEETS: Final = tuple(f"real/fr/programme/{view}" for view in ("", "grille/", "themes/", "salles/"))


class Silent(SimpleHTTPRequestHandler):
    """Serves a folder and keeps no log."""

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Yield the address of three exported sites.

    That of the real event; the same with long words; the same with its sessions cancelled, and others in their place.
    """
    folder = tmp_path_factory.mktemp("site")
    event = event_of_the_site()
    export(render(long_history(EDITIONS_A_PAGE + 1, 3, event)), folder / "real")
    export(render(edition(with_long_words(event))), folder / "long")
    export(render(edition(with_sessions_cancelled(event))), folder / "cancelled")
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Silent, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


def event_of_the_site() -> Event:
    """The real event."""
    path = bundled("events") / "onestla.toml"
    return read_event(path.read_bytes(), path.name)


def with_long_words(event: Event) -> Event:
    """`event` with names that no line of a phone can hold."""
    word = Text("Intersectionnalité" * 6, "Intersectionality" * 6)
    return replace(
        event,
        name=word,
        place=replace(event.place, name=word, address=word["fr"]),
        themes=tuple(replace(theme, name=word) for theme in event.themes),
        rooms=tuple(replace(room, name=word) for room in event.rooms),
        sessions=tuple(replace(session, title=word) for session in event.sessions),
        mirrors=(Mirror("copy", word["fr"], word["fr"], ("https://copy.example/" + word["fr"],)),),
    )


def with_sessions_cancelled(event: Event) -> Event:
    """`event` with each session cancelled, and another in its place that ends five minutes earlier."""
    gone = tuple(replace(session, cancelled=True) for session in event.sessions)
    instead = (
        replace(
            session,
            id=f"{session.id}-2",
            end=(datetime.combine(event.days[0].date, session.end) - timedelta(minutes=5)).time(),
        )
        for session in event.sessions
    )
    return replace(event, sessions=(*gone, *instead))


@pytest.fixture(scope="module", params=list(WIDTHS.values()), ids=list(WIDTHS))
def page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """A tab without scripts, of each width, in which every page is opened in turn."""
    with browser.new_context(
        java_script_enabled=False, viewport=ViewportSize(width=request.param, height=700)
    ) as context:
        yield context.new_page()


@pytest.mark.parametrize("path", [*PAGES, *LONG_PAGES, *CANCELLED_PAGES])
def test_page_keeps_everything_within_its_width(page: Page, site: str, path: str) -> None:
    page.goto(site + path)
    assert page.evaluate(OUTSIDE) == []


@pytest.mark.parametrize("path", [*PAGES, *CANCELLED_PAGES])
def test_page_gives_the_finger_room(page: Page, site: str, path: str) -> None:
    page.goto(site + path)
    assert page.evaluate(SMALL_TARGETS, TAP_TARGET) == []


def test_every_page_is_one_request(browser: Browser, site: str) -> None:
    requested: list[str] = []
    with browser.new_context(java_script_enabled=False) as context:
        context.on("request", lambda request: requested.append(request.url))
        for path in PAGES:
            context.new_page().goto(site + path)
        for page in context.pages:
            page.wait_for_load_state("networkidle")
    assert [url for url in requested if not url.startswith("data:")] == [site + path for path in PAGES]


@pytest.mark.parametrize("path", SHEETS)
def test_programme_prints_on_one_sheet(browser: Browser, site: str, path: str) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(site + path)
        printed = page.pdf(prefer_css_page_size=True)
        page.emulate_media(media="print")
        foot = page.locator("footer")
        assert (foot.get_by_text(ONION).is_visible(), foot.get_by_role("link").first.is_visible()) == (True, False)
        assert foot.get_by_text(in_groups(FINGERPRINT)).is_visible()
    assert printed.count(b"/Type /Page\n") == 1


def test_nothing_covers_anything_in_a_grid_whose_sessions_are_all_replaced(browser: Browser, site: str) -> None:
    with browser.new_context(java_script_enabled=False, viewport=ViewportSize(width=1000, height=700)) as context:
        page = context.new_page()
        page.goto(f"{site}cancelled/fr/programme/grille/")
        boxes = [session.bounding_box() for session in page.locator("article.session").all()]
    assert len(boxes) == 2 * len(event_of_the_site().sessions)
    assert [pair for pair in combinations(boxes, 2) if is_covered(*pair)] == []


def is_covered(box: FloatRect | None, other: FloatRect | None) -> bool:
    """Return whether two boxes share more than an edge."""
    assert box is not None
    assert other is not None
    across = min(box["x"] + box["width"], other["x"] + other["width"]) - max(box["x"], other["x"])
    down = min(box["y"] + box["height"], other["y"] + other["height"]) - max(box["y"], other["y"])
    return across > 1 and down > 1


def test_grid_becomes_the_list_on_a_phone(browser: Browser, site: str) -> None:
    def columns(width: int) -> int:
        with browser.new_context(java_script_enabled=False, viewport=ViewportSize(width=width, height=700)) as context:
            page = context.new_page()
            page.goto(f"{site}real/fr/programme/grille/")
            return len(
                {round((session.bounding_box() or {"x": 0})["x"]) for session in page.locator("article.session").all()}
            )

    assert (columns(360), columns(1000)) == (1, 2)


ROOMS: Final = (3, 4, 5, 6, 8, 15)
TITLES: Final = ("Déconstitutionnalisation", "Intersectionnalité et logiciel libre", "Bilan", "Souveraineté numérique")


def event_in_rooms(count: int) -> Event:
    """An event in so many rooms: talks side by side, posters beside them, a break for everybody."""
    rooms = tuple(Room(f"room-{number}", Text(f"Amphithéâtre {number}"), Text()) for number in range(count))
    talks = [
        talk(
            f"talk-{hour}-{room.id}",
            f"{hour}:{15 * ((hour + number) % 2):02}",
            f"{hour + 1}:00",
            room.id,
            title=Text(TITLES[(hour + number) % len(TITLES)]),
        )
        for hour in (10, 11, 14)
        for number, room in enumerate(rooms)
    ]
    posters = talk("posters", "10:00", "15:00", "room-1", shares_room=True, title=Text("Affiches"))
    both = talk("both", "15:00", "16:00", "room-0", "room-1", title=Text("Plénière"))
    lunch = talk("lunch", "12:00", "14:00", kind="break", title=Text("Repas"))
    return replace(TWO_DAYS, days=TWO_DAYS.days[:1], rooms=rooms, speakers=(), sessions=(*talks, posters, both, lunch))


@pytest.mark.parametrize("count", ROOMS)
@pytest.mark.parametrize("width", [360, 900, 1280])
def test_grid_of_many_rooms_breaks_no_word_and_covers_nothing(browser: Browser, count: int, width: int) -> None:
    file = file_at(Renderer(edition(event_in_rooms(count))), "fr/programme/grille/index.html")
    assert file is not None
    with browser.new_context(java_script_enabled=False, viewport=ViewportSize(width=width, height=700)) as context:
        page = context.new_page()
        page.set_content(file.content.decode())
        assert page.evaluate(OUTSIDE) == []
        assert page.evaluate(BROKEN_WORDS) == []
        boxes = [session.bounding_box() for session in page.locator("article.session").all()]
        hour = page.locator(".grid tbody th").first
        assert hour.inner_text() == "10\xa0h"
        assert hour.is_visible()
    assert [pair for pair in combinations(boxes, 2) if is_covered(*pair)] == []
    assert len(boxes) >= 3 * count + 3
