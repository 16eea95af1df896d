"""The team: who the organisers are, how one more joins them, and how one leaves."""

from collections.abc import Mapping
from functools import partial
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from portal.domain.errors import PortalError
from portal.domain.language import N_
from portal.domain.limits import ORGANISER_NAME_CHARACTERS, SET_UP_CODE_HOURS
from portal.domain.organiser import SetUpCode, SignIn, expiry, organiser_name, set_up_id
from portal.domain.organiser_errors import NoLongerOrganiser, SetUpCodeGone
from portal.domain.part_form import fingerprint
from portal.domain.ticket_code import new_code, shown
from portal.routes.answers import go_to, language_of
from portal.routes.asked import guard_of, services_of
from portal.routes.confirmation import Question
from portal.routes.gate import Changing
from portal.routes.noted import note
from portal.routes.organiser_forms import Form, organisers_page, sign_in_page
from portal.routes.refusals import NOTHING_REFUSED, Refusal, refused
from portal.routes.said import say
from portal.site.paths import page_path
from portal.web.doors import address_of, door_of
from portal.web.sign_in_cookie import take_back


async def show(request: Request, sign_in: SignIn) -> Response:
    """Who the organisers are, and who is about to be one."""
    return await _page(request, sign_in)


async def _give(request: Request, sign_in: SignIn, form: Form) -> Response:
    """Make a set-up code for a name, and show it this once."""
    services, typed = services_of(request), form.get("name", "")
    code, now = new_code(services.chance), services.clock()
    try:
        name = organiser_name(typed)
        kept = SetUpCode(set_up_id(services.keys.event, code), name, sign_in.organiser, expiry(now))
        await services.store.give_set_up_code(kept, now)
        await note(request, sign_in, N_("Set-up code given to “%(name)s”"), name=name)
    except NoLongerOrganiser as error:
        return sign_in_page(request, refused(request, error))
    except PortalError as error:
        return await _page(request, sign_in, refused(request, error, "name"), typed)
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
        await note(request, sign_in, N_("Set-up code of “%(name)s” withdrawn"), name=name)
    except PortalError as error:
        return await _page(request, sign_in, refused(request, error))
    say(request, sign_in, withdrawn=name)
    return go_to(request, "team")


async def _remove(request: Request, sign_in: SignIn, form: Form) -> Response:
    """Remove an organiser, oneself perhaps. One who is gone already is gone: the form was sent twice."""
    name = form.get("name", "")
    try:
        removal = await _removal(request, name)
        asking = removal and removal.ask_unless_confirmed(request, sign_in, form)
        if asking:
            return asking
        if await services_of(request).store.remove_organiser(name, sign_in.organiser):
            guard_of(request).familiar.forget_organiser(name)
            await note(request, sign_in, N_("Organiser “%(name)s” removed"), name=name)
    except NoLongerOrganiser as error:
        return sign_in_page(request, refused(request, error))
    except PortalError as error:
        return await _page(request, sign_in, refused(request, error))
    if name == sign_in.organiser:
        return _gone(request)
    say(request, sign_in, removed=name)
    return go_to(request, "team")


ACTIONS: Final[Mapping[str, Changing]] = {"": _give, "withdraw": _withdraw, "remove": _remove}


def _withdrawal(code: SetUpCode) -> Question:
    lost, fields, told = fingerprint(code.id), {"name": code.name}, {"code": code}
    return Question("team", "team/withdraw.html", "withdraw", lost, fields, told)


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
    }
    return Question(
        "team", "team/remove.html", "remove", fingerprint([code.id for code in given]), {"name": name}, told
    )


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
        "team/code.html",
        "team",
        code=shown(code),
        kept=kept,
        address=f"{address_of(request)}/{page_path('welcome', language_of(request))}",
        hours=SET_UP_CODE_HOURS,
        needs_key=door_of(request.scope).name == "organisers",
    )


async def _page(request: Request, sign_in: SignIn, refusal: Refusal = NOTHING_REFUSED, name: str = "") -> Response:
    """The page; `name`: what stands in its form."""
    services, page = services_of(request), partial(organisers_page, request, sign_in, "team/team.html", "team", refusal)
    return page(
        names=await services.store.organisers(),
        waiting=await services.store.set_up_codes(services.clock()),
        hours=SET_UP_CODE_HOURS,
        most=ORGANISER_NAME_CHARACTERS,
        name=name,
    )
