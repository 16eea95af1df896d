"""The gate of the organisers' rooms: who comes in, and by which form."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from portal.domain.errors import FormForeign
from portal.domain.limits import ORGANISERS_BODY_KIB
from portal.domain.organisers.organiser import SignIn
from portal.routes.context import Handler, organisers_form, rate_limits_of, services_of
from portal.routes.errors import PageErrors
from portal.routes.organisers.forms import Form, holder_of, kept_of, kept_page, sign_in_page
from portal.routes.responses import go_to
from portal.site.paths import PageName
from portal.web.sign_in_cookie import stored_id_of

Reading = Callable[[Request, SignIn], Awaitable[Response]]
Changing = Callable[[Request, SignIn, Form], Awaitable[Response]]

_NOT_BY_YOU: Final = PageErrors(status=403)


async def present(request: Request) -> SignIn | None:
    """The sign-in of the browser that asks, when it is still alive."""
    services, id = services_of(request), stored_id_of(request)
    sign_in = await services.store.sign_in(id, services.clock()) if id else None
    if sign_in is not None:
        rate_limits_of(request).familiar.remember(sign_in.id, sign_in.organiser)
    return sign_in


def for_organisers(show: Reading) -> Handler:
    """`show` for who is signed in; anybody else is led to the sign-in page."""

    async def handle(request: Request) -> Response:
        sign_in = await present(request)
        return go_to(request, "organisers") if sign_in is None else await show(request, sign_in)

    return handle


def from_organisers(page: PageName, change: Changing, most_kib: int = ORGANISERS_BODY_KIB) -> Handler:
    """`change` for a form of `page` that comes back with the very sign-in for which it was made.

    At most `most_kib` KiB are read of it, and no more than ORGANISERS_BODY_KIB of who is not signed in. Without that
    sign-in nothing is changed, and the answer keeps what was typed in a form of ours. It is asked for once the form is
    there: whoever was removed while their form was slow to come is no organiser any more.
    """

    async def handle(request: Request) -> Response:
        is_signed_in = await present(request) is not None
        form = await organisers_form(request, most_kib if is_signed_in else ORGANISERS_BODY_KIB)
        sign_in = await present(request)
        holder = holder_of(request, page, form)
        if sign_in is None:
            return sign_in_page(request, _NOT_BY_YOU, kept_of(request, page, form) if holder else None)
        if holder is None:
            raise FormForeign
        if holder != sign_in.id:
            return kept_page(request, sign_in, kept_of(request, page, form), _NOT_BY_YOU)
        return await change(request, sign_in, form)

    return handle


def by_action(actions: Mapping[str, Changing]) -> Changing:
    """The change that a form asks for in its field `action`, on a page that has several; "" where it has none."""

    async def change(request: Request, sign_in: SignIn, form: Form) -> Response:
        chosen = actions.get(form.get("action", ""))
        if chosen is None:
            raise FormForeign
        return await chosen(request, sign_in, form)

    return change
