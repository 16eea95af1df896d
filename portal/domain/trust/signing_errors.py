"""Errors of keys and signatures. Their texts are for key holders and for whoever runs the portal in a terminal."""

from portal.domain.errors import PortalError, StorageError
from portal.domain.language import N_


class SigningError(PortalError):
    """An action on keys and signatures that cannot be done."""


class EditionUnreadable(SigningError):
    """File that is no edition, or was written by another version of the portal."""

    text = N_("This is no edition that this version of the portal can read.")


class HolderKeyMissing(SigningError):
    """There is no key of a holder in the data folder of this machine."""

    text = N_("There is no key of yours in %(folder)s. Make one with “portal key new NAME”.")


class HolderKeyExists(SigningError):
    """There is a key already; it is never replaced."""

    text = N_("There is already a key of yours in %(folder)s; it was left untouched.")


class PublicKeyUnreadable(SigningError):
    """A file should hold a public key, and does not."""

    text = N_("%(file)s holds no public key of a key holder.")


class HolderKnown(SigningError):
    """The key of a new holder, or their name, is in the list of holders already."""

    text = N_("This key, or a key holder named “%(name)s”, is already in the list; nothing was changed.")


class HolderUnknown(SigningError):
    """No holder has this name or key."""

    text = N_("No key holder is called “%(name)s”. “portal key list” shows them all.")


class ThresholdImpossible(SigningError):
    """The number of signatures is not from 1 to the number of holders."""

    text = N_(
        "%(needed)s signatures cannot be required of %(holders)s key holders: nothing was changed. Before a key "
        "holder leaves, enrol another one, or lower the number with “portal key threshold”."
    )


class SignatureUnfit(SigningError):
    """A signature is not of a holder, or not over what is pending."""

    text = N_("This signature is not of a key holder over what waits to be signed; nothing was changed.")


class NothingToSign(SigningError):
    """Nothing is pending for signatures."""

    text = N_("Nothing is waiting for a signature.")


class WaitingUnfit(SigningError):
    """Pending metadata that cannot follow what is in force."""

    text = N_("What waits to be signed does not follow what is in force. Sign nothing, and ask who runs the portal.")


class PagesForeign(SigningError):
    """Pending pages that this program does not make of the pending edition."""

    text = N_(
        "The page %(path)s that is waiting is not the one that this program renders from the same edition. The server "
        "runs another version of the portal, or it was altered. Nothing was signed."
    )


class OriginUnsendable(SigningError):
    """Address that is no running portal, for a signature."""

    text = N_("%(address)s is not a running portal: no signature can be sent there.")


class FingerprintUnfit(SigningError):
    """Input that cannot be a fingerprint."""

    text = N_("A fingerprint is made of 64 digits and letters from a to f, with or without spaces.")


class RootNotConfirmed(SigningError):
    """Root of trust that nobody confirmed."""

    text = N_("Nobody has confirmed the fingerprint. Give it with --root, as published by the organisers.")


class SignaturesDamaged(StorageError):
    """A file of signatures does not hold what was written; it is left as it is."""

    text = N_("%(file)s is damaged or missing. Bring it back from a backup; until then nothing new can be signed.")
