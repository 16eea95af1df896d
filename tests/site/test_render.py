"""The renderer: a pure function of an edition, and pages at any depth for the routes of the origin."""

import ast
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from portal.domain.edition.edition import Addresses
from portal.domain.event.event import Mirror
from portal.domain.language import Language
from portal.domain.registration.stored_fields import STORED_FIELDS, STORED_TABLES
from portal.site import render as render_module
from portal.site.catalogue import translated
from portal.site.render import Renderer, render
from portal.site.typography import capitalised
from tests.factories.document import Document
from tests.factories.sample import CLEARNET, EVENT, ONION, edition

IMPURE = {"os", "random", "secrets", "socket", "time", "uuid", "locale", "platform", "subprocess", "urllib"}
IMPURE_CALLS = {"now", "today", "utcnow", "getenv", "environ"}


def documents(clearnet: str | None, onion: str | None) -> dict[str, Document]:
    files = render(edition(clearnet=clearnet, onion=onion))
    return {path: Document(file.content.decode()) for path, file in files.items() if path.endswith(".html")}


def test_same_edition_gives_the_same_bytes() -> None:
    assert render(edition()) == render(edition())


def test_edition_without_addresses_names_no_host_anywhere() -> None:
    files = render(edition(clearnet=None, onion=None))
    namespace = b"http://www.w3.org/2005/Atom"  # the name of a vocabulary, which nothing is fetched from
    assert [path for path, file in files.items() if b"://" in file.content.replace(namespace, b"")] == []


@pytest.mark.parametrize("module", sorted(Path(render_module.__file__).parent.glob("*.py")), ids=lambda path: path.stem)
def test_site_reads_no_clock_no_chance_and_no_environment(module: Path) -> None:
    tree = ast.parse(module.read_text(encoding="utf-8"))
    statements = [node for node in ast.walk(tree) if isinstance(node, ast.Import)]
    imported = {alias.name.partition(".")[0] for node in statements for alias in node.names}
    imported |= {(node.module or "").partition(".")[0] for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    called = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert (imported & IMPURE, called & IMPURE_CALLS) == (set(), set())


@pytest.mark.parametrize("page", ["inscription", "billet"])
def test_copy_sends_people_to_the_origin_the_onion_first(page: str) -> None:
    found = documents(CLEARNET, ONION)[f"fr/{page}/index.html"]
    away = [address for address in found.addresses if "://" in address]
    assert away == [f"{ONION}/fr/{page}/", f"{CLEARNET}/fr/{page}/"]


@pytest.mark.parametrize("page", ["inscription", "billet", "miroirs"])
def test_copy_says_in_words_that_it_knows_no_address(page: str) -> None:
    without, with_one = documents(None, None), documents(None, ONION)
    assert "adresse" in without[f"fr/{page}/index.html"].one("main").text
    assert [address for address in without[f"fr/{page}/index.html"].addresses if "://" in address] == []
    assert len([address for address in with_one[f"fr/{page}/index.html"].addresses if "://" in address]) == 1


def test_edition_tells_its_number_its_time_in_the_zone_and_its_comment() -> None:
    shown = " ".join(documents(None, None)["fr/miroirs/index.html"].one("main").text.split())
    assert "Édition 2, publiée le mercredi 2 décembre 2026 à 14 h 05." in shown
    assert "Salles confirmées" in shown


@pytest.mark.parametrize(("language", "path"), [("fr", "fr/vie-privee/"), ("en", "en/privacy/")])
def test_privacy_page_shows_every_stored_field_and_the_day_of_erasure(language: Language, path: str) -> None:
    found = documents(None, None)[f"{path}index.html"]
    what, why, until = (translated(language, word) for word in ("What", "Why", "Until when"))
    about_you = [(in_words(language, field.what), in_words(language, field.why)) for field in STORED_FIELDS]
    about_all = [
        (in_words(language, field.what), in_words(language, field.why), in_words(language, field.until))
        for field in STORED_TABLES
    ]
    cells = [" ".join(cell.text.split()) for cell in found.all("th", "td")]
    assert cells == [cell for row in ((what, why), *about_you, (what, why, until), *about_all) for cell in row]
    sentences = {
        translated(language, "All of it is kept %(until)s.", {"until": field.until}) for field in STORED_FIELDS
    }
    shown = " ".join(found.one("main").text.split())
    assert all(shown.count(" ".join(sentence.split())) == 1 for sentence in sentences)
    assert [time.attributes["datetime"] for time in found.all("time")] == ["2027-01-14"]


def in_words(language: Language, message: str) -> str:
    return capitalised(" ".join(translated(language, message).split()))


def test_session_page_tells_when_in_the_zone_of_the_event() -> None:
    found = documents(None, None)["fr/seances/outils/index.html"]
    assert [time.attributes["datetime"] for time in found.all("time")][:2] == [
        "2026-12-15T11:30+01:00",
        "2026-12-15T12:30+01:00",
    ]


def test_renderer_links_from_any_depth() -> None:
    renderer = Renderer(edition())
    found = Document(renderer.page("error.html", "fr/a/b//c", "fr", status=404, message="").decode())
    assert found.all("a")[1].attributes["href"] == "../../../../fr/"
    at_the_root = Document(renderer.page("error.html", "nowhere", "en", status=404, message="").decode())
    assert at_the_root.all("a")[1].attributes["href"] == "./en/"


@pytest.mark.parametrize("status", [400, 404, 405, 413, 421, 500, 503])
def test_error_page_tells_the_message_or_the_usual_words(status: int) -> None:
    renderer = Renderer(edition())
    with_message = Document(renderer.page("error.html", "x", "fr", status=status, message="Ceci & cela").decode())
    without_message = Document(renderer.page("error.html", "x", "fr", status=status, message="").decode())
    assert "Ceci & cela" in with_message.one("main").text
    assert without_message.one("h1").text == with_message.one("h1").text
    assert without_message.one("main").text != with_message.one("main").text


def test_renderer_offers_the_hash_of_its_style() -> None:
    renderer = Renderer(edition())
    assert renderer.style_hash in renderer.page("error.html", "x", "fr", status=404, message="").decode()
    other = replace(EVENT, colours=replace(EVENT.colours, accent="#005f73"))
    assert Renderer(edition(other)).style_hash != renderer.style_hash


def test_organisers_pages_alone_carry_their_own_style() -> None:
    """Keep a public page small enough for the first window of a connection."""
    renderer = Renderer(edition())
    page = partial(renderer.page, "error.html", "x", "fr", status=404, message="")
    own, theirs = page("home").decode(), page("policy").decode()
    assert renderer.style_hash in own
    assert renderer.organisers_style_hash not in own
    assert ".sheet" not in own
    assert renderer.organisers_style_hash in theirs
    assert ".sheet" in theirs
    assert own.partition("<style>")[2].partition("</style>")[0] in theirs


def test_edition_differs_from_another_by_what_was_published_alone() -> None:
    first, other = edition(), replace(edition(), number=3, addresses=Addresses(onion=ONION))
    assert set(render(first)) == set(render(other))


def test_copies_of_others_are_told_with_who_keeps_them_and_where_they_are() -> None:
    kept = Mirror("pies", "Le miroir des pies", "Association Les Pies", ("https://pies.example/copie/", ONION))
    files = render(edition(replace(EVENT, mirrors=(kept,)), clearnet=None, onion=None))
    found = Document(files["fr/miroirs/index.html"].content.decode())
    assert [address for address in found.addresses if "://" in address] == [
        "https://pies.example/copie/fr/",
        f"{ONION}/fr/",
    ]
    assert "Le miroir des pies" in [heading.text for heading in found.all("h3")]
    assert "Tenue par Association Les Pies" in [paragraph.text for paragraph in found.all("p")]
    assert [term.text for term in found.all("dt")] == ["Avec tout navigateur", "Avec le navigateur Tor"]


def test_site_without_copies_says_nothing_of_them() -> None:
    assert "copies" not in documents(None, None)["fr/miroirs/index.html"].ids
