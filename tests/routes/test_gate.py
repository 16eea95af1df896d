"""No form of the organisers does anything without the sign-in that it was made for; what was typed is kept."""

import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Final

import pytest

from portal.domain.checklist import Mark
from portal.domain.edition import Addresses
from portal.domain.organiser import Organiser, SetUpCode, SignIn, expiry
from portal.domain.registration import Policy
from portal.site.event_toml import event_toml
from tests.routes.crowd import ARRIVED, SEATED, TWO_SEATS, WAITING, fill, id_of
from tests.routes.draft_forms import ALONE, CHANGE_NOTHING, DRAFT_FORMS, DRAFT_READINGS, MIRRORS
from tests.routes.house import ORGANISER, PASSPHRASE, Clock, House, open_house
from tests.site.sample import EVENT, news

pytestmark = pytest.mark.anyio

NEWS: Final = news(1)
BEGIN: Final = Clock().now
OTHER_BROWSER: Final = SignIn("5" * 64, ORGANISER, BEGIN, BEGIN)

FORMS: Final[dict[str, tuple[str, str, Mapping[str, str]]]] = {
    "the rules of registration": (
        "/en/organisers/registrations/",
        "/en/organisers/registrations/",
        {"mode": "closed", "capacity": "7"},
    ),
    "a draw on the page of the rules": (
        "/en/organisers/registrations/",
        "/en/organisers/registrations/",
        {"action": "draw"},
    ),
    "a draw on the overview": ("/en/organisers/", "/en/organisers/", {"action": "draw"}),
    "confirming the facts of the event": ("/en/organisers/", "/en/organisers/", {"action": "check event"}),
    "bringing the list back": ("/en/organisers/", "/en/organisers/", {"action": "bring back"}),
    "downloading the list": ("/en/organisers/people/", "/en/organisers/people/", {"action": "download"}),
    "a session of the draft": (
        "/en/organisers/sessions/outils/",
        "/en/organisers/sessions/outils/",
        {"title_en": "Tools of ours"},
    ),
    "publishing": ("/en/organisers/publish/", "/en/organisers/publish/", {"comment": "Rooms are confirmed."}),
    "a code at the door": ("/en/organisers/door/", "/en/organisers/door/", {"code": SEATED}),
    "letting somebody in": ("/en/organisers/door/", "/en/organisers/door/", {"action": "let in", "id": id_of(WAITING)}),
    "taking an arrival back": (
        "/en/organisers/door/",
        "/en/organisers/door/",
        {"action": "undo", "id": id_of(ARRIVED)},
    ),
    "erasing a registration": (
        "/en/organisers/people/",
        "/en/organisers/people/",
        {"action": "erase", "id": id_of(SEATED), "reason": "twice"},
    ),
    "making invitations": ("/en/organisers/invitations/", "/en/organisers/invitations/", {"number": "3"}),
    "withdrawing invitations": (
        "/en/organisers/invitations/",
        "/en/organisers/invitations/",
        {"action": "withdraw"},
    ),
    "an announcement": (
        "/en/organisers/announcements/",
        "/en/organisers/announcements/",
        {"title_fr": "Grève du métro"},
    ),
    "withdrawing an announcement": (
        "/en/organisers/announcements/",
        "/en/organisers/announcements/",
        {"action": "withdraw", "id": NEWS.id},
    ),
    "giving a set-up code": ("/en/organisers/team/", "/en/organisers/team/", {"name": "Alix"}),
    "withdrawing a set-up code": (
        "/en/organisers/team/",
        "/en/organisers/team/",
        {"action": "withdraw", "name": "Noa"},
    ),
    "removing an organiser": ("/en/organisers/team/", "/en/organisers/team/", {"action": "remove", "name": "Robin"}),
    "another passphrase": (
        "/en/organisers/me/",
        "/en/organisers/me/",
        {"action": "", "present_passphrase": PASSPHRASE, "passphrase": "words of nobody else"},
    ),
    "signing out other browsers": ("/en/organisers/me/", "/en/organisers/me/", {"action": "end others"}),
    "taking an edition back": (
        "/en/organisers/editions/1/take-back/",
        "/en/organisers/editions/1/take-back/",
        {},
    ),
    "importing an event file": (
        "/en/organisers/draft/import/",
        "/en/organisers/draft/import/",
        {"action": "import", "revision": "4", "toml": event_toml(EVENT).decode()},
    ),
    **DRAFT_FORMS,
    "signing out": ("/en/organisers/", "/en/organisers/sign-out/", {}),
}
"""The page that shows the form, where the form goes, and what is typed into it."""


async def something_of_everything(house: House) -> None:
    """Three people and a seat to draw, five invitations, an announcement, a draft to publish with a theme and copies of
    its own, a list put away, two organisers and one to come."""
    await fill(house)
    await house.store.set_policy(Policy(capacity=3, draws_at_once=False), random.Random(1))
    await house.store.mark(Mark.PUT_AWAY)
    await house.store.add_organiser(Organiser("Robin", "$argon2id$"))
    await house.store.give_set_up_code(SetUpCode("c" * 64, "Noa", "Robin", expiry(house.clock())), house.clock())
    await house.store.add_invitations([number * 64 for number in "12345"])
    await house.store.announce(NEWS, "", Addresses(), house.clock())
    await house.enter()
    await house.sign_in()
    await house.store.open_sign_in(OTHER_BROWSER, (await organiser(house)).passphrase_hash)
    draft = await house.store.draft()
    event = replace(draft.event, themes=(*draft.event.themes, ALONE), mirrors=MIRRORS)
    await house.store.save_draft(event, draft.revision)
    session = {"title_fr": "Nos outils à nous"}
    page = await house.get("/fr/organisation/seances/outils/")
    await house.send(page.action("outils/"), page.fields("outils/") | session)
    assert (await house.store.draft()).revision > draft.revision


async def organiser(house: House) -> Organiser:
    """The organiser who is signed in."""
    known = await house.store.organiser(ORGANISER)
    assert known is not None
    return known


async def filled_in(house: House, page: str, to: str, typed: Mapping[str, str]) -> dict[str, str]:
    """What a browser would send from the form on `page`."""
    return (await house.get(page)).fields(to.removeprefix("/en")) | dict(typed)


async def held(house: House) -> tuple[object, ...]:
    """Everything that an organiser can change."""
    store = house.store
    return (
        await store.policy(),
        (await store.draft()).event,
        await store.editions(),
        await store.registrations("", 0, 10),
        await store.invitations(),
        await store.journal(),
        [await store.organiser(name) for name in (ORGANISER, "Robin")],
        await store.set_up_codes(house.clock()),
        await store.sign_in(OTHER_BROWSER.id, BEGIN),
        await store.marks(),
    )


Change = Callable[[House, dict[str, str]], Awaitable[None]]


async def with_no_session(house: House, form: dict[str, str]) -> None:
    house.client.cookies.clear()


async def with_an_expired_session(house: House, form: dict[str, str]) -> None:
    house.clock.turn(minutes=30)


async def with_a_session_that_never_was(house: House, form: dict[str, str]) -> None:
    house.client.cookies.clear()
    house.client.cookies.set("sign_in", "a" * 64)


async def without_its_token(house: House, form: dict[str, str]) -> None:
    del form["csrf_token"]


async def with_the_token_of_another_session(house: House, form: dict[str, str]) -> None:
    await house.sign_in("Sacha")


async def with_the_token_of_another_form(house: House, form: dict[str, str]) -> None:
    door = (await house.get("/en/registration/")).fields()
    form["csrf_token"] = door["csrf_token"]


WAYS: Final[dict[str, Change]] = {
    "with no session": with_no_session,
    "with an expired session": with_an_expired_session,
    "with a session that never was": with_a_session_that_never_was,
    "without its token": without_its_token,
    "with the token of another session": with_the_token_of_another_session,
    "with the token of another form": with_the_token_of_another_form,
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS.keys())
@pytest.mark.parametrize(("page", "to", "typed"), FORMS.values(), ids=FORMS.keys())
async def test_organisers_form_is_refused(page: str, to: str, typed: Mapping[str, str], way: Change) -> None:
    async with open_house(TWO_SEATS) as house:
        await something_of_everything(house)
        form = await filled_in(house, page, to, typed)
        await way(house, form)
        before = await held(house)
        answer = await house.send(to, form)
        assert (answer.status, await held(house)) == (403, before)
        assert "set-cookie" not in answer.response.headers


@pytest.mark.parametrize(("page", "to", "typed"), FORMS.values(), ids=FORMS.keys())
async def test_organisers_form_is_taken_with_its_own_session(page: str, to: str, typed: Mapping[str, str]) -> None:
    async with open_house(TWO_SEATS) as house:
        await something_of_everything(house)
        before = await held(house)
        answer = await house.send(to, await filled_in(house, page, to, typed))
        assert answer.status in (200, 303)
        changes_nothing = to.endswith("sign-out/") or typed.get("action") in CHANGE_NOTHING
        assert (await held(house) == before) == changes_nothing


READINGS: Final = [
    *DRAFT_READINGS,
    "/fr/organisation/seances/outils/",
    "/fr/organisation/publier/",
    "/fr/organisation/editions/",
    "/fr/organisation/editions/1/reprendre/",
    "/fr/organisation/brouillon/importer/",
    "/fr/organisation/inscriptions/",
    "/fr/organisation/entree/",
    "/fr/organisation/entree/aide/",
    "/fr/organisation/liste/",
    "/fr/organisation/invitations/",
    "/fr/organisation/annonces/",
    "/fr/organisation/journal/",
    "/fr/organisation/equipe/",
    "/fr/organisation/moi/",
]


DOWNLOADS: Final = [
    "/fr/organisation/brouillon/fichier/",
    "/fr/organisation/brouillon/voir/fr/",
    "/fr/organisation/editions/1/fichier/",
    "/fr/organisation/editions/1/voir/fr/programme/",
    "/fr/organisation/editions/1/voir/fr/evenement.ics",
]
"""What an organiser reads that is no page of theirs."""


@pytest.mark.parametrize("path", [*READINGS, *DOWNLOADS])
async def test_organisers_page_leads_who_is_not_signed_in_to_the_sign_in_page(path: str) -> None:
    async with open_house() as house:
        answer = await house.get(path)
        assert answer.status == 303
        door = await house.get(str(answer.response.request.url.join(answer.response.headers["location"])))
        assert (door.status, door.found("//input[@name='passphrase']") != []) == (200, True)


@pytest.mark.parametrize("path", ["/fr/organisation/", *READINGS])
async def test_organisers_page_has_the_way_out_and_is_kept_by_nobody(path: str) -> None:
    async with open_house() as house:
        await house.sign_in()
        page = await house.get(path)
        assert page.action("deconnexion/") == "/fr/organisation/deconnexion/"
        assert page.response.headers["cache-control"] == "no-store"


async def test_organisers_pages_are_linked_from_no_public_page() -> None:
    async with open_house() as house:
        for path in (
            "/",
            "/fr/",
            "/fr/programme/",
            "/fr/pratique/",
            "/fr/vie-privee/",
            "/fr/inscription/",
            "/fr/billet/",
        ):
            assert "organisation/" not in (await house.get(path)).response.text


async def test_text_typed_while_the_session_ended_is_saved_after_signing_in_again() -> None:
    async with open_house() as house:
        await house.sign_in()
        form = await filled_in(
            house, *FORMS["a session of the draft"][:2], {"abstract_en": "One.\r\n\r\nTwo & <three>."}
        )
        house.clock.turn(hours=9)
        door = await house.send("/en/organisers/sessions/outils/", form)
        assert (door.status, "Two & <three>." in door.said("//dl")) == (403, True)
        again = await house.send(door.action(), door.fields() | {"name": "Camille", "passphrase": PASSPHRASE})
        assert (again.status, again.heading) == (200, "What you typed was kept")
        saved = await house.send(again.action("outils/"), again.fields("outils/"))
        abstracts = {one.id: one.abstract.en for one in (await house.store.draft()).event.sessions}
        assert (saved.status, abstracts["outils"]) == (303, "One.\n\nTwo & <three>.")


async def test_text_is_still_kept_after_a_passphrase_that_was_mistyped() -> None:
    async with open_house() as house:
        await something_of_everything(house)
        form = await filled_in(house, *FORMS["publishing"])
        house.clock.turn(minutes=31)
        door = await house.send("/en/organisers/publish/", form)
        wrong = await house.send(door.action(), door.fields() | {"name": "Camille", "passphrase": "not hers at all"})
        assert (wrong.status, wrong.fields()["kept.comment"]) == (403, "Rooms are confirmed.")


async def test_long_texts_are_still_kept_by_the_sign_in_page() -> None:
    async with open_house() as house:
        await house.sign_in()
        form = (await house.get("/en/organisers/sessions/outils/")).fields("outils/")
        form |= {"abstract_fr": "é" * 8_000, "abstract_en": "è" * 8_000}
        house.client.cookies.clear()
        page = await house.send("/en/organisers/sessions/outils/", form)
        wrong = await house.send(
            page.action(), page.fields() | {"name": "nobody", "passphrase": "wrong, and long enough"}
        )
        assert (wrong.status, wrong.fields()["kept.abstract_fr"]) == (403, "é" * 8_000)


async def test_text_sent_from_the_page_of_an_older_session_is_kept_for_the_present_one() -> None:
    async with open_house() as house:
        await house.sign_in()
        form = await filled_in(house, *FORMS["a session of the draft"])
        await house.sign_in()
        kept = await house.send("/en/organisers/sessions/outils/", form)
        assert (kept.status, kept.heading) == (403, "What you typed was kept")
        assert (await house.send(kept.action("outils/"), kept.fields("outils/"))).status == 303


async def test_text_in_a_form_that_is_not_ours_is_not_kept() -> None:
    async with open_house() as house:
        door = await house.send("/en/organisers/publish/", {"comment": "Planted", "csrf_token": "forged"})
        assert (door.status, "Planted" in door.response.text) == (403, False)


async def test_passphrase_is_never_shown_again() -> None:
    async with open_house() as house:
        door = await house.get("/en/organisers/")
        wrong = await house.send(door.action(), door.fields() | {"name": "Camille", "passphrase": "a wrong passphrase"})
        assert (wrong.fields()["name"], "a wrong passphrase" in wrong.response.text) == ("Camille", False)
