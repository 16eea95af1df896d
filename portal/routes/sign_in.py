"""Organisers sign in and out."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from portal.domain.errors import FormForeign, PortalError, SignInRefused
from portal.domain.limits import SIGN_IN_TOTAL_HOURS
from portal.domain.organiser import SignIn
from portal.domain.passphrase import check, normalised
from portal.routes.answers import go_to
from portal.routes.asked import TOKEN_FIELD, check_sent, organisers_form, services_of, tokens_of
from portal.routes.organiser_forms import SIGN_IN, Form, Kept, kept_by_sign_in_page, kept_page, sign_in_page
from portal.routes.refusals import refused
from portal.services import Services
from portal.web.sign_in_cookie import give, new_id, stored_id, stored_id_of, take_back

_MAX_AGE: Final = timedelta(hours=SIGN_IN_TOTAL_HOURS)


async def open_sign_in(request: Request) -> Response:
    """Recognise an organiser, hand the browser a new id, and go on with what it was doing."""
    services, form = services_of(request), dict[str, str]()
    try:
        form = await organisers_form(request)
        check_sent(request, form)
        tokens_of(request).open(SIGN_IN, form.get(TOKEN_FIELD, ""), _MAX_AGE)
        organiser = await _recognised(services, normalised(form.get("name", "")), check(form.get("passphrase", "")))
    except PortalError as error:
        return sign_in_page(request, refused(request, error), _kept(request, form), form.get("name", ""))
    await services.store.close_sign_in(stored_id_of(request) or "")
    id, minute = new_id(services.chance), services.clock().replace(second=0, microsecond=0)
    sign_in = SignIn(stored_id(id), organiser, minute, minute)
    await services.store.open_sign_in(sign_in)
    kept = _kept(request, form)
    response = kept_page(request, sign_in, kept) if kept else go_to(request, "organisers")
    give(request, response, id)
    return response


async def close_sign_in(request: Request, sign_in: SignIn, form: Form) -> Response:
    """Forget the sign-in, here and in the browser."""
    await services_of(request).store.close_sign_in(sign_in.id)
    response = go_to(request, "organisers")
    take_back(request, response)
    return response


async def _recognised(services: Services, name: str, passphrase: str) -> str:
    """The organiser's name. Raises `SignInRefused`, after the same work whether the name or the passphrase is wrong."""
    organiser = await services.store.organiser(name)
    known = organiser.passphrase_hash if organiser else None
    if not await services.organisers_hasher.verify(known, passphrase) or organiser is None:
        raise SignInRefused
    return organiser.name


def _kept(request: Request, form: Mapping[str, str]) -> Kept | None:
    """What the sign-in page has kept; nothing when `form` is not that page's."""
    try:
        payload = tokens_of(request).open_at_any_age(SIGN_IN, form.get(TOKEN_FIELD, ""))
    except FormForeign:
        return None
    return kept_by_sign_in_page(payload, form)
