"""An attendee's own choice of the programme, on a phone without scripts, before a portal that really runs."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.portal import Portal, assert_fits, heading

pytestmark = pytest.mark.browser


def chosen(page: Page) -> list[str]:
    """The titles of the chosen sessions."""
    return [title.replace("\n", " ") for title in page.locator("li.session a").all_inner_texts()]


def test_choice_is_made_kept_in_the_address_and_changed(portal: Portal, person: Callable[[], Page]) -> None:
    page = person()
    page.goto(f"{portal.url}fr/programme/")
    page.get_by_role("link", name="Mon programme").click()
    assert_fits(page)
    page.get_by_label("Du libre contre la technopolice").check()
    page.get_by_label("Des biais dans la machine").check()
    page.get_by_role("button", name="Voir mon programme").click()
    assert heading(page) == "Mon programme"
    assert chosen(page) == ["Du libre contre la technopolice", "Des biais dans la machine"]
    expect(page.locator(".clash")).to_have_count(2)
    assert_fits(page)
    kept = page.url
    page.get_by_role("link", name="Cocher d’autres séances").click()
    page.get_by_label("Des biais dans la machine").uncheck()
    page.get_by_role("button", name="Voir mon programme").click()
    assert chosen(page) == ["Du libre contre la technopolice"]
    expect(page.locator(".clash")).to_have_count(0)
    another = person()
    another.goto(kept)
    assert chosen(another) == ["Du libre contre la technopolice", "Des biais dans la machine"]
    assert another.context.cookies() == []


def test_page_of_the_moment_is_answered_by_the_clock(portal: Portal, person: Callable[[], Page]) -> None:
    page = person()
    page.goto(f"{portal.url}fr/programme/")
    page.get_by_role("link", name="En ce moment").click()
    assert heading(page) == "En ce moment"
    expect(page.locator(".lead time")).to_be_visible()
    assert_fits(page)
