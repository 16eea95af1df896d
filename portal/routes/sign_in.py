"""Organisers sign in and out."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from portal.domain.errors import FormForeign, PortalError
from portal.domain.limits import SIGN_IN_TOTAL_HOURS
from portal.domain.organiser import SignIn
from portal.domain.passphrase import check, normalised
from portal.routes.answers import go_to
from portal.routes.asked import TOKEN_FIELD, check_sent, guard_of, organisers_form, services_of, tokens_of
from portal.routes.entering import recognise
from portal.routes.organiser_forms import SIGN_IN, Form, Kept, kept_by_sign_in_page, kept_page, sign_in_page
from portal.routes.pseudonym_index import pseudonym_index_of
from portal.routes.refusals import refused
from portal.web.sign_in_cookie import take_back

_MAX_AGE: Final = timedelta(hours=SIGN_IN_TOTAL_HOURS)


async def open_sign_in(request: Request) -> Response:
    """Recognise an organiser, hand the browser a new id, and go on with what it was doing."""
    form = dict[str, str]()
    try:
        form = await organisers_form(request)
        check_sent(request, form)
        tokens_of(request).open(SIGN_IN, form.get(TOKEN_FIELD, ""), _MAX_AGE)
        name, passphrase = normalised(form.get("name", "")), check(form.get("passphrase", ""))
        entry = await recognise(request, name, passphrase)
    except PortalError as error:
        return sign_in_page(request, refused(request, error), _kept(request, form), form.get("name", ""))
    kept = _kept(request, form)
    response = kept_page(request, entry.sign_in, kept) if kept else go_to(request, "organisers")
    return entry.hand_over(request, response)


async def close_sign_in(request: Request, sign_in: SignIn, form: Form) -> Response:
    """Forget the sign-in, here and in the browser."""
    await services_of(request).store.close_sign_in(sign_in.id)
    guard_of(request).familiar.forget(sign_in.id)
    pseudonym_index_of(request).forget()
    response = go_to(request, "organisers")
    take_back(request, response)
    return response


def _kept(request: Request, form: Mapping[str, str]) -> Kept | None:
    """What the sign-in page has kept; nothing when `form` is not that page's."""
    try:
        payload = tokens_of(request).open_at_any_age(SIGN_IN, form.get(TOKEN_FIELD, ""))
    except FormForeign:
        return None
    return kept_by_sign_in_page(payload, form)
