"""A mirror that nobody vouches for any longer says so on every page, and is told from an altered one."""

import threading
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest

from portal.cli.verify import is_of, verdict_on
from portal.domain.edition.edition import Addresses
from portal.domain.limits import BODY_BYTES_ON_THE_WIRE, HEAD_BYTES_ON_THE_WIRE
from portal.mirror.app import MirrorSite
from portal.mirror.client.banner import sentences, without_banner
from portal.mirror.client.fetching import ignore_progress
from portal.mirror.client.folder import MirrorFolder, ServedEdition
from portal.mirror.client.follow import follow
from portal.mirror.client.metadata import for_visitors
from portal.mirror.client.tuf_client import roots_up_to, verified_metadata
from portal.mirror.client.verify import Verdict, verify
from portal.origin.installation import now
from portal.services import OnionView
from portal.site.edition_files import LazyFiles, edition_files
from portal.site.files import File
from portal.web.listeners import Listener, clearnet_listener, onion_listener
from tests.factories.origin import Origin
from tests.factories.portal import Clock
from tests.factories.sample import CLEARNET, EVENT, ONION, edition
from tests.fakes.tuf_simulator import Moving, Simulator

pytestmark = pytest.mark.anyio
EDITION = edition(EVENT)
FRENCH = "Cette copie n’a pas pu être renouvelée depuis le"
ENGLISH = "This copy could not be renewed since"


def served(folder: Path, by: timedelta = timedelta(0)) -> ServedEdition:
    """Return a mirror of the sample event, which the origin signed by a clock that is turned `by`."""
    origin = Origin(folder / "origin", by).begin()
    origin.repository.sign(edition_files(EDITION), ["fr/inscription/index.html"], EDITION.number)
    files = {**edition_files(EDITION), **origin.repository.files()}
    source = Simulator({path: file.content for path, file in files.items()}).source
    mirror = MirrorFolder(folder / "copy")
    mirror.begin(roots_up_to(source, None))
    return follow(mirror, source, None, ignore_progress, LazyFiles, now()).served


OFF = OnionView("off", None)
PROVEN = OnionView("reachable", ONION, ONION)
UNPROVEN = OnionView("unproven", None, ONION)
COPY = "https://copy.example"


AT_HOME = clearnet_listener("")
PUBLIC = clearnet_listener(COPY)


async def answer(
    current: MirrorSite, path: str, method: str = "GET", listener: Listener = AT_HOME, onion: OnionView = OFF
) -> httpx.Response:
    transport = httpx.ASGITransport(app=current.app_at(listener, lambda: onion))
    async with httpx.AsyncClient(transport=transport, base_url=listener.address() or "http://localhost") as client:
        return await client.request(method, path)


ONION_LOCATIONS: dict[str, tuple[str, str, Listener, OnionView, list[str]]] = {
    "a page": ("GET", "/fr/programme/", PUBLIC, PROVEN, [f"{ONION}/fr/programme/"]),
    "a page asked something": ("GET", "/en/?a=%20&b", PUBLIC, PROVEN, [f"{ONION}/en/?a=%20&b"]),
    "a page that the origin answers": ("GET", "/fr/inscription/", PUBLIC, PROVEN, [f"{ONION}/fr/inscription/"]),
    "a page by HEAD": ("HEAD", "/fr/programme/", PUBLIC, PROVEN, [f"{ONION}/fr/programme/"]),
    "a page before the proof": ("GET", "/fr/programme/", PUBLIC, UNPROVEN, []),
    "a page of a mirror without an onion": ("GET", "/fr/programme/", PUBLIC, OFF, []),
    "a page at home": ("GET", "/fr/programme/", AT_HOME, PROVEN, []),
    "a page in the clear": ("GET", "/fr/programme/", clearnet_listener("http://copy.example"), PROVEN, []),
    "a page at the onion": ("GET", "/fr/programme/", onion_listener(lambda: ONION), PROVEN, []),
    "a file that is no page": ("GET", "/fr/evenement.ics", PUBLIC, PROVEN, []),
    "a file of the signatures": ("GET", "/tuf/timestamp.json", PUBLIC, PROVEN, []),
    "what is gone": ("GET", "/fr/nowhere/", PUBLIC, PROVEN, []),
}


@pytest.mark.parametrize("is_late", [False, True], ids=["fresh", "late"])
async def test_own_onion_of_the_mirror_is_told_on_clearnet_pages_alone(tmp_path: Path, is_late: bool) -> None:
    first = served(tmp_path)
    current = MirrorSite(first, sentences(), lambda: first.until if is_late else first.until - timedelta(days=1))
    locations = {
        name: (await answer(current, path, method, listener, onion)).headers.get_list("onion-location")
        for name, (method, path, listener, onion, _) in ONION_LOCATIONS.items()
    }
    assert locations == {name: expected for name, (*_, expected) in ONION_LOCATIONS.items()}


@pytest.mark.parametrize("is_late", [False, True], ids=["fresh", "late"])
async def test_answers_of_a_mirror_are_of_the_sizes_of_the_origin(tmp_path: Path, is_late: bool) -> None:
    first = served(tmp_path)
    current = MirrorSite(first, sentences(), lambda: first.until if is_late else first.until - timedelta(days=1))
    paths = [f"/{for_visitors(path)}" for path in first.files] + ["/fr/nowhere/", "/fr/programme"]
    sizes = {path: size(await answer(current, path, listener=PUBLIC, onion=PROVEN)) for path in paths}
    empty = dict.fromkeys(("/fr/nowhere/", "/fr/programme"), (HEAD_BYTES_ON_THE_WIRE, 0))
    assert sizes == dict.fromkeys(paths, (HEAD_BYTES_ON_THE_WIRE, BODY_BYTES_ON_THE_WIRE)) | empty


def size(answer: httpx.Response) -> tuple[int, int]:
    """Return the lengths of the head and the body of a response on the wire."""
    line = f"HTTP/1.1 {answer.status_code} {answer.reason_phrase}\r\n"
    head = line + "".join(f"{name}: {value}\r\n" for name, value in answer.headers.multi_items()) + "\r\n"
    return len(head), int(answer.headers["content-length"])


async def test_every_page_of_a_late_mirror_says_so_once_and_is_the_signed_one_beneath(tmp_path: Path) -> None:
    first = served(tmp_path)
    current = MirrorSite(first, sentences(), lambda: first.until)
    pages = {path: file.content for path, file in first.files.items() if path.endswith(".html")}
    read = {path: (await answer(current, f"/{for_visitors(path)}")).content for path in pages}
    assert len(pages) > 40
    counts = {path: content.count(FRENCH.encode()) + content.count(ENGLISH.encode()) for path, content in read.items()}
    assert counts == dict.fromkeys(pages, 1)
    assert {path: without_banner(content, sentences(), first.until) for path, content in read.items()} == pages
    others = {path: file.content for path, file in first.files.items() if path not in pages}
    assert {path: (await answer(current, f"/{path}")).content for path in others} == others


async def test_banner_comes_when_its_time_comes_and_leaves_with_the_next_sign(tmp_path: Path) -> None:
    first = served(tmp_path)
    clock = Clock(first.until - timedelta(minutes=1))
    current = MirrorSite(first, sentences(), clock)
    assert (await answer(current, "/fr/programme/")).content == first.files["fr/programme/index.html"].content
    clock.turn(minutes=1)
    current.check_expiry()
    french, english = await answer(current, "/fr/programme/"), await answer(current, "/en/programme/")
    assert (french.text.count(FRENCH), english.text.count(ENGLISH)) == (1, 1)
    assert (await answer(current, "/fr/evenement.ics")).content == first.files["fr/evenement.ics"].content
    current.show(replace(first, until=first.until + timedelta(hours=48)))
    assert FRENCH not in (await answer(current, "/fr/programme/")).text


def test_edition_that_comes_while_the_clock_is_looked_at_is_shown(tmp_path: Path) -> None:
    first = served(tmp_path)
    newer = replace(
        first, until=first.until + timedelta(hours=48), files={**first.files, "new.txt": File(b"", "text/plain")}
    )
    comes, calls = threading.Thread(target=lambda: current.show(newer)), 0

    def clock() -> datetime:
        """Return a time at which the edition is late from the second call on, and let the next edition come then."""
        nonlocal calls
        calls += 1
        if calls == 3:
            comes.start()
            comes.join(0.3)
        return first.until if calls > 1 else first.until - timedelta(minutes=1)

    current = MirrorSite(first, sentences(), clock)
    current.check_expiry()
    comes.join()
    assert current.served == newer
    assert "/new.txt" in current.pages.files


async def test_mirror_has_no_page_that_takes_anything(tmp_path: Path) -> None:
    first = served(tmp_path)
    current = MirrorSite(first, sentences(), lambda: first.until)
    assert (await answer(current, "/fr/inscription/", "POST")).status_code == 405
    gone = [await answer(current, path) for path in ("/fr/organisation/", "/tuf/waiting/root.json", "/" + "a/" * 40)]
    assert [(response.status_code, response.headers.get("location")) for response in gone] == [
        (302, "../../404.html"),
        (404, None),
        (302, "../" * 15 + "404.html"),
    ]
    assert all("content-security-policy" in response.headers for response in gone)


async def test_offer_is_taken_at_its_own_address_alone(tmp_path: Path) -> None:
    first = served(tmp_path)
    current = MirrorSite(first, sentences(), lambda: first.until, MirrorFolder(tmp_path / "copy"))
    paths = ("/tuf/offer", "/tuf/offer/unknown", "/tuf/offer/", "/tuf/offers", "/fr/tuf/offer/unknown")
    assert [(await answer(current, path, "POST")).status_code for path in paths] == [409, 409, 404, 404, 302]


def late(current: MirrorSite) -> Simulator:
    """Return a late mirror, as it is read from outside."""
    by_path = {path[1:]: file.plain.body for path, file in current.pages.files.items()}
    return Simulator(
        {f"{path}index.html" if path.endswith("/") or not path else path: by_path[path] for path in by_path}
    )


def verdict_as_mirror(simulator: Simulator) -> Verdict:
    signed = verified_metadata(simulator.source, roots_up_to(simulator.source, None)[-1], now())
    return verify(simulator.source, signed, list(signed.targets.targets), sentences(), False, ignore_progress)


def test_late_mirror_is_told_from_an_altered_one(tmp_path: Path) -> None:
    first = served(tmp_path, timedelta(hours=-47))
    simulator = late(MirrorSite(first, sentences(), lambda: first.until))
    assert FRENCH.encode() in simulator.files["fr/index.html"]
    verdict = verdict_as_mirror(simulator)
    assert (verdict.altered, verdict.signed.until) == ((), first.until)


FALSE_BANNERS = {
    "other words": (FRENCH, "Les inscriptions sont à https://voleur.example depuis le"),
    "another moment": ("depuis le 20", "depuis le 19"),
    "a link in it": ("(UTC)", '<a href="https://voleur.example">ici</a>'),
    "twice": ("</p>\n<a class", "</p>\n<p>!</p><a class"),
}


@pytest.mark.parametrize(("old", "new"), FALSE_BANNERS.values(), ids=FALSE_BANNERS.keys())
def test_banner_of_somebody_else_is_an_alteration(tmp_path: Path, old: str, new: str) -> None:
    first = served(tmp_path)
    simulator = late(MirrorSite(first, sentences(), lambda: first.until))
    page = simulator.files["fr/index.html"]
    simulator.files["fr/index.html"] = page.replace(old.encode(), new.encode(), 1)
    assert simulator.files["fr/index.html"] != page
    assert verdict_as_mirror(simulator).altered == ("fr/index.html",)


def test_page_that_the_origin_answers_is_excused_at_the_origin_alone(tmp_path: Path) -> None:
    first = served(tmp_path)
    simulator = Simulator({path: file.content for path, file in {**first.files, **first.metadata}.items()})
    assert verdict_as_mirror(simulator).altered == ()
    assert verdict_on(simulator.source, None).altered == ()
    simulator.files["fr/inscription/index.html"] = b"<form action='https://voleur.example'>"
    assert verdict_on(simulator.source, None).altered == ("fr/inscription/index.html",)


def test_mirror_that_takes_an_edition_while_it_is_verified_is_true(tmp_path: Path) -> None:
    origin = Origin(tmp_path / "origin").begin()
    states = []
    for number in (1, 2):
        files = edition_files(replace(EDITION, number=number))
        origin.repository.sign(files, [], number)
        states.append({path: file.content for path, file in {**files, **origin.repository.files()}.items()})
    before, after = states
    after |= {path: content for path, content in before.items() if path.startswith("tuf/") and path not in after}
    verdict = verdict_on(Moving(before, after).source, None)
    assert (verdict.signed.edition, verdict.altered) == (2, ())


def test_origin_is_known_by_what_was_signed() -> None:
    known = replace(EDITION, addresses=Addresses(CLEARNET, ONION))
    calls = [f"{CLEARNET}/", ONION, "https://copy.example", "http://127.0.0.1:8000/"]
    assert [is_of(known, address) for address in calls] == [True, True, False, True]
    assert is_of(None, CLEARNET) is False
