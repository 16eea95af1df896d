"""Errors about the erasure of the registrations: not confirmed, or not to be postponed."""

from portal.domain.errors import InputError, PortalError
from portal.domain.language import N_


class ErasureFarAhead(PortalError):
    """The erasure is to be postponed while it is not announced, or after somebody else postponed it."""

    text = N_("This erasure is not announced any more: somebody has just postponed it, or it has taken place.")


class ErasurePostponedOften(PortalError):
    """The erasure has been postponed as often as it can be."""

    text = N_(
        "The erasure has been postponed %(most)s times and cannot be postponed again. To keep the registrations "
        "longer, publish an edition that says so to everybody."
    )


class ErasureUnconfirmed(InputError):
    """The typed number is not that of the registrations that would be erased, `number`."""

    text = N_("Type the number of registrations that would be erased, %(number)s, or correct the draft first.")


class PastUnconfirmed(InputError):
    """A day that is over is to be published without the tick that confirms it."""

    text = N_("The event of the draft is over already. If that is right, tick this box; if not, correct the day.")
