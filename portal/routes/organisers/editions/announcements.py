"""Announcements: published at once as an edition of their own, and withdrawn."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from portal.domain import limits
from portal.domain.draft.part_form import version_of
from portal.domain.edition.announcement_changes import ANNOUNCED, WITHDRAWN
from portal.domain.edition.edition import Addresses, Edition
from portal.domain.event.announcements import (
    announcement_of,
    field_names,
    fields_of,
    new_announcement_id,
    past_announcements,
)
from portal.domain.event.event import Announcement
from portal.domain.event.languages import own_language_of, words_of
from portal.domain.language import Text
from portal.domain.organisers.organiser import SignIn
from portal.domain.times import whole_minute
from portal.routes.context import current_edition_of, language_of, redirect_to, services_of
from portal.routes.errors import NO_ERRORS, PageErrors
from portal.routes.flash import log_and_flash
from portal.routes.organisers.auth import FormPage
from portal.routes.organisers.confirmation import Confirmation
from portal.routes.organisers.draft.next_edition import addresses_of
from portal.routes.organisers.forms import NO_FORM, Form, form_for, organisers_page
from portal.site.catalogue import translated


async def page(request: Request, sign_in: SignIn, errors: PageErrors = NO_ERRORS, form: Form = NO_FORM) -> Response:
    """Show the announcements, and the form of a new announcement, perhaps with the text of a withdrawn one."""
    services, newest, withdrawn = services_of(request), await _newest(request), await _withdrawn(request)
    names = field_names(_edition(request).event)
    blank = dict.fromkeys((*names, "again"), "") | {"id": new_announcement_id(services.rng)}
    return organisers_page(
        request,
        sign_in,
        "organisers/editions/announcements.html",
        "announcements",
        errors,
        typed={**blank, **form_for(form)},
        limits=limits,
        newest=newest,
        withdrawn=withdrawn[: limits.ANNOUNCEMENTS_WITHDRAWN_LISTED],
        signing=services.signatures.signing(),
    )


async def _publish(request: Request, sign_in: SignIn, form: Form) -> Response:
    """Publish an announcement; once, even if it is sent twice: its form came with its id."""
    services = services_of(request)
    announcement = announcement_of(form, form.get("id", ""), services.clock(), _edition(request).event)
    comment = _comment(request, ANNOUNCED, announcement.title)
    edition = await services.store.announce(announcement, comment, _addresses(request), announcement.published)
    await _put_in_force(request, sign_in, edition, ANNOUNCED, announcement.title)
    return redirect_to(request, "announcements")


async def _withdraw(request: Request, sign_in: SignIn, form: Form) -> Response:
    """Withdraw an announcement, once that was confirmed; nothing if it was withdrawn already."""
    services, id, newest = services_of(request), form.get("id", ""), await _newest(request)
    announcement = next((each for each in newest.event.announcements if each.id == id), None)
    if announcement is None:
        return redirect_to(request, "announcements")
    if asking := _withdrawal(newest, announcement).show_unless_confirmed(request, sign_in, form):
        return asking
    comment, minute = _comment(request, WITHDRAWN, announcement.title), whole_minute(services.clock())
    edition = await services.store.withdraw_announcement(id, comment, _addresses(request), minute)
    await _put_in_force(request, sign_in, edition, WITHDRAWN, announcement.title)
    return redirect_to(request, "announcements")


async def _again(request: Request, sign_in: SignIn, form: Form) -> Response:
    """Fill the form with the text of a withdrawn announcement, and publish nothing yet."""
    announcement = next((each for each in await _withdrawn(request) if each.id == form.get("id")), None)
    if announcement is None:
        return redirect_to(request, "announcements")
    typed = fields_of(announcement, _edition(request).event, services_of(request).clock())
    again = words_of(_edition(request).event, announcement.title, language_of(request))
    return await page(request, sign_in, form={**typed, "again": again})


FORM_PAGE: Final = FormPage(page, {"": _publish, "withdraw": _withdraw, "again": _again})


def _withdrawal(newest: Edition, announcement: Announcement) -> Confirmation:
    context, fields = {"announcement": announcement, "number": newest.number + 1}, {"id": announcement.id}
    texts = (announcement.title.as_mapping(), announcement.text.as_mapping())
    version, template = version_of(*texts), "organisers/editions/withdraw_announcement.html"
    return Confirmation("announcements", template, "withdraw", version, fields, context)


async def _put_in_force(request: Request, sign_in: SignIn, edition: Edition | None, action: str, title: Text) -> None:
    """Show the edition that was just made, and log the action; nothing if there is none."""
    if edition is not None:
        await current_edition_of(request).show(edition)
        await log_and_flash(request, sign_in, action, title=words_of(edition.event, title, edition.event.language))


def _edition(request: Request) -> Edition:
    return current_edition_of(request).renderer.edition


async def _newest(request: Request) -> Edition:
    """Return the newest edition, even if it waits for signatures and the public does not see it yet."""
    return await services_of(request).store.edition() or _edition(request)


async def _withdrawn(request: Request) -> tuple[Announcement, ...]:
    """Return the announcements that were withdrawn, the latest first."""
    editions = (await _newest(request), *await services_of(request).store.editions())
    return past_announcements(edition.event for edition in editions)


def _addresses(request: Request) -> Addresses:
    return addresses_of(services_of(request), _edition(request))


def _comment(request: Request, action: str, title: Text) -> str:
    """Return the public comment of the edition, in the event's language."""
    event = _edition(request).event
    own = own_language_of(event, event.language)
    return translated(own, action, {"title": words_of(event, title, event.language)})
