"""Announcements: published at once as an edition of their own, and withdrawn."""

from collections.abc import Mapping
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from portal.domain import limits
from portal.domain.draft.part_form import version_of
from portal.domain.edition.announcement_changes import ANNOUNCED, WITHDRAWN
from portal.domain.edition.edition import Addresses, Edition
from portal.domain.errors import EventFileError, PortalError
from portal.domain.event.announcements import (
    FIELDS,
    announcement_of,
    fields_of,
    formerly_announced,
    new_announcement_id,
)
from portal.domain.event.event import Announcement
from portal.domain.language import Text
from portal.domain.organisers.organiser import SignIn
from portal.domain.times import whole_minute
from portal.routes.audit_log import log_and_flash
from portal.routes.context import services_of
from portal.routes.errors import NO_ERRORS, PageErrors, field_errors, page_errors
from portal.routes.organisers.auth import Changing
from portal.routes.organisers.confirmation import Question
from portal.routes.organisers.draft.next_edition import addresses_of
from portal.routes.organisers.forms import Form, organisers_page
from portal.routes.responses import current_edition_of, go_to, language_of
from portal.site.catalogue import translated


async def show(request: Request, sign_in: SignIn) -> Response:
    """Those in force, and the form of a new one."""
    return await _page(request, sign_in)


async def _publish(request: Request, sign_in: SignIn, form: Form) -> Response:
    """Publish one. Sent twice, it is published once: its form came with its id."""
    services = services_of(request)
    try:
        zone = _edition(request).event.zone
        one = announcement_of(form, form.get("id", ""), services.clock(), zone)
        comment = _comment(request, ANNOUNCED, one.title)
        edition = await services.store.announce(one, comment, _addresses(request), one.published)
        await _put_in_force(request, sign_in, edition, ANNOUNCED, one.title)
    except EventFileError as error:
        return await _page(request, sign_in, field_errors(request, error), form)
    except PortalError as error:
        return await _page(request, sign_in, page_errors(request, error), form)
    return go_to(request, "announcements")


async def _withdraw(request: Request, sign_in: SignIn, form: Form) -> Response:
    """Withdraw one, once that was confirmed; nothing when somebody else has done it already."""
    services, id, newest = services_of(request), form.get("id", ""), await _newest(request)
    one = next((one for one in newest.event.announcements if one.id == id), None)
    if one is None:
        return go_to(request, "announcements")
    asking = _withdrawal(newest, one).ask_unless_confirmed(request, sign_in, form)
    if asking:
        return asking
    comment, minute = _comment(request, WITHDRAWN, one.title), whole_minute(services.clock())
    try:
        edition = await services.store.withdraw_announcement(id, comment, _addresses(request), minute)
        await _put_in_force(request, sign_in, edition, WITHDRAWN, one.title)
    except PortalError as error:
        return await _page(request, sign_in, page_errors(request, error))
    return go_to(request, "announcements")


async def _again(request: Request, sign_in: SignIn, form: Form) -> Response:
    """The form with the text of one that was withdrawn: nothing is published before it is sent."""
    one = next((one for one in await _gone(request) if one.id == form.get("id")), None)
    if one is None:
        return go_to(request, "announcements")
    typed = fields_of(one, _edition(request).event.zone, services_of(request).clock())
    return await _page(request, sign_in, typed=typed | {"again": one.title.in_language(language_of(request))})


ACTIONS: Final[Mapping[str, Changing]] = {"": _publish, "withdraw": _withdraw, "again": _again}


def _withdrawal(newest: Edition, one: Announcement) -> Question:
    told, fields = {"one": one, "number": newest.number + 1}, {"id": one.id}
    lost = version_of(one.title.fr, one.title.en, one.text.fr, one.text.en)
    return Question("announcements", "organisers/editions/withdraw_announcement.html", "withdraw", lost, fields, told)


async def _put_in_force(request: Request, sign_in: SignIn, edition: Edition | None, action: str, title: Text) -> None:
    """Show the edition that was just made, and tell why; nothing when none was."""
    if edition is not None:
        await current_edition_of(request).show(edition)
        await log_and_flash(request, sign_in, action, title=title.in_language(edition.event.language))


def _edition(request: Request) -> Edition:
    return current_edition_of(request).renderer.edition


async def _newest(request: Request) -> Edition:
    """The edition that was published last, whether the public sees it yet or it waits for signatures."""
    return await services_of(request).store.edition() or _edition(request)


async def _gone(request: Request) -> tuple[Announcement, ...]:
    """Those that were withdrawn, the latest first."""
    editions = (await _newest(request), *await services_of(request).store.editions())
    return formerly_announced(one.event for one in editions)


def _addresses(request: Request) -> Addresses:
    return addresses_of(services_of(request), _edition(request))


def _comment(request: Request, action: str, title: Text) -> str:
    """The public comment of the edition, in the event's language."""
    language = _edition(request).event.language
    return translated(language, action, {"title": title.in_language(language)})


async def _page(
    request: Request, sign_in: SignIn, errors: PageErrors = NO_ERRORS, typed: Form | None = None
) -> Response:
    """The page; `typed`: what stands in its form, with the title of the one whose text it is `again`."""
    services, newest, gone = services_of(request), await _newest(request), await _gone(request)
    blank = dict.fromkeys((*FIELDS, "again"), "") | {"id": new_announcement_id(services.rng)}
    return organisers_page(
        request,
        sign_in,
        "organisers/editions/announcements.html",
        "announcements",
        errors,
        typed=blank | dict(typed or {}),
        limits=limits,
        newest=newest,
        gone=gone[: limits.ANNOUNCEMENTS_WITHDRAWN_LISTED],
        signing=services.signatures.signing(),
    )
