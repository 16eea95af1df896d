"""No form of the organisers does anything without the sign-in that it was made for; what was typed is kept."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Final
from urllib.parse import urlencode

import pytest

from portal.domain.organisers.organiser import Organiser
from portal.routes import PAGES, PREVIEWS
from portal.site.paths import is_of_organisers, page_path
from portal.web.forms import URLENCODED, Tokens
from tests.factories.draft_forms import CHANGE_NOTHING
from tests.factories.organisers_forms import DOWNLOADS, FORMS, READINGS, filled_harness, filled_in, stored_state
from tests.factories.portal import HOST, ORGANISER, PASSPHRASE, Harness, open_harness

pytestmark = pytest.mark.anyio

Change = Callable[[Harness, dict[str, str]], Awaitable[None]]


async def with_no_session(harness: Harness, form: dict[str, str]) -> None:
    harness.client.cookies.clear()


async def with_an_expired_session(harness: Harness, form: dict[str, str]) -> None:
    harness.clock.turn(minutes=30)


async def with_a_session_that_never_was(harness: Harness, form: dict[str, str]) -> None:
    harness.client.cookies.clear()
    harness.client.cookies.set("sign_in", "a" * 64)


async def with_a_revoked_session(harness: Harness, form: dict[str, str]) -> None:
    await harness.store.add_organiser(Organiser("Sacha", "$argon2id$"))
    await harness.store.remove_organiser(ORGANISER, loses_readers=True)


async def without_its_token(harness: Harness, form: dict[str, str]) -> None:
    del form["csrf_token"]


async def with_the_token_of_another_session(harness: Harness, form: dict[str, str]) -> None:
    await harness.sign_in("Sacha")


async def with_the_token_of_another_form(harness: Harness, form: dict[str, str]) -> None:
    fields = (await harness.get("/en/registration/")).fields()
    form["csrf_token"] = fields["csrf_token"]


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
    async with filled_harness() as harness:
        form = await filled_in(harness, page, to, typed)
        await way(harness, form)
        before = await stored_state(harness)
        answer = await harness.send(to, form)
        assert (answer.status, await stored_state(harness)) == (403, before)
        assert "set-cookie" not in answer.response.headers


@pytest.mark.parametrize(("page", "to", "typed"), FORMS.values(), ids=FORMS.keys())
async def test_organisers_form_is_unknown_at_another_listener(page: str, to: str, typed: Mapping[str, str]) -> None:
    async with filled_harness() as harness:
        form, cookies = await filled_in(harness, page, to, typed), harness.client.cookies
        before = await stored_state(harness)
        harness.client = harness.another_browser(shows_organisers=False)
        harness.client.cookies = cookies
        answer = await harness.send(to, form)
        unknown = await harness.send(f"/en/{re.sub('[^/]', 'x', to.removeprefix('/en/'))}", form)
        assert (answer.status, await stored_state(harness)) == (404, before)
        assert answer.response.content == unknown.response.content


@pytest.mark.parametrize(("page", "to", "typed"), FORMS.values(), ids=FORMS.keys())
async def test_organisers_form_is_taken_with_its_own_session(page: str, to: str, typed: Mapping[str, str]) -> None:
    async with filled_harness() as harness:
        before = await stored_state(harness)
        answer = await harness.send(to, await filled_in(harness, page, to, typed))
        assert answer.status in (200, 303)
        changes_nothing = to.endswith("sign-out/") or typed.get("action") in CHANGE_NOTHING
        assert (await stored_state(harness) == before) == changes_nothing


@pytest.mark.parametrize("name", ["downloading the list", "publishing", "withdrawing a set-up code"])
async def test_form_of_who_was_removed_while_it_was_slow_to_come_is_refused(name: str) -> None:
    async with filled_harness() as harness:
        page, to, typed = FORMS[name]
        body = urlencode(await filled_in(harness, page, to, typed)).encode()
        before = list[tuple[object, ...]]()

        async def slowly() -> AsyncIterator[bytes]:
            yield body[:1]
            await harness.store.remove_organiser(ORGANISER, loses_readers=True)
            before.append(await stored_state(harness))
            yield body[1:]

        headers = {"origin": HOST, "content-type": URLENCODED}
        answer = await harness.client.post(to, content=slowly(), headers=headers)
        assert (answer.status_code, [await stored_state(harness)]) == (403, before)


ASKED: Final = sorted({page for page, _, _ in FORMS.values()} - {"/en/organisers/"})
"""The pages that show the forms."""


def pages_at(paths: set[str], method: str) -> set[str]:
    """Return the pages of the organisers that answer `method` at one of `paths`."""
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
    strangers = {"sign_in", "account_setup"}
    assert known - strangers - pages_at({to for _, to, _ in FORMS.values()}, "POST") == set()


def test_every_page_of_the_organisers_is_in_the_table() -> None:
    known = {page for page, handlers in {**PAGES, **PREVIEWS}.items() if is_of_organisers(page) and "GET" in handlers}
    strangers = {"organisers", "account_setup"}
    assert known - strangers - pages_at({*READINGS, *DOWNLOADS, *ASKED}, "GET") == set()


@pytest.mark.parametrize("path", [*READINGS, *DOWNLOADS, *ASKED])
async def test_organisers_page_leads_who_is_not_signed_in_to_the_sign_in_page(path: str) -> None:
    async with open_harness() as harness:
        answer = await harness.get(path)
        assert answer.status == 303
        sign_in_page = await harness.get(str(answer.response.request.url.join(answer.response.headers["location"])))
        assert sign_in_page.status == 200
        assert sign_in_page.found("//input[@name='passphrase']") != []


@pytest.mark.parametrize("path", ["/fr/organisation/", *READINGS])
async def test_organisers_page_has_the_way_out_and_is_kept_by_nobody(path: str) -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        page = await harness.get(path)
        assert page.action("deconnexion/") == "/fr/organisation/deconnexion/"
        assert page.response.headers["cache-control"] == "no-store"


async def test_organisers_pages_are_linked_from_no_public_page() -> None:
    async with open_harness() as harness:
        for path in (
            "/",
            "/fr/",
            "/fr/programme/",
            "/fr/pratique/",
            "/fr/vie-privee/",
            "/fr/inscription/",
            "/fr/billet/",
        ):
            assert "organisation/" not in (await harness.get(path)).response.text


async def test_text_typed_while_the_session_ended_is_saved_after_signing_in_again() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        form = await filled_in(
            harness, *FORMS["a session of the draft"][:2], {"abstract_en": "One.\r\n\r\nTwo & <three>."}
        )
        harness.clock.turn(hours=9)
        sign_in_page = await harness.send("/en/organisers/sessions/outils/", form)
        assert sign_in_page.status == 403
        assert "Two & <three>." in sign_in_page.text_of("//dl")
        assert (sign_in_page.facts()["Where"], sign_in_page.facts()["Themes"]) == ("grande", "libre")
        again = await harness.send(
            sign_in_page.action(), sign_in_page.fields() | {"name": "Camille", "passphrase": PASSPHRASE}
        )
        assert (again.status, again.heading) == (200, "What you typed was kept")
        saved = await harness.send(again.action("outils/"), again.fields("outils/"))
        abstracts = {session.id: session.abstract["en"] for session in (await harness.store.draft()).event.sessions}
        assert (saved.status, abstracts["outils"]) == (303, "One.\n\nTwo & <three>.")


async def test_text_is_still_kept_after_a_passphrase_that_was_mistyped() -> None:
    async with filled_harness() as harness:
        form = await filled_in(harness, *FORMS["publishing"])
        harness.clock.turn(minutes=31)
        sign_in_page = await harness.send("/en/organisers/publish/", form)
        wrong = await harness.send(
            sign_in_page.action(), sign_in_page.fields() | {"name": "Camille", "passphrase": "not hers at all"}
        )
        assert (wrong.status, wrong.fields()["kept.comment"]) == (403, "Rooms are confirmed.")


async def test_long_texts_are_still_kept_by_the_sign_in_page() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        form = (await harness.get("/en/organisers/sessions/outils/")).fields("outils/")
        form |= {"abstract_fr": "é" * 8_000, "abstract_en": "è" * 8_000}
        harness.client.cookies.clear()
        page = await harness.send("/en/organisers/sessions/outils/", form)
        wrong = await harness.send(
            page.action(), page.fields() | {"name": "nobody", "passphrase": "wrong, and long enough"}
        )
        assert (wrong.status, wrong.fields()["kept.abstract_fr"]) == (403, "é" * 8_000)


async def test_text_sent_from_the_page_of_an_older_session_is_kept_for_the_present_one() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        form = await filled_in(harness, *FORMS["a session of the draft"])
        await harness.sign_in()
        kept = await harness.send("/en/organisers/sessions/outils/", form)
        assert (kept.status, kept.heading) == (403, "What you typed was kept")
        assert (await harness.send(kept.action("outils/"), kept.fields("outils/"))).status == 303


async def test_text_kept_before_an_upgrade_that_renamed_its_page_lets_the_organiser_sign_in() -> None:
    async with open_harness() as harness:
        await harness.add_organiser("Camille")
        token = Tokens(harness.keys.forms, harness.clock).issue("sign_in", {"page": "door", "id": ""})
        fields = (await harness.get("/en/organisers/")).fields()
        form = fields | {"csrf_token": token, "kept.code": "x", "name": "Camille", "passphrase": PASSPHRASE}
        signed_in = await harness.send("/en/organisers/sign-in/", form)
        assert (signed_in.status, signed_in.response.headers["location"]) == (303, "../../../en/organisers/")


async def test_text_in_a_form_that_is_not_ours_is_not_kept() -> None:
    async with open_harness() as harness:
        sign_in_page = await harness.send("/en/organisers/publish/", {"comment": "Planted", "csrf_token": "forged"})
        assert sign_in_page.status == 403
        assert "Planted" not in sign_in_page.response.text


async def test_passphrase_is_never_shown_again() -> None:
    async with open_harness() as harness:
        sign_in_page = await harness.get("/en/organisers/")
        wrong = await harness.send(
            sign_in_page.action(), sign_in_page.fields() | {"name": "Camille", "passphrase": "a wrong passphrase"}
        )
        assert wrong.fields()["name"] == "Camille"
        assert "a wrong passphrase" not in wrong.response.text
