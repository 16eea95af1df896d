"""No form of the organisers does anything without the sign-in that it was made for; what was typed is kept."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Final
from urllib.parse import urlencode

import pytest

from portal.domain.organisers.organiser import Organiser
from portal.routes import PAGES, PREVIEWS
from portal.site.paths import is_of_organisers, page_path
from portal.web.forms import URLENCODED
from tests.factories.draft_forms import CHANGE_NOTHING
from tests.factories.organisers_forms import DOWNLOADS, FORMS, READINGS, filled_in, furnished_house, held
from tests.factories.portal import HOST, ORGANISER, PASSPHRASE, House, open_house

pytestmark = pytest.mark.anyio

Change = Callable[[House, dict[str, str]], Awaitable[None]]


async def with_no_session(house: House, form: dict[str, str]) -> None:
    house.client.cookies.clear()


async def with_an_expired_session(house: House, form: dict[str, str]) -> None:
    house.clock.turn(minutes=30)


async def with_a_session_that_never_was(house: House, form: dict[str, str]) -> None:
    house.client.cookies.clear()
    house.client.cookies.set("sign_in", "a" * 64)


async def with_a_revoked_session(house: House, form: dict[str, str]) -> None:
    await house.store.add_organiser(Organiser("Sacha", "$argon2id$"))
    await house.store.remove_organiser(ORGANISER, loses_readers=True)


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
    "with a revoked session": with_a_revoked_session,
    "with a session that never was": with_a_session_that_never_was,
    "without its token": without_its_token,
    "with the token of another session": with_the_token_of_another_session,
    "with the token of another form": with_the_token_of_another_form,
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS.keys())
@pytest.mark.parametrize(("page", "to", "typed"), FORMS.values(), ids=FORMS.keys())
async def test_organisers_form_is_refused(page: str, to: str, typed: Mapping[str, str], way: Change) -> None:
    async with furnished_house() as house:
        form = await filled_in(house, page, to, typed)
        await way(house, form)
        before = await held(house)
        answer = await house.send(to, form)
        assert (answer.status, await held(house)) == (403, before)
        assert "set-cookie" not in answer.response.headers


@pytest.mark.parametrize(("page", "to", "typed"), FORMS.values(), ids=FORMS.keys())
async def test_organisers_form_is_unknown_at_another_door(page: str, to: str, typed: Mapping[str, str]) -> None:
    async with furnished_house() as house:
        form, cookies = await filled_in(house, page, to, typed), house.client.cookies
        before = await held(house)
        house.client = house.another_browser(shows_organisers=False)
        house.client.cookies = cookies
        answer = await house.send(to, form)
        unknown = await house.send(f"/en/{re.sub('[^/]', 'x', to.removeprefix('/en/'))}", form)
        assert (answer.status, await held(house)) == (404, before)
        assert answer.response.content == unknown.response.content


@pytest.mark.parametrize(("page", "to", "typed"), FORMS.values(), ids=FORMS.keys())
async def test_organisers_form_is_taken_with_its_own_session(page: str, to: str, typed: Mapping[str, str]) -> None:
    async with furnished_house() as house:
        before = await held(house)
        answer = await house.send(to, await filled_in(house, page, to, typed))
        assert answer.status in (200, 303)
        changes_nothing = to.endswith("sign-out/") or typed.get("action") in CHANGE_NOTHING
        assert (await held(house) == before) == changes_nothing


"""What an organiser reads that is no page of theirs."""


@pytest.mark.parametrize("name", ["downloading the list", "publishing", "withdrawing a set-up code"])
async def test_form_of_who_was_removed_while_it_was_slow_to_come_is_refused(name: str) -> None:
    async with furnished_house() as house:
        page, to, typed = FORMS[name]
        body = urlencode(await filled_in(house, page, to, typed)).encode()
        before = list[tuple[object, ...]]()

        async def slowly() -> AsyncIterator[bytes]:
            yield body[:1]
            await house.store.remove_organiser(ORGANISER, loses_readers=True)
            before.append(await held(house))
            yield body[1:]

        headers = {"origin": HOST, "content-type": URLENCODED}
        answer = await house.client.post(to, content=slowly(), headers=headers)
        assert (answer.status_code, [await held(house)]) == (403, before)


ASKED: Final = sorted({page for page, _, _ in FORMS.values()} - {"/en/organisers/"})
"""The pages that show the forms."""


def pages_at(paths: set[str], method: str) -> set[str]:
    """The pages of the organisers that answer `method` at one of `paths`."""
    return {
        page
        for page, handlers in {**PAGES, **PREVIEWS}.items()
        if is_of_organisers(page) and method in handlers
        for language in ("fr", "en")
        if any(
            re.fullmatch(re.escape(f"/{page_path(page, language, 'ID')}").replace("ID", "[^/]+") + pattern, path)
            for pattern in ("", ".*")[: 2 if page in PREVIEWS else 1]
            for path in paths
        )
    }


def test_every_form_of_the_organisers_is_in_the_table() -> None:
    known = {page for page, handlers in PAGES.items() if is_of_organisers(page) and "POST" in handlers}
    strangers = {"sign_in", "welcome"}
    assert known - strangers - pages_at({to for _, to, _ in FORMS.values()}, "POST") == set()


def test_every_page_of_the_organisers_is_in_the_table() -> None:
    known = {page for page, handlers in {**PAGES, **PREVIEWS}.items() if is_of_organisers(page) and "GET" in handlers}
    strangers = {"organisers", "welcome"}
    assert known - strangers - pages_at({*READINGS, *DOWNLOADS, *ASKED}, "GET") == set()


@pytest.mark.parametrize("path", [*READINGS, *DOWNLOADS, *ASKED])
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
    async with furnished_house() as house:
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
