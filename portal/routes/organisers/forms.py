"""The organisers' pages and their forms: bound to a sign-in, and kept whole when it ends while somebody types."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, cast

from starlette.requests import Request
from starlette.responses import Response

from portal.domain.errors import FormForeign
from portal.domain.limits import FAULTS_LISTED
from portal.domain.organisers.organiser import SignIn
from portal.routes.context import TOKEN_FIELD, tokens_of
from portal.routes.errors import NO_ERRORS, PageErrors
from portal.routes.flash import NO_MESSAGE, flash_of
from portal.routes.responses import answer, language_of
from portal.site.paths import PageName

Form = Mapping[str, str]

SIGN_IN: Final[PageName] = "sign_in"
_KEPT: Final = "kept."
_NEVER_KEPT: Final = frozenset({TOKEN_FIELD, "passphrase", "present_passphrase"})


@dataclass(frozen=True, slots=True)
class Kept:
    """The `fields` of a form of `page` (of `id`) that could not be taken for want of a sign-in."""

    page: PageName
    id: str
    fields: Form


def organisers_page(
    request: Request,
    sign_in: SignIn,
    template: str,
    page: PageName,
    errors: PageErrors = NO_ERRORS,
    *,
    id: str = "",
    form: PageName | None = None,
    **context: object,
) -> Response:
    """`template` as `page` for who is signed in: with the way out, and the token of its form, which goes to `form`.

    A form goes to its own page unless another is named. A page that is opened tells what was done just before.
    """
    tokens = {"token": _token(request, form or page, sign_in), "sign_out_token": _token(request, "sign_out", sign_in)}
    done = flash_of(request).take(sign_in.id) if request.method == "GET" else NO_MESSAGE
    told = {"flash": done.in_words(language_of(request)), "done": {} if done.text else done.details}
    context |= {**tokens, **told, "organiser": sign_in.organiser, "errors": errors, "faults_listed": FAULTS_LISTED}
    return errors.on(answer(request, template, page, errors.status, id=id, **context))


def sign_in_page(
    request: Request, errors: PageErrors = NO_ERRORS, kept: Kept | None = None, name: str = ""
) -> Response:
    """Asks who one is. What is `kept` travels with the answer; its page is in the token, where nobody alters it."""
    token = tokens_of(request).issue(SIGN_IN, {"page": kept.page, "id": kept.id} if kept else {})
    page = answer(
        request,
        "organisers/admin/sign_in.html",
        "organisers",
        errors.status,
        token=token,
        kept=kept,
        prefix=_KEPT,
        name=name,
        errors=errors,
    )
    return errors.on(page)


def kept_page(request: Request, sign_in: SignIn, kept: Kept, errors: PageErrors = NO_ERRORS) -> Response:
    """Shows what was kept, to be sent anew by who has signed in since."""
    return organisers_page(request, sign_in, "organisers/resend.html", "organisers", errors, form=kept.page, kept=kept)


def holder_of(request: Request, page: PageName, form: Form) -> str | None:
    """The id of the sign-in that a form of `page` was made for; None when the form is not of our making."""
    try:
        return tokens_of(request).open_at_any_age(page, form.get(TOKEN_FIELD, ""))[SIGN_IN]
    except FormForeign:
        return None


def kept_of(request: Request, page: PageName, form: Form) -> Kept:
    """What is to be kept of a form that was sent to `page`."""
    fields = {name: text for name, text in form.items() if name not in _NEVER_KEPT}
    return Kept(page, request.path_params.get("id", ""), fields)


def kept_by_sign_in_page(payload: Mapping[str, str], form: Form) -> Kept | None:
    """What the sign-in page kept: `payload` is that of its token, `form` what came back of it."""
    if "page" not in payload:
        return None
    fields = {name.removeprefix(_KEPT): text for name, text in form.items() if name.startswith(_KEPT)}
    return Kept(cast(PageName, payload["page"]), payload["id"], fields)


def _token(request: Request, page: PageName, sign_in: SignIn) -> str:
    """Worth nothing with another sign-in, and as old as its own at the most."""
    return tokens_of(request).issue(page, {SIGN_IN: sign_in.id})
