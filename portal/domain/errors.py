"""Errors of the portal. Each has a text that is safe to show to whoever meets it.

A visitor meets none that names a path, an address or another person; those of the data folder, of the settings and of
the listeners name files and addresses, for whoever runs the portal in a terminal.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from portal.domain.language import N_


class PortalError(Exception):
    """The root. `text` is a gettext message; `details` are the values to put into it.

    `str(error)` is the English sentence, for a log or a terminal.
    """

    text: ClassVar[str] = N_("Something went wrong on our side. Nothing you sent was lost or kept.")

    def __init__(self, **details: object) -> None:
        super().__init__(self.text % details)
        self.details = details


class InputError(PortalError):
    """A value that a person typed is not valid. `field` is the name of the form's field, for the page to point at."""

    text = N_("This field is not valid.")

    def __init__(self, field: str, **details: object) -> None:
        super().__init__(**details)
        self.field = field


class FormError(PortalError):
    """A form as a whole is not valid."""

    text = N_("This form could not be read. Open the page again and fill it in once more.")


class FormTooLarge(FormError):
    """A form holds more than the portal reads."""

    text = N_("This form holds more than %(kib)s KiB. Shorten what you wrote and send it again.")


class FormWrongKind(FormError):
    """A request has another media type than a form's `application/x-www-form-urlencoded`."""

    text = N_("Only the forms of this portal can be sent here. Open the page again and fill in its form.")


class FormTooSlow(FormError):
    """A form did not arrive whole in time."""

    text = N_("The form took too long to arrive, and nothing of it was kept. Send it again.")


class FormExpired(FormError):
    """A form was opened too long ago."""

    text = N_("This form was opened too long ago. Open the page again and fill it in once more.")


class FormTooFast(FormError):
    """A form came back sooner than a person can send it."""

    text = N_("This form came back faster than a person reads. Take your time.")


class FormForeign(FormError):
    """A form was not made by this portal for this use, or comes from a page of another site."""

    text = N_("This form was not made by this page, and nothing of it was kept.")


class FormByRobot(FormError):
    """The field that no person sees was filled in."""

    text = N_(
        "The field that must stay empty was filled in, and nothing was kept. It is empty again: send the form again."
    )


class BusyError(PortalError):
    """Too much to do at once; `retry_after` says in how many seconds to try again."""

    text = N_("Many people are here at the same time. Nothing was lost: try again in %(retry_after)s seconds.")

    def __init__(self, retry_after: int) -> None:
        super().__init__(retry_after=retry_after)
        self.retry_after = retry_after


class RegistrationError(PortalError):
    """A registration cannot be made or found."""


class RegistrationClosed(RegistrationError):
    """The organisers have not opened registration, or have closed it."""

    text = N_("Registration is closed.")


class RegistrationFull(RegistrationError):
    """No seat is left and there is no waiting list."""

    text = N_("No seat is left and there is no waiting list.")


class InvitationUnknown(RegistrationError):
    """Registration is by invitation, and there is none with this code: it never was, was used, or was withdrawn."""

    text = N_("No unused invitation has this code. Check it; if it is right, ask the organisers for another one.")


class FormAlreadyUsed(RegistrationError):
    """The form's ticket code belongs to a registration made with another passphrase."""

    text = N_("This form has already been used with another passphrase. Open a new one, or come back with your ticket.")


class TicketPageOutdated(FormError):
    """An action on the page of a ticket has a capability that is too old, or of another passphrase."""

    text = N_(
        "This page of your ticket is out of date: it was opened more than %(minutes)s minutes ago, or the "
        "passphrase has changed since. Open your ticket again."
    )


class TicketUnknown(RegistrationError):
    """No registration has this code, or the passphrase is not its own: the message is the same."""

    text = N_("No ticket has this code with this passphrase. Check both and try again.")


class TicketAbsent(RegistrationError):
    """An organiser looks for a registration that is not there, or no longer."""

    text = N_("No ticket has this code.")


class DraftChanged(PortalError):
    """Another organiser saved the draft since this page was opened."""

    text = N_(
        "Somebody else changed the programme in the meantime. Nothing of yours was saved yet: compare and decide."
    )


class LanguageUnknown(PortalError):
    """An event has no texts in the language that somebody chose for it."""

    text = N_("The event has no language “%(tag)s”. Its languages: %(languages)s.")


class LossChanged(PortalError):
    """An action would destroy something else than what was confirmed."""

    text = N_("What would be lost has changed in the meantime, and nothing was done. Read it again, then decide.")


class NotConfirmed(PortalError):
    """Nobody agreed to what a command would destroy."""

    text = N_("Not confirmed: nothing was changed. Add --yes to confirm without being asked.")


class PartGone(PortalError):
    """A part of the draft is not there, or no longer."""

    text = N_("Somebody else deleted this in the meantime. What you typed is below: saved, it is there again.")


class DraftNotInOrder(PortalError):
    """The draft has problems that keep it from being published."""

    text = N_("The programme still has problems. Fix what is listed below, then publish.")


class NothingToPublish(PortalError):
    """The draft is the edition in force."""

    text = N_("The draft is the same as the edition in force: there is nothing to publish.")


class AnnouncementsFull(PortalError):
    """An event has as many announcements as it can."""

    text = N_("There are %(most)s announcements already. Withdraw one that is no longer needed, then publish this one.")


class StorageError(PortalError):
    """The data folder cannot be read or written."""

    text = N_("The portal could not write its data. Nothing was changed; tell the organisers, and try again later.")


class DataDamaged(StorageError):
    """A data file does not hold what was written; it is left as it is."""

    text = N_("%(file)s is damaged (%(reason)s). It was left untouched; the last good copy is %(copy)s.")


class DataLost(DataDamaged):
    """A data file does not hold what was written, and neither does its copy; both are left as they are."""

    text = N_(
        "%(file)s cannot be used (%(reason)s), and neither can its copy %(copy)s. Both were left untouched: "
        "bring them back from a backup."
    )


class KeyUnusable(StorageError):
    """A key of the portal cannot be used; it is left as it is."""

    text = N_("The key “%(name)s” cannot be used: %(reason)s.")


class DataMissing(StorageError):
    """The data folder has not been initialised."""

    text = N_("%(folder)s contains no event yet. Run “portal init” first.")


class DataExists(StorageError):
    """The data folder already holds an event, which is never overwritten."""

    text = N_("%(folder)s already contains an event; it was left untouched.")


class ExportRefused(PortalError):
    """The folder holds something else than an earlier copy of the public site."""

    text = N_("%(folder)s contains something other than an earlier copy of the site; it was left untouched.")


class ExportFailed(PortalError):
    """A file of the copy cannot be written."""

    text = N_("The copy could not be written: %(reason)s. Fix that, and run the same command again.")


class SettingsError(PortalError):
    """A setting cannot be used."""

    text = N_("%(source)s: %(setting)s: %(reason)s")


class SettingsFileError(SettingsError):
    """The file of the settings cannot be read; `file` may end in the line and the column at fault."""

    text = N_("%(file)s: %(reason)s")


class ListenerError(PortalError):
    """The socket of a listener cannot be opened."""

    text = N_("Cannot listen at %(listener)s: %(reason)s.")


class NotRunning(PortalError):
    """No portal runs that could be asked."""

    text = N_("Nothing is running with the folder %(folder)s. Start it: portal serve, or portal mirror for a copy")


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault of an event, to be translated: `text` with `details` in its places.

    `table` is like `place` or `sessions[3]`, counted from 1, and `id` the id of that entry, where it has one; `key` is
    like `start` or `title.en`. Each may be empty: a fault of the whole file has neither table nor key. `line` is that
    of the file, from 1; 0 where there is no file, or no such line.
    """

    table: str
    key: str
    text: str
    details: tuple[tuple[str, object], ...] = ()
    id: str = ""
    line: int = 0


class EventFileError(PortalError):
    """An event file cannot be used; `problems` has every fault found, in the order of the file.

    Where there are more than FAULTS_COUNTED, the file was read no further.
    """

    text = N_("%(file)s cannot be used. Problems found: %(count)s.")

    def __init__(self, file: str, problems: Sequence[Problem]) -> None:
        super().__init__(file=file, count=len(problems))
        self.file = file
        self.problems = tuple(problems)
