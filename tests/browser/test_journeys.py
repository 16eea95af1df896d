"""An attendee and an organiser on a phone, in a real browser without scripts, before a portal that really runs."""

import re
from collections.abc import Iterator
from typing import Final

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.browser.portal import FORM_MILLISECONDS, PHONE, Portal, assert_fits, heading, running_portal, signed_in

pytestmark = pytest.mark.browser

QR_PIXELS: Final = 232
"""The image of a ticket's code: 21 modules and two quiet zones of 4, 8 pixels each."""


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """The portal of the real event, set up and started as its organisers would."""
    with running_portal(tmp_path_factory.mktemp("portal")) as portal:
        yield portal


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser on a phone, without scripts, that has never been anywhere."""
    with browser.new_context(java_script_enabled=False, viewport=PHONE, locale="fr-FR") as context:
        yield context


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


def filled_in(page: Page, portal: Portal) -> tuple[str, str]:
    """Come by the home page to the form, and take the time that a person takes; the code and the passphrase noted."""
    page.goto(portal.url)
    page.get_by_role("main").get_by_role("link", name="S’inscrire").first.click()
    ticket = page.locator("p.code").inner_text(), page.get_by_label("Phrase de passe").input_value()
    assert_fits(page)
    page.wait_for_timeout(FORM_MILLISECONDS)
    return ticket


def test_attendee_registers_comes_back_and_cancels(page: Page, context: BrowserContext, portal: Portal) -> None:
    code, passphrase = filled_in(page, portal)
    page.get_by_label("Pseudonyme").fill("Nausicaä")
    page.get_by_role("button", name="S’inscrire").click()
    assert (heading(page), page.locator("dd.code").inner_text()) == ("Vous avez une place", code)
    assert page.url == f"{portal.url}fr/inscription/"
    assert_fits(page)

    page.get_by_role("contentinfo").get_by_role("link", name="Mon billet").click()
    assert_fits(page)
    page.get_by_label("Code").fill(code.lower().replace("-", " "))
    page.get_by_label("Phrase de passe").fill(passphrase.replace(" ", "  "))
    page.get_by_role("button", name="Ouvrir mon billet").click()
    assert (heading(page), page.get_by_text("Nausicaä").count()) == ("Vous avez une place", 1)

    page.get_by_label("Pseudonyme").fill("Ada")
    page.get_by_role("button", name="Changer le pseudonyme").click()
    assert page.get_by_role("status").inner_text() == "Votre pseudonyme est changé."
    assert_fits(page)
    page.get_by_role("button", name="Changer la phrase de passe").click()
    assert_fits(page)
    passphrase = page.get_by_label("Nouvelle phrase de passe").input_value()
    page.get_by_role("button", name="Changer la phrase de passe").click()
    assert (heading(page), page.locator("dd", has_text="Ada").count()) == ("Vous avez une place", 1)
    page.get_by_role("contentinfo").get_by_role("link", name="Mon billet").click()
    page.get_by_label("Code").fill(code)
    page.get_by_label("Phrase de passe").fill(passphrase)
    page.get_by_role("button", name="Ouvrir mon billet").click()
    assert page.get_by_role("img").evaluate("one => one.naturalWidth") == QR_PIXELS

    page.get_by_role("button", name="Rendre la place").click()
    assert_fits(page)
    page.get_by_role("button", name="Oui, tout effacer").click()
    assert heading(page) == "C’est effacé"
    assert_fits(page)
    assert context.cookies() == []


def test_attendee_puts_a_refused_form_right(page: Page, portal: Portal) -> None:
    code, _ = filled_in(page, portal)
    page.get_by_label("Phrase de passe").fill("trop court")
    page.get_by_label("Pseudonyme").fill("Ada")
    page.get_by_role("button", name="S’inscrire").click()
    wrong = page.get_by_label("Phrase de passe")
    expect(wrong).to_have_accessible_description(re.compile("au moins 12 caractères"))
    assert_fits(page)
    wrong.fill("assez long cette fois-ci")
    page.get_by_role("button", name="S’inscrire").click()
    assert (heading(page), page.locator("dd.code").inner_text()) == ("Vous avez une place", code)
    assert page.get_by_text("Ada", exact=True).count() == 1


def test_form_and_ticket_print_what_a_person_takes_along_on_one_sheet(page: Page, portal: Portal) -> None:
    filled_in(page, portal)
    page.emulate_media(media="print")
    shown = [page.locator("p.code"), page.get_by_label("Phrase de passe"), page.get_by_text("Notez les deux")]
    hidden = [page.get_by_label("Pseudonyme"), page.locator("button"), page.get_by_role("navigation").first]
    assert ([element.is_visible() for element in shown], [element.is_visible() for element in hidden]) == (
        [True] * 3,
        [False] * 3,
    )
    assert sheets(page) == 1
    page.emulate_media(media="screen")
    page.get_by_role("button", name="S’inscrire").click()
    page.locator("dd.code").wait_for()
    page.emulate_media(media="print")
    assert [page.locator(selector).first.is_visible() for selector in ("dd.code", ".qr img", "form")] == [
        True,
        True,
        False,
    ]
    assert sheets(page) == 1


def sheets(page: Page) -> int:
    """Count the sheets of paper that the page takes."""
    return page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n")


def test_attendee_whose_answer_is_lost_tries_again_and_has_one_ticket(page: Page, portal: Portal) -> None:
    code, _ = filled_in(page, portal)
    lost: list[int] = []

    def lose_the_answer(route: Route) -> None:
        lost.append(route.fetch().status)
        route.abort()

    page.route(re.compile("/inscription/"), lose_the_answer, times=1)
    page.get_by_role("button", name="S’inscrire").click()
    page.wait_for_url("chrome-error://**")
    assert lost == [200]
    page.reload()
    assert (heading(page), page.locator("dd.code").inner_text()) == ("Vous avez une place", code)


def test_organiser_edits_and_publishes(page: Page, context: BrowserContext, portal: Portal) -> None:
    page.goto(f"{portal.url}fr/organisation/")
    assert_fits(page)
    signed_in(page, portal)
    assert heading(page) == "Vue d’ensemble"
    assert_fits(page)
    page.get_by_role("link", name="Programme").first.click()
    assert_fits(page)
    page.get_by_role("link", name="Du libre contre la technopolice").click()
    assert_fits(page)
    page.get_by_label("Titre, en français", exact=True).fill("Le libre face à la technopolice")
    page.get_by_role("button", name="Enregistrer dans le brouillon").click()
    assert page.get_by_role("status").inner_text().endswith("Du libre contre la technopolice")
    assert_fits(page)
    page.get_by_role("link", name="Publier…").click()
    assert_fits(page)
    page.get_by_label("Ce qui est nouveau").fill("Un titre plus juste.")
    with page.expect_navigation():
        page.get_by_role("button", name="Publier maintenant").click()
    assert re.search(r"L’édition\s2\b.*Un titre plus juste\.", page.get_by_role("main").inner_text(), re.DOTALL)
    assert_fits(page)
    page.get_by_role("link", name="Site public").click()
    page.wait_for_url(f"{portal.url}fr/")
    page.goto(f"{portal.url}fr/programme/")
    assert page.get_by_role("link", name="Le libre face à la technopolice").count() == 1
    page.goto(f"{portal.url}fr/organisation/")
    page.get_by_role("button", name="Se déconnecter").click()
    assert (heading(page), context.cookies()) == ("Organisation", [])


def test_organiser_loses_no_line_when_the_session_ends(page: Page, context: BrowserContext, portal: Portal) -> None:
    page.goto(f"{portal.url}fr/organisation/")
    signed_in(page, portal)
    page.get_by_role("link", name="Programme").first.click()
    page.get_by_role("link", name="Pause déjeuner").click()
    page.get_by_label("Description, en français").fill("Une ligne.\n\n« Une » & <autre>.")
    context.clear_cookies()
    page.get_by_role("button", name="Enregistrer dans le brouillon").click()
    assert_fits(page)
    signed_in(page, portal)
    assert heading(page) == "Votre saisie est gardée"
    assert_fits(page)
    page.get_by_role("button", name="Continuer").click()
    page.get_by_role("link", name="Pause déjeuner").click()
    assert page.get_by_label("Description, en français").input_value() == "Une ligne.\n\n« Une » & <autre>."
