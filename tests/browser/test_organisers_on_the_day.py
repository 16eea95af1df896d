"""Organisers before and on the day, on a phone, in a real browser without scripts, before a portal that really runs."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.on_the_day import at_the_door, opened, press, registered, sent
from tests.browser.portal import FORM_MILLISECONDS, Portal, assert_fits, signed_in

pytestmark = pytest.mark.browser


def organiser(page: Page, portal: Portal, room: str) -> Page:
    """A page of the organisers, for Camille, who signs in where she has not yet."""
    page.goto(f"{portal.url}fr/organisation/")
    if page.get_by_label("Phrase de passe").count():
        with page.expect_navigation():
            signed_in(page, portal)
    if room:
        with page.expect_navigation():
            page.get_by_role("navigation", name="Pages de l’organisation").get_by_role("link", name=room).click()
    assert_fits(page)
    return page


def counts(page: Page) -> dict[str, str]:
    return {
        entry.locator("dt").inner_text(): entry.locator("dd").inner_text()
        for entry in page.locator(".counts > div").all()
    }


def test_seats_are_filled_drawn_and_taken_at_the_door(person: Callable[[], Page], portal: Portal) -> None:
    camille = organiser(person(), portal, "Règles d’inscription")
    camille.get_by_label("Nombre de places").fill("2")
    press(camille, "Enregistrer ces règles")
    people = {name: person() for name in ("Ada", "Béa", "Chloé")}
    tickets, states = zip(*registered(people, portal).values(), strict=True)
    assert states == ("Vous avez une place", "Vous avez une place", "Vous êtes sur la liste d’attente")
    ada, bea, chloe = tickets

    assert opened(people["Béa"], portal, bea) == "Vous avez une place"
    press(people["Béa"], "Rendre la place")
    press(people["Béa"], "Oui, tout effacer")
    assert opened(people["Chloé"], portal, chloe) == "Vous avez une place"

    organiser(camille, portal, "Entrée")
    assert at_the_door(camille, chloe[0]) == ["C’est bon, entrez", "Chloé"]
    assert at_the_door(camille, chloe[0]) == ["Billet déjà vu", "Chloé"]
    assert at_the_door(camille, bea[0]) == ["Non"]
    assert counts(camille) == {"Sur place": "1", "Encore attendu·es": "1", "En attente": "0", "Places vides": "1"}
    assert at_the_door(camille, ada[0].lower().replace("-", "")) == ["C’est bon, entrez", "Ada"]
    press(camille, "Annuler")
    assert [line.inner_text() for line in camille.locator(".word, .name").all()] == ["Arrivée annulée", "Ada"]
    assert opened(people["Chloé"], portal, chloe) == "Vous êtes sur place"


def test_seat_waits_for_the_draw_by_hand_and_the_list_is_taken_away(
    person: Callable[[], Page], portal: Portal, tmp_path: Path
) -> None:
    camille = organiser(person(), portal, "Règles d’inscription")
    camille.get_by_label("Nombre de places").fill("1")
    camille.get_by_label("Tirage au sort", exact=True).select_option("no")
    press(camille, "Enregistrer ces règles")
    assert "Ces règles sont maintenant en vigueur" in camille.get_by_role("status").inner_text()
    registered({name: person() for name in ("Ada", "=1+1", "Chloé")}, portal)
    camille.get_by_label("Nombre de places").fill("2")
    press(camille, "Enregistrer ces règles")

    organiser(camille, portal, "")
    assert counts(camille)["En attente"] == "2"
    press(camille, "Tirer au sort maintenant")
    assert "1 personne qui attendait a maintenant une place" in camille.get_by_role("status").inner_text()
    assert counts(camille) == {"Avec une place": "2", "En attente": "1", "Sur place": "0", "Places en tout": "2"}

    organiser(camille, portal, "Personnes inscrites")
    with camille.expect_download() as download:
        camille.get_by_role("button", name="Télécharger la liste").click()
    download.value.save_as(tmp_path / "list.csv")
    header, *lines = (tmp_path / "list.csv").read_text(encoding="utf-8").splitlines()
    assert (download.value.suggested_filename, header) == ("inscriptions.csv", '"Pseudonyme","État"')
    assert [line.split(",")[0] for line in lines] == ['"\'=1+1"', '"Ada"', '"Chloé"']


def test_help_for_the_door_is_one_side_of_a4_in_each_language(person: Callable[[], Page], portal: Portal) -> None:
    camille = organiser(person(), portal, "Entrée")
    for help_in in ("Que faire dans chaque cas", "English"):
        with camille.expect_navigation():
            camille.get_by_role("link", name=help_in).click()
        assert_fits(camille)
        assert camille.pdf(prefer_css_page_size=True).count(b"/Type /Page\n") == 1


def test_list_of_what_is_to_be_done_ticks_itself_off(person: Callable[[], Page], portal: Portal) -> None:
    camille = organiser(person(), portal, "")
    todo = camille.get_by_role("region", name="Avant l’événement")
    assert [link.inner_text() for link in todo.locator(".done a").all()] == ["Vos propres textes"]
    press(camille, "C’est correct")
    done = [link.inner_text() for link in todo.locator(".done a").all()]
    assert done == ["Les informations de l’événement", "Vos propres textes"]
    press(camille, "Masquer cette liste")
    assert todo.count() == 0
    press(camille, "Afficher la liste")
    assert todo.count() == 1


def test_flood_is_answered_with_invitations(person: Callable[[], Page], portal: Portal) -> None:
    camille = organiser(person(), portal, "Invitations")
    camille.get_by_label("Combien").fill("12")
    press(camille, "Les créer")
    (card, *others) = [code.inner_text() for code in camille.locator(".cards .code").all()]
    assert len(others) == 11
    assert camille.pdf(prefer_css_page_size=True).count(b"/Type /Page\n") == 2
    organiser(camille, portal, "Règles d’inscription")
    camille.get_by_label("Inscriptions", exact=True).select_option("invitation")
    press(camille, "Enregistrer ces règles")

    ada = person()
    ada.goto(f"{portal.url}fr/inscription/")
    ada.get_by_label("Code d’invitation").fill(card)
    ada.wait_for_timeout(FORM_MILLISECONDS)
    assert sent(ada) == "Vous avez une place"
    organiser(camille, portal, "Invitations")
    press(camille, "Les retirer toutes")
    press(camille, "Oui, retirer 11 invitations")
    assert "11 invitations retirées" in camille.get_by_role("status").inner_text()


def test_announcement_is_on_every_page_at_once(person: Callable[[], Page], portal: Portal) -> None:
    camille = organiser(person(), portal, "Annonces")
    camille.get_by_label("Titre, en français").fill("Grève à la RATP : venez à vélo")
    camille.get_by_label("Importante").check()
    press(camille, "Publier maintenant")
    reader = person()
    reader.goto(f"{portal.url}fr/pratique/")
    assert_fits(reader)
    reader.get_by_role("link", name="Grève à la RATP").click()
    assert_fits(reader)
    assert reader.url.startswith(f"{portal.url}fr/#announcement-")
    organiser(camille, portal, "Journal")
    assert "Camille Annonce" in camille.get_by_role("main").inner_text()
    organiser(camille, portal, "Annonces")
    press(camille, "Retirer")
    press(camille, "Oui, retirer")
    reader.reload()
    assert reader.get_by_text("Grève").count() == 0


def test_registration_is_found_and_erased(person: Callable[[], Page], portal: Portal) -> None:
    ticket, _ = registered({"Nausicaä": person()}, portal)["Nausicaä"]
    camille = organiser(person(), portal, "Personnes inscrites")
    camille.get_by_label("Pseudonyme ou code").fill("nausicaa")
    press(camille, "Chercher")
    press(camille, "Effacer Nausicaä…")
    camille.get_by_label("Raison").select_option(label="La personne l’a demandé")
    with camille.expect_navigation():
        camille.get_by_role("button", name="Effacer", exact=True).click()
    assert_fits(camille)
    assert camille.get_by_role("heading", name="0 inscription").count() == 1
    assert opened(person(), portal, ticket) == "Mon billet"
