"""The errors about organisers: names, sign-ins, set-up codes, removal."""

from portal.domain.errors import InputError, PortalError
from portal.domain.language import N_


class SignInRefused(PortalError):
    """No organiser has this name, or the passphrase is not theirs; the message does not tell which."""

    text = N_("No organiser has this name with this passphrase. Check both and try again.")


class OrganiserNameUnfit(PortalError):
    """A name that cannot be an organiser's."""

    text = N_("An organiser's name has one line of 1 to %(most)s characters.")


class OrganiserExists(PortalError):
    """The name of a new organiser is taken."""

    text = N_("There is already an organiser named “%(name)s”; nothing was changed.")


class OrganiserUnknown(PortalError):
    """There is no organiser of this name, or no longer."""

    text = N_("There is no organiser named “%(name)s”; nothing was changed.")


class LastOrganiser(PortalError):
    """The only organiser is to be removed."""

    text = N_("“%(name)s” is the only organiser and was not removed: nobody could sign in any more.")


class LastReader(PortalError):
    """The only organiser who can read the pseudonyms is to be removed, or given another passphrase."""

    text = N_("“%(name)s” is the only organiser who can read the pseudonyms.")


class LossNotConfirmed(InputError):
    """Nobody could read pseudonyms any more, and how many there are was not typed."""

    text = N_("Nothing was changed. To confirm, type the number of registrations: %(number)s.")


class KeyNotWrapped(PortalError):
    """The key that opens pseudonyms cannot be wrapped for an organiser: they are gone, or have never signed in."""

    text = N_("“%(name)s” has to sign in once before you can let them read the pseudonyms. Nothing was changed.")


class NotAReader(PortalError):
    """The passphrase of an organiser who cannot read pseudonyms was given to let another organiser read them."""

    text = N_("“%(name)s” cannot read the pseudonyms either. Nothing was changed.")


class NoLongerReader(PortalError):
    """An organiser who cannot read the pseudonyms any more lets another organiser read them."""

    text = N_("You cannot read the pseudonyms in this sign-in, so you cannot let anybody else. Nothing was changed.")


class NoLongerOrganiser(PortalError):
    """The organiser has been removed, or given another passphrase, since they signed in."""

    text = N_("Your sign-in has ended in the meantime, and nothing was changed. Sign in again.")


class SetUpCodePending(PortalError):
    """A set-up code for this name waits already."""

    text = N_("There is already a set-up code for “%(name)s”. If it was lost, withdraw it first.")


class SetUpCodesFull(PortalError):
    """As many set-up codes wait as can."""

    text = N_("There are already %(most)s unused set-up codes. Withdraw one that nobody will use.")


class SetUpCodeGone(PortalError):
    """A set-up code that is to be withdrawn waits no longer."""

    text = N_("There is no set-up code for “%(name)s” any more: it was used or withdrawn, or it has expired.")


class SetUpCodeRefused(PortalError):
    """A set-up code is unknown, used, withdrawn or expired; the message does not tell which."""

    text = N_(
        "This set-up code does not work: it is mistyped, used, withdrawn, or more than %(hours)s hours old. "
        "Ask the person who gave it to you for another one."
    )


class PresentPassphraseWrong(InputError):
    """The present passphrase was mistyped while it was to be changed."""

    text = N_("This is not your present passphrase.")
