"""What changed in where the event is found, and in the fingerprint by which its signatures are known."""

from collections.abc import Iterator

from portal.domain.change import Change, changed
from portal.domain.edition import Addresses
from portal.domain.fingerprint import in_groups
from portal.domain.language import N_


def address_changes(old: Addresses, new: Addresses) -> Iterator[Change]:
    """The change of the addresses, then that of the fingerprint."""
    if (old.onion, old.clearnet) != (new.onion, new.clearnet):
        known = ", ".join(one for one in (new.onion, new.clearnet) if one)
        if known:
            yield changed(N_("The addresses of the portal: %(addresses)s"), addresses=known)
        else:
            yield changed(N_("The portal has no public address any more."))
    if old.fingerprint != new.fingerprint:
        if new.fingerprint:
            yield changed(N_("The fingerprint on the pages: %(fingerprint)s"), fingerprint=in_groups(new.fingerprint))
        else:
            yield changed(N_("The pages show no fingerprint any more."))
