"""Errors on a page: their words, the field that they belong to, and the HTTP status."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from portal.domain import errors, input_errors
from portal.domain.draft.part_form import field_at
from portal.domain.language import Language
from portal.domain.organisers import organiser_errors
from portal.domain.registration import erasure_errors
from portal.domain.trust import signing_errors
from portal.routes.context import language_of
from portal.site.catalogue import error_text, translated
from portal.site.typography import capitalised
from portal.web.error_log import log_fault

STATUS: Final[dict[type[errors.PortalError], int]] = {
    errors.PortalError: 500,
    errors.StorageError: 503,
    errors.BusyError: 503,
    input_errors.CircuitBusy: 429,
    errors.InputError: 422,
    errors.EventFileError: 422,
    errors.FormError: 400,
    errors.FormTooSlow: 408,
    errors.FormTooLarge: 413,
    errors.FormWrongKind: 415,
    errors.FormForeign: 403,
    errors.TicketUnknown: 403,
    organiser_errors.SignInRefused: 403,
    organiser_errors.NoLongerOrganiser: 403,
    organiser_errors.SetUpCodeRefused: 403,
    organiser_errors.OrganiserNameUnfit: 422,
    organiser_errors.OrganiserExists: 409,
    organiser_errors.OrganiserUnknown: 409,
    organiser_errors.LastOrganiser: 409,
    organiser_errors.LastReader: 409,
    organiser_errors.KeyNotWrapped: 409,
    organiser_errors.NoLongerReader: 409,
    organiser_errors.SetUpCodePending: 409,
    organiser_errors.SetUpCodesFull: 409,
    organiser_errors.SetUpCodeGone: 409,
    errors.RegistrationError: 409,
    errors.TicketAbsent: 404,
    errors.DraftChanged: 409,
    errors.LossChanged: 409,
    errors.PartGone: 409,
    errors.DraftNotInOrder: 409,
    errors.NothingToPublish: 409,
    errors.AnnouncementsFull: 409,
    erasure_errors.ErasureFarAhead: 409,
    erasure_errors.ErasurePostponedOften: 409,
    signing_errors.SigningError: 409,
    signing_errors.SignatureUnfit: 403,
}
"""HTTP status of each error, or of its nearest base class (RFC 9110 §15.5 and §15.6; RFC 6585 §4)."""


@dataclass(frozen=True, slots=True)
class PageErrors:
    """The `message` above a form, "" for none, and the messages beside its fields, `by_field`.

    `status` and `headers` are those of the response, `problems` those of an event file. The default has no errors.
    """

    message: str = ""
    by_field: Mapping[str, str] = field(default_factory=dict)
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[errors.Problem, ...] = ()

    def error(self, field: str) -> str:
        """Return the message beside a field, "" for none."""
        return self.by_field.get(field, "")

    def at(self, field: str) -> "PageErrors":
        """Return the errors with the message beside `field` instead of above the form."""
        return replace(self, message="", by_field={field: self.message}) if self.message else self

    def add_headers(self, response: Response) -> Response:
        """Return `response` with the headers of the errors."""
        response.headers.update(self.headers)
        return response


NO_ERRORS: Final = PageErrors()


def page_errors_in(error: errors.PortalError, language: Language, field: str = "") -> PageErrors:
    """Return `error` in `language`: beside its own field, beside `field`, or above the form."""
    text = error_text(language, error)
    name = error.field if isinstance(error, errors.InputError) else field
    message, field_errors = ("", {name: text}) if name else (text, {})
    return PageErrors(message, field_errors, status_of(error), headers_of(error))


def page_errors(request: Request, error: errors.PortalError, field: str = "") -> PageErrors:
    """Return `error` in the language of `request`; each problem of a part of the event is beside its field.

    A fault of the storage is logged, and its details are not shown.
    """
    if isinstance(error, errors.EventFileError):
        return _field_errors(error, language_of(request))
    if isinstance(error, errors.StorageError):
        log_fault(request.scope, error)
        error = errors.StorageError()
    return page_errors_in(error, language_of(request), field)


def _field_errors(error: errors.EventFileError, language: Language) -> PageErrors:
    by_field = {
        field_at(problem): f"{capitalised(translated(language, problem.text, dict(problem.details)))}."
        for problem in reversed(error.problems)
    }
    return PageErrors(by_field=by_field, status=status_of(error), problems=error.problems)


def status_of(error: errors.PortalError) -> int:
    """Return the HTTP status of `error`."""
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def headers_of(error: errors.PortalError) -> dict[str, str]:
    """Return Retry-After, in seconds, for an error that says when to try again (RFC 9110 §10.2.3)."""
    return {"retry-after": str(error.retry_after)} if isinstance(error, errors.BusyError) else {}
