"""Changes to the draft: by an organiser in the browser, and by somebody else in the meantime."""

from collections.abc import Callable

from portal.domain.event.event import Event
from tests.factories.page import Page
from tests.factories.portal import Harness


async def draft_of(harness: Harness) -> Event:
    """Return the event of the draft."""
    return (await harness.store.draft()).event


async def put(harness: Harness, change: Callable[[Event], Event]) -> None:
    """Save the draft as somebody else, in the meantime."""
    draft = await harness.store.draft()
    await harness.store.save_draft(change(draft.event), draft.revision)


async def sent(harness: Harness, path: str, **typed: str) -> Page:
    """Open the page at `path` under the organisers' own and send its form with what was `typed`."""
    page = await harness.get(f"/en/organisers/{path}")
    return await harness.send(page.action(path), page.fields(path) | typed)


async def confirmation_page(harness: Harness, path: str) -> Page:
    """Open the confirmation before the part at `path` is deleted."""
    return await sent(harness, path, action="delete?")


def deletion(page: Page) -> dict[str, str]:
    """Return the fields of the form that deletes."""
    return next(
        {name: str(value or "") for name, value in form.fields.items()}
        for form in page.forms()
        if form.fields.get("action") == "delete"
    )
