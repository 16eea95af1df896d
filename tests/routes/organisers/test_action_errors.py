"""Actions of the organisers that fail: the page of the form is shown again, with the error and what was typed."""

import re
from collections.abc import Mapping
from typing import Final

import pytest
from starlette.requests import Request
from starlette.responses import Response

from portal.domain.errors import StorageError
from portal.domain.organisers.organiser import SignIn
from portal.routes import FORM_PAGES
from portal.routes.organisers.forms import Form
from portal.site.paths import PageName, page_path
from tests.factories.draft_forms import CHANGE_NOTHING
from tests.factories.organisers_forms import FORMS, filled_harness, filled_in, stored_state
from tests.factories.page import Page
from tests.fakes.failing_disk import FailingDisk

pytestmark = pytest.mark.anyio

NEVER_SHOWN_AGAIN: Final = {"passphrase", "present_passphrase", "code"}
"""The passphrases, and the field of the check-in desk, into which the next code is scanned."""

CHANGING: Final = {name: form for name, form in FORMS.items() if form[2].get("action") not in CHANGE_NOTHING}


def pattern_of(name: PageName) -> str:
    return re.escape(f"/{page_path(name, 'en', 'ID')}").replace("ID", "[^/]+")


FORM_OF_PAGE: Final[Mapping[PageName, tuple[str, str]]] = {
    name: next((page, to) for page, to, _ in FORMS.values() if re.fullmatch(pattern_of(name), to))
    for name in FORM_PAGES
}
"""Of each page with a form: the page that shows its form, and where it goes."""


def shown_fields(page: Page, to: str) -> dict[str, str]:
    """Return the fields of a form that a person sees."""
    form = page.form(to)
    hidden = {str(field.get("name")) for field in form.xpath(".//input[@type='hidden']")}
    return {name: value for name, value in page.fields(to).items() if name not in hidden}


@pytest.mark.parametrize(("page", "to", "typed"), CHANGING.values(), ids=CHANGING.keys())
async def test_action_on_a_full_disk_keeps_what_was_typed(page: str, to: str, typed: Mapping[str, str]) -> None:
    disk = FailingDisk()
    async with filled_harness(disk.store()) as harness:
        form, suffix = await filled_in(harness, page, to, typed), to.removeprefix("/en")
        visible = shown_fields(await harness.get(page), suffix).keys() & typed.keys() - NEVER_SHOWN_AGAIN
        before = await stored_state(harness)
        disk.is_full = True
        answer = await harness.send(to, form)
        assert answer.status == 503
        assert StorageError.text in answer.text
        assert {name: answer.fields(suffix)[name] for name in visible} == {name: typed[name] for name in visible}
        assert await stored_state(harness) == before


async def fail(request: Request, sign_in: SignIn, form: Form) -> Response:
    raise StorageError


@pytest.mark.parametrize("name", FORM_PAGES)
async def test_every_action_of_a_page_shows_its_error(name: PageName, monkeypatch: pytest.MonkeyPatch) -> None:
    page, to = FORM_OF_PAGE[name]
    actions = FORM_PAGES[name].actions
    async with filled_harness() as harness:
        token = (await filled_in(harness, page, to, {}))["csrf_token"]
        heading = (await harness.get(page)).heading
        for action in list(actions):
            monkeypatch.setitem(actions, action, fail)
            answer = await harness.send(to, {"csrf_token": token, "action": action})
            assert (action, answer.status, answer.heading) == (action, 503, heading)
            assert StorageError.text in answer.text
