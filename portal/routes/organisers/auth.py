"""Access to the organisers' pages: they are shown to whoever is signed in, and their forms are bound to a sign-in."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from starlette.requests import Request
from starlette.responses import Response

from portal.domain.errors import FormForeign, PortalError
from portal.domain.limits import ORGANISERS_BODY_KIB
from portal.domain.organisers.organiser import SignIn
from portal.domain.organisers.organiser_errors import NoLongerOrganiser
from portal.routes.context import Handler, rate_limits_of, redirect_to, services_of
from portal.routes.errors import NO_ERRORS, PageErrors, page_errors
from portal.routes.organisers.forms import NO_FORM, Form, holder_of, keep, kept_page, sign_in_page
from portal.site.paths import PageName
from portal.web.forms import read_form
from portal.web.listeners import check_origin
from portal.web.sign_in_cookie import stored_id_of
from portal.web.uploads import UploadedFile, read_form_with_files

View = Callable[[Request, SignIn], Awaitable[Response]]
"""Shows a page to an organiser."""

Action = Callable[[Request, SignIn, Form], Awaitable[Response]]
"""Does what the form of an organiser is sent for, and returns the response; or raises a `PortalError`."""

_NO_ACCESS: Final = PageErrors(status=403)


class Page(Protocol):
    """Shows a page with a form: `errors` above it and beside its fields, and in them what was typed into `form`."""

    def __call__(
        self, request: Request, sign_in: SignIn, errors: PageErrors = NO_ERRORS, form: Form = NO_FORM, /
    ) -> Awaitable[Response]: ...


@dataclass(frozen=True, slots=True)
class FormPage:
    """A page with a form: `page` shows it, and `actions` are by the field `action` of the form, "" without one.

    `max_kib` is the largest form that is read of an organiser, in KiB; `show` opens the page where `page` does not.
    A page that `takes_files` finds them by `files_of`.
    """

    page: Page
    actions: Mapping[str, Action]
    max_kib: int = ORGANISERS_BODY_KIB
    show: View | None = None
    takes_files: bool = False


async def current_sign_in(request: Request) -> SignIn | None:
    """Return the sign-in of the browser, None when there is none that is still alive."""
    services, id = services_of(request), stored_id_of(request)
    sign_in = await services.store.sign_in(id, services.clock()) if id else None
    if sign_in is not None:
        rate_limits_of(request).known_browsers.remember(sign_in.id, sign_in.organiser)
    return sign_in


def for_organisers(show: View) -> Handler:
    """Return the handler that calls `show` for an organiser, and leads everybody else to the sign-in page."""

    async def handle(request: Request) -> Response:
        sign_in = await current_sign_in(request)
        return redirect_to(request, "organisers") if sign_in is None else await show(request, sign_in)

    return handle


def from_organisers(name: PageName, form_page: FormPage) -> Handler:
    """Return the handler of the forms of `form_page`, which do nothing without the sign-in that they were made for.

    Without it, everything typed is kept until its sender has signed in, and no more than ORGANISERS_BODY_KIB are read.
    The sign-in is looked up again once the form has arrived: an organiser may be removed while a slow form arrives.
    """

    async def handle(request: Request) -> Response:
        is_signed_in = await current_sign_in(request) is not None
        check_origin(request)
        form = await _read(request, form_page, form_page.max_kib if is_signed_in else ORGANISERS_BODY_KIB)
        sign_in = await current_sign_in(request)
        holder = holder_of(request, name, form)
        if sign_in is None:
            return sign_in_page(request, _NO_ACCESS, keep(request, name, form) if holder else None)
        if holder is None:
            raise FormForeign
        if holder != sign_in.id:
            return kept_page(request, sign_in, keep(request, name, form), _NO_ACCESS)
        action = form_page.actions.get(form.get("action", ""))
        if action is None:
            raise FormForeign
        return await with_errors_on(form_page.page, action)(request, sign_in, form)

    return handle


async def _read(request: Request, form_page: FormPage, max_kib: int) -> Form:
    """Read the form, and keep its files for `files_of`."""
    if not form_page.takes_files:
        return await read_form(request, max_kib)
    form, request.state.files = await read_form_with_files(request, max_kib)
    return form


def files_of(request: Request) -> Mapping[str, UploadedFile]:
    """Return the files of the form that was sent, by the names of their fields."""
    files: Mapping[str, UploadedFile] = getattr(request.state, "files", {})
    return files


def with_errors_on(page: Page, action: Action) -> Action:
    """Return `action` whose errors are shown on `page`, with everything that was typed.

    An organiser who was removed in the meantime is asked to sign in.
    """

    async def act(request: Request, sign_in: SignIn, form: Form) -> Response:
        try:
            return await action(request, sign_in, form)
        except NoLongerOrganiser as error:
            return sign_in_page(request, page_errors(request, error))
        except PortalError as error:
            return await page(request, sign_in, page_errors(request, error), form)

    return act
