"""The organisers' pages and their forms: bound to a sign-in, and kept whole when it ends while somebody types."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, cast, get_args

from starlette.requests import Request
from starlette.responses import Response

from portal.domain.errors import FormForeign
from portal.domain.limits import FAULTS_LISTED
from portal.domain.organisers.organiser import SignIn
from portal.routes.context import TOKEN_FIELD, language_of, render_page, tokens_of
from portal.routes.errors import NO_ERRORS, PageErrors
from portal.routes.flash import NO_MESSAGE, flash_of
from portal.site.paths import PageName

Form = Mapping[str, str]

NO_FORM: Final[Form] = {}
SIGN_IN: Final[PageName] = "sign_in"
_KEPT: Final = "kept."
_NEVER_KEPT: Final = frozenset({TOKEN_FIELD, "passphrase", "present_passphrase"})


@dataclass(frozen=True, slots=True)
class KeptForm:
    """The `fields` of a form of `page` (of `id`) whose sender has to sign in before it can be taken."""

    page: PageName
    id: str
    fields: Form


def form_for(form: Form, action: str = "") -> Form:
    """Return `form` if it was sent for `action`, an empty one otherwise."""
    return form if form.get("action", "") == action else NO_FORM


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
    """Render `template` as `page` for an organiser: with the token of its form, which goes to `form` or to `page`.

    A page that is opened shows the flash message of the action before.
    """
    tokens = {"token": _token(request, form or page, sign_in), "sign_out_token": _token(request, "sign_out", sign_in)}
    done = flash_of(request).take(sign_in.id) if request.method == "GET" else NO_MESSAGE
    message = {"flash": done.translated(language_of(request)), "done": {} if done.text else done.details}
    context |= {**tokens, **message, "organiser": sign_in.organiser, "errors": errors, "faults_listed": FAULTS_LISTED}
    return errors.add_headers(render_page(request, template, page, errors.status, id=id, **context))


def sign_in_page(
    request: Request, errors: PageErrors = NO_ERRORS, kept: KeptForm | None = None, name: str = ""
) -> Response:
    """Ask for the name and the passphrase. The form `kept` goes along; its page is in the token, safe from changes."""
    token = tokens_of(request).issue(SIGN_IN, {"page": kept.page, "id": kept.id} if kept else {})
    page = render_page(
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
    return errors.add_headers(page)


def kept_page(request: Request, sign_in: SignIn, kept: KeptForm, errors: PageErrors = NO_ERRORS) -> Response:
    """Show the form `kept`, to be sent again by its sender, who has signed in since."""
    return organisers_page(request, sign_in, "organisers/resend.html", "organisers", errors, form=kept.page, kept=kept)


def holder_of(request: Request, page: PageName, form: Form) -> str | None:
    """Return the id of the sign-in that a form of `page` was made for; None when the portal did not make it."""
    try:
        return tokens_of(request).open_at_any_age(page, form.get(TOKEN_FIELD, ""))[SIGN_IN]
    except FormForeign:
        return None


def keep(request: Request, page: PageName, form: Form) -> KeptForm:
    """Keep the fields of a form that was sent to `page`, but for passphrases."""
    fields = {name: text for name, text in form.items() if name not in _NEVER_KEPT}
    return KeptForm(page, request.path_params.get("id", ""), fields)


def kept_by_sign_in_page(payload: Mapping[str, str], form: Form) -> KeptForm | None:
    """Return the form that the sign-in page kept, from the `payload` of its token and its own `form`.

    None where it kept none, or where the page has had another name since an upgrade.
    """
    if payload.get("page") not in get_args(PageName):
        return None
    fields = {name.removeprefix(_KEPT): text for name, text in form.items() if name.startswith(_KEPT)}
    return KeptForm(cast(PageName, payload["page"]), payload["id"], fields)


def _token(request: Request, page: PageName, sign_in: SignIn) -> str:
    """Issue a token that is bound to the sign-in, and expires with it."""
    return tokens_of(request).issue(page, {SIGN_IN: sign_in.id})
