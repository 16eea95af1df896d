"""Links from a text to another page of the site, and those that lead nowhere."""

from dataclasses import replace
from typing import Final

import pytest

from portal.domain.errors import Problem
from portal.domain.event.event import Event, Speaker
from portal.domain.event.languages import languages_of
from portal.domain.language import Language, Text
from portal.site.links import PAGES, ForeignAddress, LinkTarget, broken_links, link_target
from portal.site.paths import page_path
from portal.site.render import render
from portal.site.view import View
from tests.factories.sample import EVENT, edition, news

CASES: Final = {
    "a session": ("[l’AG](session:ag)", '<p><a href="../../fr/seances/ag/">l’AG</a></p>\n'),
    "a theme": ("[*libre*](theme:libre)", '<p><a href="../../fr/themes/libre/"><em>libre</em></a></p>\n'),
    "a room": ("[là](room:petite)", '<p><a href="../../fr/salles/petite/">là</a></p>\n'),
    "a speaker": ("[iel](speaker:le-collectif)", '<p><a href="../../fr/intervenants/le-collectif/">iel</a></p>\n'),
    "a page": ("[venir](page:practical)", '<p><a href="../../fr/pratique/">venir</a></p>\n'),
    "a session that is not there is its words": ("[rien](session:rien)", "<p>rien</p>\n"),
    "a page that is not for texts is its words": ("[moi](page:organisers)", "<p>moi</p>\n"),
    "a link without words is nothing": ("[](session:ag)", "<p></p>\n"),
    "a bare address is left as it is": ("<session:ag>", "<p>session:ag</p>\n"),
    "what breaks out of the attribute is no id": ('[a](session:ag"><b>)', "<p>a</p>\n"),
    "an address elsewhere stays words": ("[nous](https://a.example)", "<p>nous (https://a.example)</p>\n"),
    "a scheme that is not ours stays words": ("[a](sessions:ag)", "<p>a (sessions:ag)</p>\n"),
}


@pytest.mark.parametrize(("text", "html"), CASES.values(), ids=CASES.keys())
def test_link_in_a_text(text: str, html: str) -> None:
    view = View(EVENT, "fr/pratique/", "fr", "practical", "")
    assert view.long_text(Text(text, "")) == html


def test_link_leads_within_the_language_of_the_page() -> None:
    assert 'href="../en/sessions/ag/"' in View(EVENT, "en/", "en", "home", "").long_text(Text("[AG](session:ag)", ""))


@pytest.mark.parametrize("language", languages_of(EVENT))
@pytest.mark.parametrize("page", PAGES)
def test_every_page_that_a_text_can_lead_to_is_one(page: str, language: Language) -> None:
    place = link_target(EVENT, f"page:{page}")
    assert place is not None
    assert f"{page_path(place.page, language)}index.html" in render(edition())


def test_place_of_an_address() -> None:
    assert link_target(EVENT, "session:ag") == LinkTarget("session", "ag")
    assert link_target(EVENT, "session:") is None
    with pytest.raises(ForeignAddress):
        link_target(EVENT, "mailto:a@b.example")


def with_links(event: Event) -> Event:
    """`event` with a link that leads nowhere in each kind of text."""
    first, *others = event.sessions
    broken = Text("[a](session:b)", "")
    return replace(
        event,
        texts=replace(event.texts, access=Text("", "[a](page:b) [c](https://c.example) [d](page:news)")),
        sessions=(
            replace(first, abstract=Text("[a](theme:b)", "[a](room:b)"), description=Text("[a](speaker:b)")),
            *others,
        ),
        speakers=(Speaker("ada", "Ada Exemple", broken),),
        announcements=(replace(news(1), text=broken),),
    )


def test_broken_links_are_told_by_their_table_their_key_and_their_id() -> None:
    text = "the link “%(address)s” leads nowhere"
    assert broken_links(with_links(EVENT)) == (
        Problem("texts", "access.en", text, (("address", "page:b"),)),
        Problem("sessions[1]", "abstract.fr", text, (("address", "theme:b"),), "accueil"),
        Problem("sessions[1]", "abstract.en", text, (("address", "room:b"),), "accueil"),
        Problem("sessions[1]", "description.fr", text, (("address", "speaker:b"),), "accueil"),
        Problem("speakers[1]", "biography.fr", text, (("address", "session:b"),), "ada"),
        Problem("announcements[1]", "text.fr", text, (("address", "session:b"),), "news-1"),
    )


def test_link_to_a_cancelled_session_is_not_broken() -> None:
    cancelled = tuple(replace(session, cancelled=session.id == "outils") for session in EVENT.sessions)
    texts = replace(EVENT.texts, access=Text("[a](session:outils)", ""))
    assert broken_links(replace(EVENT, sessions=cancelled, texts=texts)) == ()
