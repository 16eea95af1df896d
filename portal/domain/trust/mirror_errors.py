"""Errors of a mirror that takes nothing from a source, for whoever runs it. It serves on what it has."""

from portal.domain.errors import PortalError
from portal.domain.language import N_


class MirrorError(PortalError):
    """Nothing was taken from a source."""

    text = N_("Nothing could be fetched from this source.")


class SourceSilent(MirrorError):
    """No answer, or one that was cut off."""

    text = N_("The source does not answer, or stopped half-way.")


class SourceSlow(MirrorError):
    """A file did not arrive whole in time."""

    text = N_("The source is too slow: a file did not arrive within %(seconds)s seconds.")


class SourceTooLarge(MirrorError):
    """A file goes on beyond what was announced, or beyond the limit of its kind."""

    text = N_("The source sends more than it announced, or more than a copy accepts.")


class SourceRedirects(MirrorError):
    """The source sends readers elsewhere; a mirror follows no redirect."""

    text = N_(
        "The source leads elsewhere (status %(status)s). A copy follows the addresses that it was given, and no others."
    )


class SourceCompresses(MirrorError):
    """A file came compressed, against the request."""

    text = N_("The source compresses files that were requested uncompressed.")


class SourceRefuses(MirrorError):
    """The source answers with an error, the number of which is `status`."""

    text = N_("The source refused the request (status %(status)s).")


class SourceUnsigned(MirrorError):
    """There are no signatures at the address."""

    text = N_("There is neither a portal nor a copy with its signatures at this address.")


class AddressUnfit(MirrorError):
    """An address that nothing can be fetched from."""

    text = N_("%(address)s is not the address of a source. Use https://example.org, http://….onion or a folder.")


class RootUnknown(MirrorError):
    """No root of trust of the source has the fingerprint that was given."""

    text = N_("No root of trust of this source has the fingerprint that you gave. It is another event, or a fake copy.")


class SignaturesUnfit(MirrorError):
    """Metadata has not the signatures that it needs."""

    text = N_("The signatures are not those that are needed: something was altered, or too few key holders signed.")


class MetadataMalformed(MirrorError):
    """Metadata that is something else."""

    text = N_("What should hold the signatures holds something else.")


class SourceOlder(MirrorError):
    """The source offers what is older than what this mirror knows."""

    text = N_("The source offers an older state than the one that this copy knows already.")


class SourceMixed(MirrorError):
    """The source offers parts that do not belong together."""

    text = N_("The source offers parts of several editions that do not belong together.")


class SourceStale(MirrorError):
    """Nobody vouches any longer that this is the newest edition."""

    text = N_(
        "This may no longer be the newest edition: the source is out of date, or the clock of this machine is wrong."
    )


class VouchedTooLong(MirrorError):
    """Somebody vouches for longer than a portal ever does: nobody would notice that the source follows no longer."""

    text = N_(
        "It is signed as current until %(when)s, longer than any portal does: somebody else has its key, "
        "or the clock of this machine is wrong."
    )


class FileAltered(MirrorError):
    """A public file is not the one that was signed."""

    text = N_("The file %(path)s of the source is not the one that was signed.")


class FileMissing(MirrorError):
    """A public file that was signed is not there."""

    text = N_("The source lacks the file %(path)s.")


class EditionTooLarge(MirrorError):
    """An edition is larger than a mirror takes."""

    text = N_("The edition is larger than a copy accepts.")


class EditionUnfit(MirrorError):
    """A signed path cannot be that of a public file."""

    text = N_("The edition names a file that cannot be part of the site: %(path)s.")


class MirrorUnwritable(MirrorError):
    """The disk of the mirror does not take what was fetched."""

    text = N_("The copy cannot be written: %(reason)s.")


class DataOfOrigin(MirrorError):
    """The data folder is that of a portal, and no place for a mirror."""

    text = N_("%(folder)s is the data folder of a portal. Give the copy another one with --data.")


class AuditWithoutTor(MirrorError):
    """Mirrors are to be audited, and there is no Tor."""

    text = N_("The other copies are checked through Tor. With --onion off, name the SOCKS port of one with --socks.")


class NoRunningMirror(MirrorError):
    """A push to a folder, or to what does not respond as a mirror."""

    text = N_("%(address)s is not a running copy: no edition could be sent to it.")


class OfferRefused(MirrorError):
    """A mirror refused a pushed edition."""

    text = N_("The copy did not accept the edition (status %(status)s).")
