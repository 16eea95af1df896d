"""Organisers edit the programme on a phone, in a real browser without scripts, two of them at once."""

import re
from collections.abc import Callable, Iterator
from typing import Final

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.portal import PHONE, Portal, assert_fits, heading, running_portal, signed_in

pytestmark = pytest.mark.browser

PAGES: Final = (
    "programme/",
    "nouvelle-seance/",
    "seances/dejeuner/",
    "salles/",
    "salles/salle-1/",
    "nouvelle-salle/",
    "themes/",
    "themes/libre/",
    "nouveau-theme/",
    "miroirs/",
    "nouveau-miroir/",
    "intervenants/",
    "textes/",
    "textes/manifesto/",
    "intervenants/collectif-onestla-tech/",
    "intervenants/?name=collectif%20onestla.tech",
    "jours/",
    "programme/?room=salle-1",
    "evenement/event/",
    "evenement/collective/",
    "evenement/place/",
    "evenement/colours/",
)


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """The portal of the real event."""
    with running_portal(tmp_path_factory.mktemp("portal")) as portal:
        yield portal


@pytest.fixture
def organiser(browser: Browser, portal: Portal) -> Iterator[Callable[[str], Page]]:
    """Opens a page of the organisers on a phone, each time for somebody who has just signed in."""
    contexts = []

    def opens(path: str) -> Page:
        contexts.append(browser.new_context(java_script_enabled=False, viewport=PHONE, locale="fr-FR"))
        page = contexts[-1].new_page()
        page.goto(f"{portal.url}fr/organisation/")
        signed_in(page, portal)
        page.goto(f"{portal.url}fr/organisation/{path}")
        return page

    yield opens
    for context in contexts:
        context.close()


def pressed(page: Page, name: str) -> Page:
    """Press a button, and look at the page that follows."""
    page.get_by_role("button", name=name).first.click()
    assert_fits(page)
    return page


def notice(page: Page) -> str:
    """Return the message of the page on what was done."""
    return page.get_by_role("status").inner_text().replace("\N{NO-BREAK SPACE}", " ")


def test_every_page_of_the_editor_fits_a_phone(organiser: Callable[[str], Page], portal: Portal) -> None:
    page = organiser("")
    for path in PAGES:
        page.goto(f"{portal.url}fr/organisation/{path}")
        assert_fits(page)
        for opens in page.locator("summary").all():
            opens.click()
            assert_fits(page)


def test_session_in_a_conflict_is_told_put_right_and_published(
    organiser: Callable[[str], Page], portal: Portal
) -> None:
    page = organiser("seances/reparer/")
    page.get_by_role("checkbox", name="Salle 2").uncheck()
    page.get_by_role("checkbox", name="Salle 1").check()
    pressed(page, "Enregistrer")
    assert notice(page) == "Séance modifiée dans le brouillon : Réparer plutôt que consommer"
    entry = page.get_by_role("listitem").filter(has_text="Réparer plutôt que consommer").inner_text()
    sentence = r"À corriger\s: empiète sur «\sQui l’algorithme sert-il\s\?\s» \(Salle 1\), et aucune"
    assert re.search(sentence, entry)
    page.get_by_role("link", name="Publier…").click()
    assert_fits(page)
    assert page.get_by_role("button", name="Publier maintenant").count() == 0
    page.get_by_role("main").get_by_role("link", name="Réparer plutôt que consommer").click()
    page.get_by_role("checkbox", name="Salle 1").uncheck()
    page.get_by_role("checkbox", name="Salle 2").check()
    page.get_by_label("Fin").fill("14:35")
    pressed(page, "Enregistrer")
    page.get_by_role("link", name="Publier…").click()
    page.get_by_label("Ce qui est nouveau").fill("Cinq minutes de plus pour réparer.")
    page.get_by_role("button", name="Publier maintenant").click()
    page.goto(f"{portal.url}fr/seances/reparer/")
    assert "14 h 35" in page.get_by_role("main").inner_text().replace("\N{NO-BREAK SPACE}", " ")


def test_second_organiser_sees_both_versions_and_chooses(organiser: Callable[[str], Page]) -> None:
    first, second = organiser("seances/eviter-le-crash/"), organiser("seances/eviter-le-crash/")
    first.get_by_label("Titre, en français", exact=True).fill("Freiner avant le mur")
    first.get_by_label("Intervenant·es").fill("Ada\nGrace")
    pressed(first, "Enregistrer")
    second.get_by_label("Titre, en français", exact=True).fill("Éviter le mur")
    second.get_by_label("Description, en anglais").fill("With others.")
    pressed(second, "Enregistrer")
    assert second.locator(".theirs .lines").all_inner_texts()[0] == "Freiner avant le mur"
    second.locator(".versions").filter(has_text="Grace").get_by_label("Prendre celle-ci").check()
    pressed(second, "Enregistrer")
    second.get_by_role("link", name="Éviter le mur").click()
    kept = [second.get_by_label(name).input_value() for name in ("Intervenant·es", "Description, en anglais")]
    assert kept == ["Ada\nGrace", "With others."]


def test_text_is_looked_at_before_it_is_saved(organiser: Callable[[str], Page]) -> None:
    page = organiser("textes/agenda/")
    page.get_by_label("L’ordre du jour de l’assemblée, en français").fill("- Le *bilan*\n- Les <b>votes</b>")
    pressed(page, "Aperçu")
    preview = page.get_by_role("status")
    assert preview.get_by_role("listitem").all_inner_texts() == ["Le bilan", "Les <b>votes</b>"]
    pressed(page, "Enregistrer")
    assert notice(page) == "Modifié dans le brouillon : L’ordre du jour de l’assemblée"


def test_room_is_added_moved_and_deleted(organiser: Callable[[str], Page]) -> None:
    page = organiser("salles/")
    page.get_by_role("link", name="Ajouter une salle").click()
    assert_fits(page)
    page.get_by_label("Nom, en français").fill("L’atelier")
    pressed(page, "Ajouter au brouillon")
    pressed(page, "Monter « L’atelier »")
    names = page.get_by_role("main").get_by_role("listitem").get_by_role("heading").all_inner_texts()
    assert names == ["Salle 1", "L’atelier", "Salle 2"]
    page.get_by_role("link", name="Salle 2").click()
    pressed(page, "Supprimer…")
    assert heading(page) == "Supprimer cette salle ?".replace(" ?", "\N{NO-BREAK SPACE}?")
    pressed(page, "Supprimer")
    assert page.get_by_label("Ce qu’elles deviennent").get_attribute("aria-invalid") == "true"
    page.get_by_label("Ce qu’elles deviennent").select_option(label="L’atelier")
    pressed(page, "Supprimer")
    assert notice(page) == "Salle supprimée du brouillon : Salle 2"
    assert "4 séances" in page.get_by_role("listitem").filter(has_text="L’atelier").inner_text()


def test_speaker_is_renamed_everywhere_and_taken_out(organiser: Callable[[str], Page], portal: Portal) -> None:
    page = organiser("seances/accueil/")
    page.get_by_label("Intervenant·es").fill("Nausicaä")
    pressed(page, "Enregistrer")
    page.goto(f"{portal.url}fr/organisation/intervenants/")
    entry = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name="Nausicaä"))
    entry.get_by_role("link", name="Renommer").click()
    assert_fits(page)
    page.get_by_label("Nom dans toutes les séances").fill("Chihiro")
    pressed(page, "Changer le nom")
    assert notice(page) == "Nom changé dans le brouillon : Nausicaä → Chihiro"
    entry = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name="Chihiro"))
    entry.get_by_role("link", name="Renommer").click()
    pressed(page, "Retirer…")
    pressed(page, "Retirer")
    assert page.get_by_role("heading", name="Chihiro").count() == 0


def test_text_about_a_speaker_is_written(organiser: Callable[[str], Page]) -> None:
    page = organiser("seances/accueil/")
    page.get_by_label("Intervenant·es").fill("Kiki")
    pressed(page, "Enregistrer")
    page.get_by_role("navigation").get_by_role("link", name="Intervenant·es").click()
    page.get_by_role("link", name="Kiki", exact=True).click()
    assert_fits(page)
    page.get_by_label("Quelques mots sur la personne, en français").fill("Elle *livre* le pain.")
    pressed(page, "Enregistrer")
    assert notice(page) == "Texte sur une personne modifié dans le brouillon : Kiki"
    assert "avec un texte" in page.get_by_role("listitem").filter(has_text="Kiki").inner_text()


def test_second_day_gets_a_session_after_midnight(organiser: Callable[[str], Page]) -> None:
    page = organiser("evenement/event/")
    page.get_by_role("link", name="Les jours et leurs horaires").click()
    page.get_by_text("Un jour de plus").click()
    new = page.locator("details fieldset")
    new.get_by_label("Date").fill("2026-12-16")
    new.get_by_label("Début").fill("18:00")
    new.get_by_label("Fin").fill("02:00")
    pressed(page, "Enregistrer")
    assert notice(page) == "Jours modifiés dans le brouillon"
    page.get_by_role("navigation").get_by_role("link", name="Séances").click()
    page.get_by_role("link", name="Ajouter une séance").click()
    page.get_by_label("Titre, en français", exact=True).fill("La fête")
    page.get_by_label("Type de séance").fill("Fête")
    page.get_by_label("Jour").select_option(label="mercredi 16 décembre 2026")
    page.get_by_label("Début").fill("23:30")
    page.get_by_label("Fin").fill("01:30")
    page.get_by_label("Partout").check()
    pressed(page, "Ajouter au brouillon")
    page.get_by_role("link", name="Mer. 16 déc.").click()
    assert_fits(page)
    entry = page.get_by_role("listitem").filter(has_text="La fête").inner_text().replace("\N{NO-BREAK SPACE}", " ")
    assert "23 h 30 – 1 h 30" in entry
    assert "À corriger" not in entry
