"""An organiser looks at the draft and at an old edition, takes one back, and carries the event out and in as a file."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, Page

from portal.domain.event.event_file import read_event
from tests.browser.portal import PHONE, Portal, assert_fits, heading, running_portal, signed_in

TITLE: Final = "Le libre face à la technopolice"


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """The real event, running."""
    with running_portal(tmp_path_factory.mktemp("portal")) as running:
        yield running


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A phone without scripts."""
    with browser.new_context(viewport=PHONE, java_script_enabled=False, locale="fr-FR") as context:
        yield context.new_page()


def test_organiser_looks_at_an_old_edition_and_takes_it_back(page: Page, portal: Portal) -> None:
    begin(page, portal)
    rename(page, portal, TITLE)
    publish(page)
    page.get_by_role("link", name="Toutes les éditions").click()
    assert_fits(page)
    page.get_by_role("link", name="Voir (1)").click()
    page.get_by_role("link", name="Voir le programme").click()
    assert (page.get_by_text(TITLE).count(), page.get_by_text("Aperçu de l’édition").count()) == (0, 1)
    assert page.locator(".top").evaluate("one => getComputedStyle(one).display") == "flex"
    assert_fits(page)
    page.get_by_role("link", name="Quitter l’aperçu").click()
    page.get_by_role("link", name="Reprendre comme brouillon… (1)").click()
    assert_fits(page)
    assert TITLE in page.get_by_role("main").inner_text()
    page.get_by_role("button", name="Remplacer le brouillon").click()
    page.get_by_role("link", name="Voir le brouillon").click()
    assert page.get_by_text("Aperçu du brouillon").count() == 1
    page.get_by_role("link", name="Quitter l’aperçu").click()
    assert heading(page).startswith("Publier l’édition")


def test_organiser_takes_the_event_away_and_brings_it_back(page: Page, portal: Portal, tmp_path: Path) -> None:
    begin(page, portal)
    file = exported(page, portal, tmp_path)
    kept = read_event(file.read_bytes(), file.name)
    rename(page, portal, "Encore autre chose")
    page.goto(f"{portal.url}fr/organisation/brouillon/importer/")
    page.get_by_text("Coller plutôt son texte").click()
    assert_fits(page)
    page.get_by_label("Fichier de l’événement").fill(file.read_text().replace("[place]", "[plase]"))
    page.get_by_role("button", name="Voir ce qui changerait").click()
    assert "place: manque" in page.get_by_role("alert").inner_text()
    assert_fits(page)
    page.get_by_label("Fichier de l’événement").fill(file.read_text())
    page.get_by_role("button", name="Voir ce qui changerait").click()
    assert "Encore autre chose" in page.get_by_role("main").inner_text()
    assert_fits(page)
    page.get_by_role("button", name="Remplacer le brouillon").click()
    again = exported(page, portal, tmp_path)
    assert again.name != file.name
    assert read_event(again.read_bytes(), again.name) == kept


def begin(page: Page, portal: Portal) -> None:
    """Sign in."""
    page.goto(f"{portal.url}fr/organisation/")
    signed_in(page, portal)


def exported(page: Page, portal: Portal, folder: Path) -> Path:
    """The draft, saved as the browser saves it."""
    page.goto(f"{portal.url}fr/organisation/editions/")
    with page.expect_download() as download:
        page.get_by_role("link", name="Exporter (TOML)", exact=True).click()
    file = folder / download.value.suggested_filename
    download.value.save_as(file)
    return file


def rename(page: Page, portal: Portal, title: str) -> None:
    """Give a session another title in the draft."""
    page.goto(f"{portal.url}fr/organisation/seances/contre-la-technopolice/")
    page.get_by_label("Titre, en français", exact=True).fill(title)
    page.get_by_role("button", name="Enregistrer dans le brouillon").click()


def publish(page: Page) -> None:
    """Publish the draft."""
    page.get_by_role("link", name="Publier…").click()
    page.get_by_label("Ce qui est nouveau").fill("Un titre plus juste.")
    page.get_by_role("button", name="Publier maintenant").click()
