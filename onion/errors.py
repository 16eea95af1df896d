"""Errors of the onion service. Each has a text that is safe to show to a person: never a key, never a password."""

from typing import ClassVar


def N_(message: str) -> str:
    """Mark `message` for the gettext catalogues; it is translated when it is shown."""
    return message


class OnionError(Exception):
    """Root of the errors. `text` is a gettext message; `details` are its values, which may be messages too."""

    text: ClassVar[str] = N_("The onion service met an unexpected error.")

    def __init__(self, **details: object) -> None:
        super().__init__(self.text % details)
        self.details = details


class OnionKeyError(OnionError):
    """The key that makes the onion's address cannot be used."""


class KeyUnreadable(OnionKeyError):
    """The file of the key cannot be read or written."""

    text = N_("The file of the onion's key, %(file)s, cannot be read or written (%(reason)s).")


class KeyDamaged(OnionKeyError):
    """The file does not hold a v3 key; it is left as it is."""

    text = N_(
        "%(file)s does not hold the key of an onion. It was left untouched: bring it back from a copy, "
        "or move it away to get a new address."
    )


class KeyExposed(OnionKeyError):
    """Somebody else may read the key, or could replace it."""

    text = N_("%(path)s is open to other users of this machine. Close it: chmod go= %(path)s")


class AddressChanged(OnionKeyError):
    """The key gives another address than the one recorded beside it."""

    text = N_(
        "The key gives the address %(found)s, but %(file)s says %(recorded)s. "
        "Bring back the key of that address, or remove that file to take the new one."
    )


class TorError(OnionError):
    """Tor cannot be used."""


class TorNotFound(TorError):
    """Nothing listens at any of the addresses of a Tor."""

    text = N_("No Tor is running here (looked in %(addresses)s). Start one, or let the portal do it: --onion launch")


class ControlForbidden(TorError):
    """The control socket is there, and this user may not open it."""

    text = N_(
        "Tor's control socket %(address)s is not open to this user: add the user to the group %(group)s, "
        "then log in again."
    )


class NotControlPort(TorError):
    """Something answers, and it does not speak Tor's control protocol."""

    text = N_("What listens at %(address)s is not the control port of a Tor.")


class PasswordWanted(TorError):
    """Tor wants a password and none was given."""

    text = N_("The Tor at %(address)s asks for a password: set PORTAL_TOR_PASSWORD.")


class PasswordWrong(TorError):
    """Tor refused the password."""

    text = N_("The Tor at %(address)s refused the password.")


class CookieUnreadable(TorError):
    """Tor wants to be shown its cookie, and this user may not read that file."""

    text = N_(
        "Tor's cookie %(file)s cannot be read by this user: add the user to the group %(group)s, then log in again."
    )


class CookieWrong(TorError):
    """Tor refused what its cookie file holds."""

    text = N_("The Tor at %(address)s refused its own cookie %(file)s: the file belongs to another Tor. Restart Tor.")


class TorRefused(TorError):
    """Tor refused a command."""

    text = N_("Tor refused to publish the onion service (%(answer)s).")


class AddressTaken(TorError):
    """The same key is already in use on another control connection of this Tor."""

    text = N_(
        "This key is being served elsewhere: another program publishes %(address)s through this Tor. "
        "Is the portal running twice?"
    )


class TorTooOld(TorError):
    """Tor lacks what the onion service needs."""

    text = N_("This Tor is version %(version)s; the portal needs %(needed)s or newer. Upgrade it.")


class TorToStartAgain(TorError):
    """A service in the torrc of our own Tor is published anew by another start of that Tor."""

    text = N_(
        "The portal starts its own Tor again, to publish the onion service again. If that happens again and again, "
        "look at the connection and the clock of this machine."
    )


class TorSilent(TorError):
    """Tor took the connection and does not answer."""

    text = N_("The Tor at %(address)s did not answer within %(seconds)s seconds.")


class TorLost(TorError):
    """The control connection ended."""

    text = N_("The connection to Tor was lost.")


class ExtraTorrcUnreadable(TorError):
    """The file of further lines for the portal's own Tor cannot be read."""

    text = N_("The file %(file)s, which tor_extra_torrc names, cannot be read (%(reason)s).")


class Unprovable(OnionError):
    """The service is published, and the portal cannot fetch it through Tor."""


class NoSocksPort(Unprovable):
    """Tor offers no SOCKS port."""

    text = N_(
        "The onion service is published, but it cannot be proven: Tor has no SocksPort. Add one to Tor's torrc, "
        "SocksPort 127.0.0.1:9050 for instance, and restart Tor."
    )


class SocksShut(Unprovable):
    """No known SOCKS port takes a connection."""

    text = N_(
        "The onion service is published, but it cannot be proven: no SOCKS port of Tor is open to the portal "
        "(looked in %(addresses)s). Name the right one in tor_socks."
    )


class ProofFailed(OnionError):
    """The portal did not reach itself through Tor."""


class NotReached(ProofFailed):
    """Nothing answered in time."""

    text = N_("The portal did not reach itself at its onion address within %(seconds)s seconds.")


class AnotherAnswers(ProofFailed):
    """Something answers at the address, and it is not this process."""

    text = N_(
        "Something other than this portal answers at %(address)s: its key is served elsewhere too. "
        "Stop the other service, or take the key away from it."
    )


class StillUnreachable(ProofFailed):
    """To publish the service anew did not help."""

    text = N_(
        "The portal does not reach itself at its onion address, not even after publishing it again; "
        "it now reconnects to Tor. If this lasts, look at the connection and the clock of this machine."
    )


class SocketUnfit(TorError):
    """The path of the listener's socket cannot be given to Tor."""

    text = N_(
        "Tor cannot use the socket %(path)s: its path may have at most %(limit)s characters, "
        "and no spaces, quotes or accents. Move the data folder."
    )


class SocketForbidden(TorError):
    """Tor runs as another user, who may not reach the socket of the listener."""

    text = N_(
        "Tor runs as the user %(user)s, who may not pass %(folder)s to reach the portal. "
        "Let the portal start a Tor of its own (--onion launch), or open that folder: see docs/onion.md"
    )


class AccountUnknown(TorError):
    """A setting names an account that this machine does not have."""

    text = N_("This machine has no account %(name)s, which tor_user names.")


class TorMissing(TorError):
    """There is no program `tor` to start."""

    text = N_("The program tor is not installed. On Debian: apt-get install tor")


class TorNotStarted(TorError):
    """The Tor that was started ended, or did not open its control socket."""

    text = N_("The portal's own Tor did not start (%(reason)s). Its log is %(log)s")


class CardError(OnionError):
    """Something is wrong with an address card."""


class CardUnreadable(CardError):
    """The content of a file is no address card."""

    text = N_(
        "%(file)s is not an address card: a card has six lines, and the first is “%(first)s”. "
        "Copy all of it and try again."
    )


class CardFileUnreadable(CardError):
    """The file of a card cannot be read."""

    text = N_("%(file)s cannot be read (%(reason)s).")


class KeyOfAnother(CardError):
    """The key that is to sign is not that of the address that the event is known by."""

    text = N_("%(file)s holds the key of %(found)s, but this portal is known by %(known)s. Nothing was signed.")
