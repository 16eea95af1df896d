"""The organisers' first page: the overview, and what is done on it; the sign-in form for anybody else."""

from collections.abc import Mapping
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from portal.domain.checklist import Mark
from portal.domain.errors import PortalError
from portal.domain.language import N_
from portal.domain.organiser import SignIn
from portal.routes.answers import go_to, showing_of
from portal.routes.asked import services_of
from portal.routes.drawing import draw_now
from portal.routes.erasing import postpone
from portal.routes.gate import Changing, present
from portal.routes.noted import note, tell
from portal.routes.organiser_forms import Form, sign_in_page
from portal.routes.overview import overview
from portal.routes.refusals import refused
from portal.routes.said import say
from portal.site.times import in_zone

_POSTPONED: Final = N_("Erasure of the registrations postponed to %(when)s")


async def show(request: Request) -> Response:
    """The overview for who is signed in, the sign-in form for anybody else."""
    sign_in = await present(request)
    return sign_in_page(request) if sign_in is None else await overview(request, sign_in)


async def _draw(request: Request, sign_in: SignIn, form: Form) -> Response:
    """Give the free seats to those who wait."""
    try:
        await draw_now(request, sign_in)
    except PortalError as error:
        return await overview(request, sign_in, refused(request, error))
    return go_to(request, "organisers")


async def _postpone(request: Request, sign_in: SignIn, form: Form) -> Response:
    """Postpone the erasure that the overview announces."""
    try:
        until = in_zone(showing_of(request).renderer.edition.event, await postpone(request, form.get("due", "")))
        await tell(request, sign_in, _POSTPONED, when=f"{until:%Y-%m-%d %H:%M}")
    except PortalError as error:
        return await overview(request, sign_in, refused(request, error))
    return go_to(request, "organisers")


def _marking(mark: Mark, is_set: bool, action: str, news: str) -> Changing:
    """Sets or clears `mark`, which the journal tells as `action` and the page as `news`."""

    async def change(request: Request, sign_in: SignIn, form: Form) -> Response:
        try:
            if await services_of(request).store.mark(mark, is_set):
                await note(request, sign_in, action)
        except PortalError as error:
            return await overview(request, sign_in, refused(request, error))
        say(request, sign_in, news=news)
        return go_to(request, "organisers")

    return change


ACTIONS: Final[Mapping[str, Changing]] = {
    "draw": _draw,
    "postpone": _postpone,
    "check event": _marking(Mark.EVENT_CHECKED, True, N_("Facts of the event confirmed"), "checked"),
    "put away": _marking(Mark.PUT_AWAY, True, N_("List of what is to be done put away"), "put away"),
    "bring back": _marking(Mark.PUT_AWAY, False, N_("List of what is to be done brought back"), "brought back"),
}
