"""Steps of attendees and organisers on the day of the event, in a browser."""

from collections.abc import Mapping

from playwright.sync_api import Page

from tests.browser.portal import FORM_MILLISECONDS, Portal, assert_fits, heading

Ticket = tuple[str, str]
"""A code and a passphrase."""


def registered(people: Mapping[str, Page], portal: Portal) -> dict[str, tuple[Ticket, str]]:
    """Everybody opens the form of registration, and they send it in turn; the tickets, and what is said of each."""
    tickets = {pseudonym: filled_in(page, portal, pseudonym) for pseudonym, page in people.items()}
    next(iter(people.values())).wait_for_timeout(FORM_MILLISECONDS)
    return {pseudonym: (tickets[pseudonym], sent(page)) for pseudonym, page in people.items()}


def filled_in(page: Page, portal: Portal, pseudonym: str) -> Ticket:
    """Fill in the form of registration; the ticket that it shows."""
    page.goto(f"{portal.url}fr/inscription/")
    page.get_by_label("Pseudonyme").fill(pseudonym)
    return page.locator("p.code").inner_text(), page.get_by_label("Phrase de passe").input_value()


def sent(page: Page) -> str:
    """Send the form of registration; what is said then."""
    with page.expect_navigation():
        page.get_by_role("main").get_by_role("button").click()
    return heading(page)


def opened(page: Page, portal: Portal, ticket: Ticket) -> str:
    """Come back with a ticket; what is said of it."""
    page.goto(f"{portal.url}fr/billet/")
    page.get_by_label("Code").fill(ticket[0])
    page.get_by_label("Phrase de passe").fill(ticket[1])
    press(page, "Ouvrir mon billet")
    return heading(page)


def at_the_door(page: Page, code: str) -> list[str]:
    """Type a code, as a scanner does, wherever the page has put the cursor; the large words, and of whom."""
    page.locator("input:focus").wait_for()  # a browser puts it there some time after the page has loaded
    page.keyboard.type(code)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert_fits(page)
    return [line.inner_text() for line in page.locator(".word, .name").all()]


def press(page: Page, name: str) -> None:
    """Press a button, and wait for the page that it brings."""
    with page.expect_navigation():
        page.get_by_role("button", name=name).click()
    assert_fits(page)
