"""The checks of every form that anybody may send, in one fixed order, before its handler sees it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from starlette.requests import Request
from starlette.responses import Response

from portal.domain.errors import FormByRobot, PortalError
from portal.domain.limits import BODY_KIB
from portal.routes.context import TOKEN_FIELD, rate_limits_of, tokens_of
from portal.web.forms import check_own_address, read_form
from portal.web.listeners import check_origin

Fields = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class FormToken:
    """The signed token of a form: its purpose, and its age when the form comes back."""

    purpose: str
    max_age: timedelta
    min_age: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True)
class Submission:
    """The `fields` of a form that passed the checks, and the `payload` of its token, empty where it has none."""

    fields: Fields = field(repr=False)
    payload: Mapping[str, str] = field(repr=False)


Submit = Callable[[Request, Submission], Awaitable[Response]]
ErrorPage = Callable[[Request, PortalError, Fields], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class PublicForm:
    """Handler of a form that needs no sign-in.

    Checks, in this order: Origin, content type and size, budget of the circuit, rewriting proxy, `token`, `honeypot`;
    None for the last two where the form has none. `show_error` shows an error of these checks, or of `submit`, on the
    page of the form, with the fields that were read.
    """

    submit: Submit
    show_error: ErrorPage
    token: FormToken | None
    honeypot: str | None
    max_kib: int

    async def __call__(self, request: Request) -> Response:
        fields = dict[str, str]()
        try:
            check_origin(request)
            fields = await read_form(request, self.max_kib)
            rate_limits_of(request).circuits.spend(request.scope)
            check_own_address(request, fields)
            submission = Submission(fields, self._open_token(request, fields))
            if self.honeypot and fields.get(self.honeypot):
                raise FormByRobot
            return await self.submit(request, submission)
        except PortalError as error:
            return await self.show_error(request, error, fields)

    def _open_token(self, request: Request, fields: Fields) -> Mapping[str, str]:
        if (token := self.token) is None:
            return {}
        return tokens_of(request).open(token.purpose, fields.get(TOKEN_FIELD, ""), token.max_age, token.min_age)


def public_form(
    show_error: ErrorPage, *, token: FormToken | None, honeypot: str | None = None, max_kib: int = BODY_KIB
) -> Callable[[Submit], PublicForm]:
    """Decorate the handler of a public form: return the `PublicForm` that calls it."""
    return lambda submit: PublicForm(submit, show_error, token, honeypot, max_kib)
