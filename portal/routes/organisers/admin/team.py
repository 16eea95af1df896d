"""The team: who the organisers are, how one more joins them, and how one leaves."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from portal.domain.draft.part_form import version_of
from portal.domain.errors import PortalError
from portal.domain.language import N_
from portal.domain.limits import ORGANISER_NAME_CHARACTERS, SET_UP_CODE_HOURS
from portal.domain.organisers.organiser import SetUpCode, SignIn, expiry, organiser_name
from portal.domain.organisers.organiser_access import wrapped_for
from portal.domain.organisers.organiser_errors import (
    KeyNotWrapped,
    LossNotConfirmed,
    NoLongerOrganiser,
    NoLongerReader,
    SetUpCodeGone,
)
from portal.domain.registration.sealing import PRIVATE_KEY_BYTES, public_key_of, wrap
from portal.domain.registration.ticket_code import SET_UP, code_digest, new_code, shown
from portal.routes.audit_log import log_action
from portal.routes.context import rate_limits_of, services_of
from portal.routes.errors import NO_ERRORS, PageErrors, page_errors
from portal.routes.flash import flash
from portal.routes.organisers.auth import Changing
from portal.routes.organisers.confirmation import Question
from portal.routes.organisers.forms import Form, organisers_page, sign_in_page
from portal.routes.organisers.pseudonym_index import private_key_of, pseudonym_index_of
from portal.routes.responses import go_to, language_of
from portal.site.paths import page_path
from portal.web.listeners import address_of, listener_of
from portal.web.sign_in_cookie import take_back


async def show(request: Request, sign_in: SignIn) -> Response:
    """Who the organisers are, and who is about to be one."""
    return await _page(request, sign_in)


async def _give(request: Request, sign_in: SignIn, form: Form) -> Response:
    """Make a set-up code for a name, and show it this once."""
    services, typed = services_of(request), form.get("name", "")
    code, now = new_code(services.rng), services.clock()
    try:
        name = organiser_name(typed)
        keys = await services.known_browsers_hasher.locate(code_digest(services.keys.event, code, SET_UP))
        wrapped = wrapped_for(private_key_of(request, sign_in), keys.key)
        kept = SetUpCode(keys.id, name, sign_in.organiser, expiry(now), wrapped_key=wrapped)
        await services.store.give_set_up_code(kept, now)
        await log_action(request, sign_in, N_("Set-up code given to “%(name)s”"), name=name)
    except NoLongerOrganiser as error:
        return sign_in_page(request, page_errors(request, error))
    except PortalError as error:
        return await _page(request, sign_in, page_errors(request, error, "name"), typed)
    return _code_page(request, sign_in, code, kept)


async def _withdraw(request: Request, sign_in: SignIn, form: Form) -> Response:
    """Make the code that waits for a name worth nothing, once that was confirmed of this very code."""
    store, name = services_of(request).store, form.get("name", "")
    try:
        codes = await store.set_up_codes(services_of(request).clock())
        code = next((one for one in codes if one.name == name), None)
        asking = code and _withdrawal(code).ask_unless_confirmed(request, sign_in, form)
        if asking:
            return asking
        if not await store.withdraw_set_up_code(name):
            raise SetUpCodeGone(name=name)
        await log_action(request, sign_in, N_("Set-up code of “%(name)s” withdrawn"), name=name)
    except PortalError as error:
        return await _page(request, sign_in, page_errors(request, error))
    flash(request, sign_in, withdrawn=name)
    return go_to(request, "team")


async def _let_read(request: Request, sign_in: SignIn, form: Form) -> Response:
    """Wrap the key that opens pseudonyms for another organiser, who has it from their next sign-in on."""
    name, store = form.get("name", ""), services_of(request).store
    try:
        private_key, other = private_key_of(request, sign_in), await store.organiser(name)
        if private_key is None:
            raise NoLongerReader
        if other is None or not other.public_key:
            raise KeyNotWrapped(name=name)
        reader = replace(other, wrapped_key=wrap(private_key, bytes.fromhex(other.public_key)))
        if await store.give_wrapped_key(reader, sign_in.organiser):
            await log_action(request, sign_in, N_("“%(name)s” may read the pseudonyms"), name=name)
    except PortalError as error:
        return await _page(request, sign_in, page_errors(request, error))
    flash(request, sign_in, reads=name)
    return go_to(request, "team")


async def _make_key(request: Request, sign_in: SignIn, form: Form) -> Response:
    """Make another key, which opens the pseudonyms given from now on, where nobody has the one before it any more."""
    services, name = services_of(request), sign_in.organiser
    private_key = services.rng.randbytes(PRIVATE_KEY_BYTES)
    try:
        own = await services.store.organiser(name)
        if own is None or not own.public_key:
            raise KeyNotWrapped(name=name)
        reader = replace(own, wrapped_key=wrap(private_key, bytes.fromhex(own.public_key)))
        if await services.store.renew_sealing_key(public_key_of(private_key).hex(), reader):
            await log_action(request, sign_in, N_("Another key made for the pseudonyms: nobody had the one before it"))
    except PortalError as error:
        return await _page(request, sign_in, page_errors(request, error))
    flash(request, sign_in, reads=name)
    return go_to(request, "team")


async def _remove(request: Request, sign_in: SignIn, form: Form) -> Response:
    """Remove an organiser, oneself perhaps. One who is gone already is gone: the form was sent twice."""
    name, store = form.get("name", ""), services_of(request).store
    try:
        if asking := await _asking_to_remove(request, sign_in, form):
            return asking
        is_meant = form.get("number", "").strip() == str(await _registrations(request))
        if await store.remove_organiser(name, sign_in.organiser, loses_readers=is_meant):
            rate_limits_of(request).familiar.forget_organiser(name)
            pseudonym_index_of(request).forget()
            await log_action(request, sign_in, N_("Organiser “%(name)s” removed"), name=name)
    except NoLongerOrganiser as error:
        return sign_in_page(request, page_errors(request, error))
    except PortalError as error:
        return await _page(request, sign_in, page_errors(request, error))
    if name == sign_in.organiser:
        return _gone(request)
    flash(request, sign_in, removed=name)
    return go_to(request, "team")


ACTIONS: Final[Mapping[str, Changing]] = {
    "": _give,
    "withdraw": _withdraw,
    "let read": _let_read,
    "make key": _make_key,
    "remove": _remove,
}


def _withdrawal(code: SetUpCode) -> Question:
    lost, fields, told = version_of(code.id), {"name": code.name}, {"code": code}
    return Question("team", "organisers/admin/withdraw_code.html", "withdraw", lost, fields, told)


async def _asking_to_remove(request: Request, sign_in: SignIn, form: Form) -> Response | None:
    """The question before an organiser is removed, with what is wrong with its answer; None once it is confirmed."""
    removal, number = await _removal(request, form.get("name", "")), await _registrations(request)
    if removal is None:
        return None
    if asking := removal.ask_unless_confirmed(request, sign_in, form):
        return asking
    if removal.told["number"] is None or form.get("number", "").strip() == str(number):
        return None
    return removal.ask(request, sign_in, page_errors(request, LossNotConfirmed("number", number=number)))


async def _removal(request: Request, name: str) -> Question | None:
    """What goes with an organiser; None where nobody can be removed."""
    store, now = services_of(request).store, services_of(request).clock()
    known, names, codes = await store.organiser(name), await store.organisers(), await store.set_up_codes(now)
    if known is None or len(names) == 1:
        return None
    given = [code for code in codes if code.giver == name]
    told = {
        "name": name,
        "given": given,
        "sign_ins": len(await store.sign_ins(name, now)),
        "others": len(names) - 1,
        "has_onion_key": bool(known.onion_key),
        "number": await _registrations(request) if await store.readers() == (name,) else None,
    }
    lost, fields = version_of([code.id for code in given]), {"name": name}
    return Question("team", "organisers/admin/remove_organiser.html", "remove", lost, fields, told)


async def _registrations(request: Request) -> int:
    counts = await services_of(request).store.counts()
    return counts.taken + counts.waiting


def _gone(request: Request) -> Response:
    """What one sees who has removed oneself."""
    response = go_to(request, "organisers")
    take_back(request, response)
    return response


def _code_page(request: Request, sign_in: SignIn, code: str, kept: SetUpCode) -> Response:
    """The code and where to go with it: by the very door at which the organiser stands."""
    return organisers_page(
        request,
        sign_in,
        "organisers/admin/set_up_code.html",
        "team",
        code=shown(code),
        kept=kept,
        address=f"{address_of(request)}/{page_path('welcome', language_of(request))}",
        hours=SET_UP_CODE_HOURS,
        needs_key=listener_of(request.scope).name == "organisers",
    )


async def _page(request: Request, sign_in: SignIn, errors: PageErrors = NO_ERRORS, name: str = "") -> Response:
    """The page; `name`: what stands in its form."""
    services, page = (
        services_of(request),
        partial(organisers_page, request, sign_in, "organisers/admin/team.html", "team", errors),
    )
    return page(
        names=await services.store.organisers(),
        readers=await services.store.readers(),
        can_read=private_key_of(request, sign_in) is not None,
        waiting=await services.store.set_up_codes(services.clock()),
        hours=SET_UP_CODE_HOURS,
        most=ORGANISER_NAME_CHARACTERS,
        name=name,
    )
