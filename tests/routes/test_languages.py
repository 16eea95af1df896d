"""The languages that the portal answers in: those of the shown event, which change when another is published."""

from dataclasses import replace
from typing import Final

import pytest

from portal.domain.event.event import Event
from portal.domain.language import Text
from portal.routes.current_edition import CurrentEdition
from tests.factories.portal import open_harness
from tests.factories.sample import EVENT, edition

pytestmark = pytest.mark.anyio

GERMAN: Final = replace(EVENT, language="de", languages=("de",), name=Text(de="Ein Tag"))
THREE: Final = replace(EVENT, languages=("fr", "en", "pt-BR"))

ANSWERED: Final[dict[str, tuple[Event, dict[str, int]]]] = {
    "those of an earlier portal": (
        EVENT,
        {"fr/inscription/": 200, "en/registration/": 200, "de/registration/": 404, "fr/organisation/": 200},
    ),
    "German alone": (
        GERMAN,
        {"de/registration/": 200, "de/ticket/": 200, "de/organisers/": 200, "fr/inscription/": 404, "en/ticket/": 404},
    ),
    "three": (
        THREE,
        {"fr/billet/": 200, "en/ticket/": 200, "pt-BR/ticket/": 200, "pt-br/ticket/": 404, "pt-BR/billet/": 404},
    ),
    "no path words of another language": (EVENT, {"fr/registration/": 404, "en/inscription/": 404}),
}


@pytest.mark.parametrize(("event", "statuses"), ANSWERED.values(), ids=ANSWERED.keys())
async def test_portal_answers_in_the_languages_of_the_event(event: Event, statuses: dict[str, int]) -> None:
    async with open_harness(event=event) as harness:
        assert {path: (await harness.get(f"/{path}")).status for path in statuses} == statuses


async def test_language_is_gone_with_the_edition_that_had_it() -> None:
    async with open_harness() as harness:
        assert (await harness.get("/en/registration/")).status == 200
        current: CurrentEdition = harness.app.state.current
        await current.show(replace(edition(replace(EVENT, languages=("fr", "de"))), number=9))
        assert (await harness.get("/en/registration/")).status == 404
        assert (await harness.get("/de/registration/")).status == 200
        assert (await harness.get("/fr/inscription/")).status == 200


async def test_page_in_a_language_without_words_of_the_portal_is_in_english() -> None:
    async with open_harness(event=GERMAN) as harness:
        page = await harness.get("/de/registration/")
        assert (page.heading, page.found("/html")[0].get("lang"), page.found("//body")[0].get("lang")) == (
            "Register",
            "de",
            "en",
        )


async def test_event_of_one_language_is_edited_in_that_language_alone() -> None:
    async with open_harness(event=replace(EVENT, languages=("fr",))) as harness:
        await harness.sign_in()
        page = await harness.get("/fr/organisation/salles/grande/")
        names = {name for name in page.fields("grande/") if name.startswith("name")}
        assert (names, page.text_of("//label[@for='name_fr']")) == ({"name_fr"}, "Nom")
        assert "anglais" not in page.text


async def test_spanish_is_spoken_from_the_registration_to_the_end_of_the_ticket() -> None:
    async with open_harness(event=replace(EVENT, language="es", languages=("es", "fr"))) as harness:
        form = await harness.get("/es/inscripcion/")
        early = await harness.send(form.action("inscripcion/"), form.fields("inscripcion/"))
        assert "Este formulario ha vuelto más deprisa de lo que lee una persona." in early.text
        harness.clock.turn(seconds=3)
        ticket = await harness.send(form.action("inscripcion/"), form.fields("inscripcion/"))
        assert (ticket.status, ticket.heading) == (200, "Tienes una plaza")
        question = await harness.send("/es/entrada/anular/", ticket.fields("anular/"))
        assert question.heading == "¿Borrar esta entrada?"
        erased = await harness.send("/es/entrada/anular/", question.fields("anular/"))
        assert erased.heading == "Ya está borrada"


async def test_organiser_of_a_spanish_event_reads_spanish_and_publishes_in_it() -> None:
    async with open_harness(event=replace(EVENT, language="es", languages=("es",), name=Text(es="Jornada"))) as harness:
        await harness.sign_in()
        page = await harness.get("/es/organizacion/publicar/")
        assert page.heading == "Nada que publicar"
        facts = await harness.get("/es/organizacion/evento/event/")
        sent = {**facts.fields("event/"), "lead_es": "Aprender juntas."}
        assert (await harness.send(facts.action("event/"), sent)).status == 303
        page = await harness.get("/es/organizacion/publicar/")
        assert page.heading == "Publicar la edición 2"
        assert (
            await harness.send("/es/organizacion/publicar/", page.fields("publicar/") | {"comment": "Lema."})
        ).status == 303
        news = await harness.get("/es/novedades/")
        assert "La frase bajo el nombre" in news.text
