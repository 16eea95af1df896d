"""A programme of two days and 75 sessions, brought in from another program in a real browser without scripts."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, ViewportSize

from tests.browser.portal import FORM_MILLISECONDS, PHONE, Portal, assert_fits, running_portal, signed_in

pytestmark = pytest.mark.browser

WIDE: Final = ViewportSize(width=1_200, height=900)
ROOMS: Final = tuple(f"Salle {letter}" for letter in "ABCDEFGH")
DAYS: Final = ("2031-06-14", "2031-06-15")
SESSIONS: Final = 75


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    with running_portal(tmp_path_factory.mktemp("portal")) as portal:
        yield portal


def programme() -> bytes:
    """Return a schedule.json of `SESSIONS` sessions: eight rooms side by side, the last at half past midnight."""
    days = []
    for index, day in enumerate(DAYS):
        rooms: dict[str, list[dict[str, object]]] = {room: [] for room in ROOMS}
        for number in range(index * 38, min(SESSIONS, (index + 1) * 38)):
            start = datetime.fromisoformat(f"{day}T10:00:00+02:00") + timedelta(hours=number % 38 // 8)
            rooms[ROOMS[number % 8]].append(session(number, start))
        if index == 0:
            rooms[ROOMS[7]][-1] |= {"start": "00:30", "date": f"{DAYS[1]}T00:30:00+02:00", "title": "Minuit passé"}
        bounds = {"day_start": f"{day}T10:00:00+02:00", "day_end": f"{DAYS[1] if index == 0 else day}T02:00:00+02:00"}
        days.append({"index": index + 1, "date": day, "rooms": rooms} | (bounds if index == 0 else {}))
    conference = {"acronym": "rencontres", "title": "Rencontres", "time_zone_name": "Europe/Paris", "days": days}
    return json.dumps({"schedule": {"version": "1", "conference": conference}}).encode()


def session(number: int, start: datetime) -> dict[str, object]:
    return {
        "id": number,
        "guid": f"00000000-0000-4000-8000-{number:012}",
        "date": start.isoformat(),
        "start": f"{start:%H:%M}",
        "duration": "00:45",
        "title": f"Séance numéro {number}",
        "type": "Conférence",
        "track": "Logiciel" if number % 2 else "Travail",
        "language": "fr",
        "abstract": f"Résumé de la séance {number}.",
        "persons": [{"name": f"Personne {number % 20}"}],
    }


def publish(page: Page, portal: Portal, file: Path) -> str:
    """Upload `file`, take it over, correct a title, publish; return what the page said before it took it over."""
    page.goto(f"{portal.url}fr/organisation/brouillon/importer/")
    page.locator("#file").set_input_files(file)
    page.get_by_role("button", name="Voir ce qui changerait").click()
    plan = page.get_by_role("main").inner_text().replace("\N{NO-BREAK SPACE}", " ")
    page.get_by_role("button", name="Importer le programme").click()
    page.goto(f"{portal.url}fr/organisation/seances/seance-numero-3/")
    page.get_by_label("Titre, en français", exact=True).fill("Séance corrigée")
    page.get_by_role("button", name="Enregistrer").first.click()
    page.get_by_role("link", name="Publier…").click()
    page.get_by_label("Ce qui est nouveau").fill("Deux jours de plus.")
    page.wait_for_timeout(FORM_MILLISECONDS)
    page.get_by_role("button", name="Publier maintenant").click()
    return plan


def test_programme_of_two_days_is_imported_corrected_published_and_read(
    browser: Browser, portal: Portal, tmp_path: Path
) -> None:
    file = tmp_path / "schedule.json"
    file.write_bytes(programme())
    context = browser.new_context(java_script_enabled=False, viewport=PHONE, locale="fr-FR")
    page = context.new_page()
    page.goto(f"{portal.url}fr/organisation/")
    signed_in(page, portal)
    plan = publish(page, portal, file)
    assert f"Séances qu’il ajoute : {SESSIONS} ; qu’il change : 0" in plan
    for size in (PHONE, WIDE):
        page.set_viewport_size(size)
        for path in (
            "programme/",
            "programme/grille/",
            "programme/complet/",
            "mon-programme/",
            "seances/minuit-passe/",
        ):
            page.goto(f"{portal.url}fr/{path}")
            assert_fits(page)
    words = page.get_by_role("main").inner_text().replace("\N{NO-BREAK SPACE}", " ")
    assert "0 h 30 – 1 h 15" in words
    exported = page.request.get(f"{portal.url}schedule.json").json()
    days = exported["schedule"]["conference"]["days"]
    titles = [each["title"] for day in days for sessions in day["rooms"].values() for each in sessions]
    assert sorted(title for title in titles if title.startswith(("Séance ", "Minuit"))) == sorted(
        "Séance corrigée" if n == 3 else "Minuit passé" if n == 31 else f"Séance numéro {n}" for n in range(SESSIONS)
    )
    context.close()
