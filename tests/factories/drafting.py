"""What an organiser of the tests does to the draft, and somebody else in the meantime."""

from collections.abc import Callable

from portal.domain.event.event import Event
from tests.factories.page import Page
from tests.factories.portal import Harness


async def draft_of(harness: Harness) -> Event:
    """The draft as it stands."""
    return (await harness.store.draft()).event


async def put(harness: Harness, change: Callable[[Event], Event]) -> None:
    """What somebody else saves in the meantime."""
    draft = await harness.store.draft()
    await harness.store.save_draft(change(draft.event), draft.revision)


async def sent(harness: Harness, path: str, **typed: str) -> Page:
    """Open the page at `path` under the organisers' own and send its form with what was `typed`."""
    page = await harness.get(f"/en/organisers/{path}")
    return await harness.send(page.action(path), page.fields(path) | typed)


async def asked(harness: Harness, path: str) -> Page:
    """The page that asks whether to delete."""
    return await sent(harness, path, action="delete?")


def deletion(page: Page) -> dict[str, str]:
    """The fields of the form that deletes."""
    return next(
        {name: str(value or "") for name, value in form.fields.items()}
        for form in page.forms()
        if form.fields.get("action") == "delete"
    )
