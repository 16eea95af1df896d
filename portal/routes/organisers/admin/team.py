"""The team: the organisers, the set-up codes that make new ones, and their removal."""

from dataclasses import replace
from functools import partial
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from portal.domain.draft.part_form import version_of
from portal.domain.language import N_
from portal.domain.limits import ORGANISER_NAME_CHARACTERS, SET_UP_CODE_HOURS
from portal.domain.organisers.organiser import SetUpCode, SignIn, expiry, organiser_name, wrapped_for
from portal.domain.organisers.organiser_errors import (
    KeyNotWrapped,
    LossNotConfirmed,
    NoLongerReader,
    SetUpCodeGone,
)
from portal.domain.registration.sealing import PRIVATE_KEY_BYTES, public_key_of, wrap
from portal.domain.registration.ticket_code import SET_UP, code_digest, new_code, shown
from portal.routes.context import language_of, rate_limits_of, redirect_to, services_of
from portal.routes.errors import NO_ERRORS, PageErrors
from portal.routes.flash import flash, log_action
from portal.routes.organisers.auth import FormPage
from portal.routes.organisers.confirmation import Confirmation
from portal.routes.organisers.forms import NO_FORM, Form, form_for, organisers_page
from portal.routes.organisers.pseudonym_index import private_key_of, pseudonym_index_of
from portal.site.paths import page_path
from portal.web.listeners import address_of, listener_of
from portal.web.sign_in_cookie import delete_sign_in_cookie


async def page(request: Request, sign_in: SignIn, errors: PageErrors = NO_ERRORS, form: Form = NO_FORM) -> Response:
    """Show the organisers and the set-up codes; the confirmation of a removal where its number is wrong."""
    services, newcomer = services_of(request), form_for(form)
    if errors.error("number") and (removal := await _removal(request, form.get("name", ""))):
        return removal.show(request, sign_in, errors)
    errors = errors.at("name") if newcomer else errors
    render = partial(organisers_page, request, sign_in, "organisers/admin/team.html", "team", errors)
    return render(
        names=await services.store.organisers(),
        readers=await services.store.readers(),
        can_read=private_key_of(request, sign_in) is not None,
        waiting=await services.store.set_up_codes(services.clock()),
        hours=SET_UP_CODE_HOURS,
        most=ORGANISER_NAME_CHARACTERS,
        name=newcomer.get("name", ""),
    )


async def _give(request: Request, sign_in: SignIn, form: Form) -> Response:
    """Make a set-up code for a name, and show it once."""
    services, name = services_of(request), organiser_name(form.get("name", ""))
    code, now = new_code(services.rng), services.clock()
    keys = await services.known_browsers_hasher.locate(code_digest(services.keys.event, code, SET_UP))
    wrapped = wrapped_for(private_key_of(request, sign_in), keys.key)
    stored = SetUpCode(keys.id, name, sign_in.organiser, expiry(now), wrapped_key=wrapped)
    await services.store.give_set_up_code(stored, now)
    await log_action(request, sign_in, N_("Set-up code given to “%(name)s”"), name=name)
    return _code_page(request, sign_in, code, stored)


async def _withdraw(request: Request, sign_in: SignIn, form: Form) -> Response:
    """Withdraw the set-up code for a name, once that was confirmed for this very code."""
    store, name = services_of(request).store, form.get("name", "")
    codes = await store.set_up_codes(services_of(request).clock())
    code = next((code for code in codes if code.name == name), None)
    if code and (asking := _withdrawal(code).show_unless_confirmed(request, sign_in, form)):
        return asking
    if not await store.withdraw_set_up_code(name):
        raise SetUpCodeGone(name=name)
    await log_action(request, sign_in, N_("Set-up code of “%(name)s” withdrawn"), name=name)
    flash(request, sign_in, withdrawn=name)
    return redirect_to(request, "team")


async def _let_read(request: Request, sign_in: SignIn, form: Form) -> Response:
    """Wrap the key that opens pseudonyms for another organiser, who has it from their next sign-in on."""
    name, store = form.get("name", ""), services_of(request).store
    private_key, other = private_key_of(request, sign_in), await store.organiser(name)
    if private_key is None:
        raise NoLongerReader
    if other is None or not other.public_key:
        raise KeyNotWrapped(name=name)
    reader = replace(other, wrapped_key=wrap(private_key, bytes.fromhex(other.public_key)))
    if await store.give_wrapped_key(reader, sign_in.organiser):
        await log_action(request, sign_in, N_("“%(name)s” may read the pseudonyms"), name=name)
    flash(request, sign_in, reads=name)
    return redirect_to(request, "team")


async def _make_key(request: Request, sign_in: SignIn, form: Form) -> Response:
    """Make another key for the pseudonyms given from now on, because nobody has the present key any more."""
    services, name = services_of(request), sign_in.organiser
    private_key = services.rng.randbytes(PRIVATE_KEY_BYTES)
    own = await services.store.organiser(name)
    if own is None or not own.public_key:
        raise KeyNotWrapped(name=name)
    reader = replace(own, wrapped_key=wrap(private_key, bytes.fromhex(own.public_key)))
    if await services.store.renew_sealing_key(public_key_of(private_key).hex(), reader):
        await log_action(request, sign_in, N_("Another key made for the pseudonyms: nobody had the one before it"))
    flash(request, sign_in, reads=name)
    return redirect_to(request, "team")


async def _remove(request: Request, sign_in: SignIn, form: Form) -> Response:
    """Remove an organiser, or leave the team, once confirmed. If they are gone already, the form was sent twice."""
    name, typed, store = form.get("name", ""), form.get("number", "").strip(), services_of(request).store
    removal, number = await _removal(request, name), await _registrations(request)
    if removal:
        if asking := removal.show_unless_confirmed(request, sign_in, form):
            return asking
        if removal.context["number"] is not None and typed != str(number):
            raise LossNotConfirmed("number", number=number)
    if await store.remove_organiser(name, sign_in.organiser, loses_readers=typed == str(number)):
        rate_limits_of(request).known_browsers.forget_organiser(name)
        pseudonym_index_of(request).forget()
        await log_action(request, sign_in, N_("Organiser “%(name)s” removed"), name=name)
    if name == sign_in.organiser:
        response = redirect_to(request, "organisers")
        delete_sign_in_cookie(request, response)
        return response
    flash(request, sign_in, removed=name)
    return redirect_to(request, "team")


FORM_PAGE: Final = FormPage(
    page, {"": _give, "withdraw": _withdraw, "let read": _let_read, "make key": _make_key, "remove": _remove}
)


def _withdrawal(code: SetUpCode) -> Confirmation:
    template, fields = "organisers/admin/withdraw_code.html", {"name": code.name}
    return Confirmation("team", template, "withdraw", version_of(code.id), fields, {"code": code})


async def _removal(request: Request, name: str) -> Confirmation | None:
    """Return the confirmation before an organiser is removed; None if there is no such organiser, or no other."""
    store, now = services_of(request).store, services_of(request).clock()
    known, names, codes = await store.organiser(name), await store.organisers(), await store.set_up_codes(now)
    if known is None or len(names) == 1:
        return None
    given = [code for code in codes if code.giver == name]
    context = {
        "name": name,
        "given": given,
        "sign_ins": len(await store.sign_ins(name, now)),
        "others": len(names) - 1,
        "has_onion_key": bool(known.onion_key),
        "number": await _registrations(request) if await store.readers() == (name,) else None,
    }
    version, template = version_of([code.id for code in given]), "organisers/admin/remove_organiser.html"
    return Confirmation("team", template, "remove", version, {"name": name}, context)


async def _registrations(request: Request) -> int:
    counts = await services_of(request).store.counts()
    return counts.taken + counts.waiting


def _code_page(request: Request, sign_in: SignIn, code: str, stored: SetUpCode) -> Response:
    """Show the code, and the address to use it at: that of the listener of this request."""
    return organisers_page(
        request,
        sign_in,
        "organisers/admin/set_up_code.html",
        "team",
        code=shown(code),
        stored=stored,
        address=f"{address_of(request)}/{page_path('account_setup', language_of(request))}",
        hours=SET_UP_CODE_HOURS,
        needs_key=listener_of(request.scope).name == "organisers",
    )
