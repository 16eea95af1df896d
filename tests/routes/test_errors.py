"""The message and the status of each error."""

from collections.abc import Iterator
from typing import Final

import pytest

from portal.domain import errors
from portal.domain.errors import PortalError
from portal.domain.input_errors import PseudonymTooLong
from portal.domain.organisers.organiser_errors import LastOrganiser, NoLongerOrganiser, SetUpCodeRefused, SignInRefused
from portal.routes.errors import PageErrors, headers_of, page_errors_in, status_of
from tests.factories.portal import open_harness
from tests.factories.registration_form import FORM, filled_in
from tests.fakes.full_disk import FullDisk

STATUSES: Final[dict[str, tuple[PortalError, int]]] = {
    "a field": (PseudonymTooLong("pseudonym", most=64, count=65), 422),
    "a form": (errors.FormError(), 400),
    "a form too old": (errors.FormExpired(), 400),
    "a form of somebody else": (errors.FormForeign(), 403),
    "a form too large": (errors.FormTooLarge(kib=16), 413),
    "what is no form": (errors.FormWrongKind(), 415),
    "a form too slow": (errors.FormTooSlow(), 408),
    "too many people": (errors.BusyError(5), 503),
    "no seat": (errors.RegistrationFull(), 409),
    "registration closed": (errors.RegistrationClosed(), 409),
    "a form used already": (errors.FormAlreadyUsed(), 409),
    "no such ticket": (errors.TicketUnknown(), 403),
    "no such organiser": (SignInRefused(), 403),
    "an organiser no longer": (NoLongerOrganiser(), 403),
    "no such set-up code": (SetUpCodeRefused(hours=24), 403),
    "the last organiser": (LastOrganiser(name="Camille"), 409),
    "a draft that somebody changed": (errors.DraftChanged(), 409),
    "a draft not in order": (errors.DraftNotInOrder(), 409),
    "nothing to publish": (errors.NothingToPublish(), 409),
    "a disk that fails": (errors.StorageError(), 503),
    "anything else": (errors.PortalError(), 500),
}


@pytest.mark.parametrize(("error", "status"), STATUSES.values(), ids=STATUSES.keys())
def test_error_has_its_status(error: PortalError, status: int) -> None:
    assert status_of(error) == status


def test_error_of_a_field_is_beside_it() -> None:
    errors = page_errors_in(PseudonymTooLong("pseudonym", most=64, count=65), "en")
    message = "A pseudonym has at most 64 characters; this one has 65."
    assert errors == PageErrors("", {"pseudonym": message}, 422)
    assert (errors.error("pseudonym"), errors.error("passphrase")) == (message, "")


def test_error_of_a_form_is_above_it_in_the_language_of_the_page() -> None:
    assert page_errors_in(errors.RegistrationClosed(), "fr") == PageErrors("Les inscriptions sont fermées.", {}, 409)


def test_busy_error_says_when_to_try_again() -> None:
    assert headers_of(errors.BusyError(5)) == {"retry-after": "5"}
    assert headers_of(errors.FormExpired()) == {}


def every_kind(kind: type[PortalError] = PortalError) -> Iterator[type[PortalError]]:
    yield kind
    for subclass in kind.__subclasses__():
        yield from every_kind(subclass)


@pytest.mark.parametrize("kind", sorted(set(every_kind()), key=str))
def test_every_kind_of_error_has_a_status(kind: type[PortalError]) -> None:
    assert 400 <= status_of(kind.__new__(kind)) < 600


@pytest.mark.anyio
async def test_fault_of_the_disk_is_logged_without_its_details(caplog: pytest.LogCaptureFixture) -> None:
    async with open_harness(kind=FullDisk) as harness:
        page = await harness.send(FORM, await filled_in(harness, pseudonym="Ada"))
        assert page.text_of("//*[@role='alert']") == errors.StorageError.text
        assert "fault in registration" in caplog.text
        assert "Ada" not in caplog.text
