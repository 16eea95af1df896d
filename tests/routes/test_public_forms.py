"""Every form that anybody may send goes through the same checks, in the same order, and comes back with its error."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import reduce
from typing import Final

import httpx
import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from portal.domain import errors
from portal.domain.errors import PortalError
from portal.domain.input_errors import CircuitBusy, FormAltered
from portal.domain.limits import (
    BODY_KIB,
    BUSY_RETRY_SECONDS,
    CIRCUIT_FORMS_A_MINUTE,
    FORM_MAX_AGE_HOURS,
    ORGANISERS_BODY_KIB,
    SIGN_IN_TOTAL_HOURS,
    TICKET_ACTION_MAX_AGE_MINUTES,
)
from portal.origin.app import at_listener
from portal.routes import PAGES, ROUTES
from portal.routes.errors import headers_of, status_of
from portal.routes.public_forms import PublicForm
from portal.settings import Settings
from portal.site.paths import PageName, page_path
from portal.web.fair_queue import SCOPE_KEY
from portal.web.forms import URLENCODED
from portal.web.listeners import clearnet_listener
from tests.factories.page import Page
from tests.factories.portal import Harness, open_harness
from tests.factories.ticket_pages import CODE, PASSPHRASE, register

pytestmark = pytest.mark.anyio

OURS: Final = "https://event.example"
FORM_EXPIRED: Final = errors.FormExpired()
CIRCUIT: Final = b"sixteen bytes of"
SIGNED_BY_ITSELF: Final = "signatures"
"""The route to which a program posts a signature, which needs no page of ours and no other right."""


@dataclass(frozen=True)
class Submitted:
    """A form on its way: `fields` of `content_type` from a page of `origin`, `late` after it was shown."""

    fields: Mapping[str, str]
    origin: str = OURS
    content_type: str = URLENCODED
    late: Mapping[str, int] = field(default_factory=dict)
    is_of_busy_circuit: bool = False

    def with_fields(self, **fields: str) -> "Submitted":
        return replace(self, fields={**self.fields, **fields})


@dataclass(frozen=True)
class Form:
    """A form on the page at `shown`, filled in with `typed`; its errors keep `kept`, and `by_token` if that is ours.

    `age` is more than its token may have, None where it has no token; then the error is `expired`.
    """

    shown: str
    typed: Mapping[str, str]
    kept: Mapping[str, str]
    by_token: Mapping[str, str] = field(default_factory=dict)
    max_kib: int = BODY_KIB
    age: Mapping[str, int] | None = None
    expired: PortalError = FORM_EXPIRED
    honeypot: bool = False


OF_TICKET: Final = Form(
    "/en/ticket/",
    {"pseudonym": "Ada"},
    {"pseudonym": "Ada"},
    by_token={"code": "HUT-EMV-RWE"},
    age={"minutes": TICKET_ACTION_MAX_AGE_MINUTES + 1},
    expired=errors.TicketPageOutdated(minutes=TICKET_ACTION_MAX_AGE_MINUTES),
)

FORMS: Final[dict[PageName, Form]] = {
    "registration": Form(
        "/en/registration/",
        {"pseudonym": "Nausicaä"},
        {"pseudonym": "Nausicaä"},
        age={"hours": FORM_MAX_AGE_HOURS, "minutes": 1},
        honeypot=True,
    ),
    "ticket": Form("/en/ticket/", {"code": "HUT-EMV", "passphrase": PASSPHRASE}, {"code": "HUT-EMV"}),
    "ticket_pseudonym": OF_TICKET,
    "ticket_passphrase": OF_TICKET,
    "ticket_cancel": OF_TICKET,
    "sign_in": Form(
        "/en/organisers/",
        {"name": "Camille", "passphrase": PASSPHRASE},
        {"name": "Camille"},
        max_kib=ORGANISERS_BODY_KIB,
        age={"hours": SIGN_IN_TOTAL_HOURS, "minutes": 1},
    ),
    "account_setup": Form(
        "/en/organisers/welcome/",
        {"code": "HUT-EMV", "passphrase": PASSPHRASE},
        {"code": "HUT-EMV"},
        max_kib=ORGANISERS_BODY_KIB,
        age={"hours": SIGN_IN_TOTAL_HOURS, "minutes": 1},
    ),
}


@dataclass(frozen=True)
class Fault:
    """A fault that a `form` is given, its error, and the fields that its page keeps."""

    give: Callable[[Submitted, Form], Submitted]
    error: Callable[[Form], PortalError]
    kept: Callable[[Form], Mapping[str, str]] = lambda form: {**form.kept, **form.by_token}


def nothing(form: Form) -> Mapping[str, str]:
    return dict.fromkeys({**form.kept, **form.by_token}, "")


def without_token(form: Form) -> Mapping[str, str]:
    return {**form.kept, **dict.fromkeys(form.by_token, "")}


FAULTS: Final[dict[str, Fault]] = {
    "from a page of another site": Fault(
        lambda sent, form: replace(sent, origin="https://elsewhere.example"), lambda form: errors.FormForeign(), nothing
    ),
    "of another content type": Fault(
        lambda sent, form: replace(sent, content_type="text/plain"), lambda form: errors.FormWrongKind(), nothing
    ),
    "too large": Fault(
        lambda sent, form: sent.with_fields(more="x" * form.max_kib * 1024),
        lambda form: errors.FormTooLarge(kib=form.max_kib),
        nothing,
    ),
    "by a circuit that has sent too many": Fault(
        lambda sent, form: replace(sent, is_of_busy_circuit=True), lambda form: CircuitBusy(BUSY_RETRY_SECONDS)
    ),
    "through a rewriting proxy": Fault(
        lambda sent, form: sent.with_fields(own_address="https://event.example.gateway.example"),
        lambda form: FormAltered(address="event . example"),
    ),
}
TOKEN_FAULTS: Final[dict[str, Fault]] = {
    "without a token": Fault(
        lambda sent, form: sent.with_fields(csrf_token=""), lambda form: errors.FormForeign(), without_token
    ),
    "with a forged token": Fault(
        lambda sent, form: sent.with_fields(csrf_token="forged"), lambda form: errors.FormForeign(), without_token
    ),
    "after its token has expired": Fault(
        lambda sent, form: replace(sent, late=form.age or {}), lambda form: form.expired
    ),
}
HONEYPOT_FAULTS: Final[dict[str, Fault]] = {
    "with its honeypot filled in": Fault(
        lambda sent, form: sent.with_fields(website="https://spam.example"), lambda form: errors.FormByRobot()
    ),
}


def faults_of(form: Form) -> dict[str, Fault]:
    """Return the faults that `form` can have, in the order in which they are looked for."""
    return FAULTS | (TOKEN_FAULTS if form.age else {}) | (HONEYPOT_FAULTS if form.honeypot else {})


STATUSES: Final[dict[PageName, int]] = {
    "registration": 200,
    "ticket": 422,
    "ticket_pseudonym": 200,
    "ticket_passphrase": 200,
    "ticket_cancel": 200,
    "sign_in": 403,
    "account_setup": 422,
}
POSTED: Final = [page for page, handlers in PAGES.items() if "POST" in handlers]
CASES: Final = {f"{page} {name}": (page, name) for page, form in FORMS.items() for name in faults_of(form)}


@pytest.fixture
async def harness() -> AsyncIterator[Harness]:
    """Open a portal at a public address, reached by a circuit of Tor."""
    async with open_harness(settings=Settings(onion="off", public_url=OURS)) as harness:
        transport = httpx.ASGITransport(app=by_circuit(at_listener(harness.app, clearnet_listener(OURS))))
        async with httpx.AsyncClient(transport=transport, base_url=OURS) as harness.client:
            yield harness


def by_circuit(app: ASGIApp) -> ASGIApp:
    async def handle(scope: Scope, receive: Receive, send: Send) -> None:
        await app({**scope, SCOPE_KEY: CIRCUIT}, receive, send)

    return handle


def path_of(page: PageName) -> str:
    return f"/{page_path(page, 'en')}"


async def filled_in(harness: Harness, page: PageName) -> Submitted:
    """Return the form of `page` as it is shown, filled in three seconds later."""
    form, shown = FORMS[page], await harness.get(FORMS[page].shown)
    if form.by_token:
        await register(harness)
        ticket = shown.fields() | {"code": CODE, "passphrase": PASSPHRASE}
        shown = await harness.send(form.shown, ticket, origin=OURS)
    harness.clock.turn(seconds=3)
    (own,) = [own for own in shown.forms() if shown.response.request.url.join(own.action or "").path == path_of(page)]
    return Submitted({name: str(value or "") for name, value in own.fields.items()} | dict(form.typed))


async def submit(harness: Harness, page: PageName, sent: Submitted) -> Page:
    harness.clock.turn(**sent.late)
    for _ in range(CIRCUIT_FORMS_A_MINUTE if sent.is_of_busy_circuit else 0):
        with suppress(CircuitBusy):
            harness.app.state.rate_limits.circuits.spend({SCOPE_KEY: CIRCUIT})
    return await harness.send(path_of(page), sent.fields, **{"origin": sent.origin, "content-type": sent.content_type})


async def check_error(harness: Harness, page: PageName, names: list[str]) -> None:
    """Submit the form of `page` with the faults of these `names`: the error is that of the first."""
    form, faults = FORMS[page], faults_of(FORMS[page])
    sent = reduce(lambda sent, name: faults[name].give(sent, form), names, await filled_in(harness, page))
    answer, error = await submit(harness, page, sent), faults[names[0]].error(form)
    assert (answer.status, answer.text_of("//main//*[@role='alert']")) == (status_of(error), str(error))
    assert answer.response.headers.get("retry-after", "") == headers_of(error).get("retry-after", "")
    kept = faults[names[0]].kept(form)
    assert {name: answer.fields().get(name) or "" for name in kept} == kept


@pytest.mark.parametrize(("page", "name"), CASES.values(), ids=CASES.keys())
async def test_form_with_a_fault_comes_back_with_its_error(harness: Harness, page: PageName, name: str) -> None:
    await check_error(harness, page, [name])


@pytest.mark.parametrize(("page", "name"), CASES.values(), ids=CASES.keys())
async def test_checks_run_in_one_order(harness: Harness, page: PageName, name: str) -> None:
    names = list(faults_of(FORMS[page]))
    rest = names[names.index(name) :]
    await check_error(harness, page, [name, *(later for later in rest if later not in TOKEN_FAULTS)])


@pytest.mark.parametrize(("page", "status"), STATUSES.items(), ids=STATUSES.keys())
async def test_form_without_a_fault_reaches_its_handler(harness: Harness, page: PageName, status: int) -> None:
    assert (await submit(harness, page, await filled_in(harness, page))).status == status


def test_every_public_form_goes_through_the_checks() -> None:
    assert {page for page, handlers in PAGES.items() if isinstance(handlers.get("POST"), PublicForm)} == set(FORMS)


@pytest.mark.parametrize("page", [page for page in POSTED if page not in FORMS])
async def test_form_that_goes_through_no_checks_needs_a_sign_in(harness: Harness, page: PageName) -> None:
    answer = await harness.send(f"/{page_path(page, 'en', 'x')}", {}, origin=OURS)
    assert (answer.status, answer.has_form("sign-in/")) == (403, True)


def test_no_other_route_takes_a_form() -> None:
    assert {route.name for route in ROUTES if "POST" in (route.methods or ())} == {*POSTED, SIGNED_BY_ITSELF}
