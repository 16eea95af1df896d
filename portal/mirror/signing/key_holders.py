"""Changes of the list of key holders: each is an edit of the next root of trust."""

from collections.abc import Callable

from securesystemslib.signer import Key
from tuf.api.metadata import Root, Targets

from portal.domain.edition.change import Change, changed
from portal.domain.language import N_
from portal.domain.trust.signing_errors import (
    HolderKnown,
    HolderUnknown,
    ThresholdImpossible,
)
from portal.mirror.client.metadata import HOLDERS_ROLES, PORTALS_ROLES
from portal.mirror.signing.keys import has_own_id, holder_name

Edit = Callable[[Root], None]
"""Changes the root of trust that is its argument."""


def enrolment(key: Key) -> Edit:
    """Let `key` sign. Raises `HolderKnown` where the same key or name is there already, under whatever id."""

    def edit(root: Root) -> None:
        names = {holder_name(root.get_key(id)) for id in _ids(root)}
        if _has(root, key) or holder_name(key) in names:
            raise HolderKnown(name=holder_name(key))
        for role in HOLDERS_ROLES:
            root.add_key(key, role)

    return edit


def revocation(name: str) -> Edit:
    """Let the holder called `name` sign no longer. Raises `HolderUnknown` and `ThresholdImpossible`."""

    def edit(root: Root) -> None:
        _remove(root, name)
        _check_threshold(root, _threshold(root))

    return edit


def replacement(name: str, key: Key) -> Edit:
    """Let `key` sign in place of the one of the holder called `name`, whose new key it may be.

    Raises `HolderKnown` and `HolderUnknown`.
    """

    def edit(root: Root) -> None:
        if _has(root, key):
            raise HolderKnown(name=holder_name(key))
        _remove(root, name)
        enrolment(key)(root)

    return edit


def new_threshold(signatures: int) -> Edit:
    """Ask for so many signatures. Raises `ThresholdImpossible`."""

    def edit(root: Root) -> None:
        _check_threshold(root, signatures)
        for role in HOLDERS_ROLES:
            root.roles[role].threshold = signatures

    return edit


def new_portal_key(key: Key) -> Edit:
    """Let `key` be the portal's own, in place of the one it had."""

    def edit(root: Root) -> None:
        for role in PORTALS_ROLES:
            for id in tuple(root.roles[role].keyids):
                root.revoke_key(id, role)
            root.add_key(key, role)

    return edit


def key_changes(old: Root, new: Root) -> tuple[Change, ...]:
    """Return the changes from `old` to `new`, for the holders who are to sign them."""
    before, after = ({id: holder_name(root.get_key(id)) for id in _ids(root)} for root in (old, new))
    come, gone = [id for id in after if id not in before], [id for id in before if id not in after]
    found = [changed(N_("New key holder: “%(title)s”, key %(id)s."), title=after[id], id=id) for id in come]
    found += [changed(N_("No longer a key holder: “%(title)s”, key %(id)s."), title=before[id], id=id) for id in gone]
    if _threshold(old) != _threshold(new):
        text = N_("Signatures needed: now %(new)s, instead of %(old)s.")
        found.append(changed(text, old=_threshold(old), new=_threshold(new)))
    if any(old.roles[role] != new.roles[role] for role in PORTALS_ROLES):
        found.append(changed(N_("The portal gets a new key of its own.")))
    return tuple(found)


def is_uniform(root: Root) -> bool:
    """Return whether `root` is as this portal makes them: the holders sign both of their roles, the portal its own."""
    holders, portals = ([root.roles[role] for role in roles] for roles in (HOLDERS_ROLES, PORTALS_ROLES))
    return holders[0] == holders[1] and portals[0] == portals[1] and root.consistent_snapshot is True


def has_true_ids(old: Root, new: Root) -> bool:
    """Return whether each key of `new` is the one that `old` has under its id, or has an id derived from it.

    The changes are shown by ids: under a known or an invented id could be anybody's key.
    """
    return all(key == old.keys[id] if id in old.keys else has_own_id(key) for id, key in new.keys.items())


def _ids(root: Root) -> list[str]:
    return list(root.roles[Targets.type].keyids)


def _threshold(root: Root) -> int:
    return root.roles[Targets.type].threshold


def _has(root: Root, key: Key) -> bool:
    """Return whether `key` is in `root`, under whatever id."""
    return key.keyid in root.keys or any(other.keyval == key.keyval for other in root.keys.values())


def _remove(root: Root, name: str) -> None:
    found = [id for id in _ids(root) if holder_name(root.get_key(id)) == name or id == name]
    if not found:
        raise HolderUnknown(name=name)
    for role in HOLDERS_ROLES:
        root.revoke_key(found[0], role)


def _check_threshold(root: Root, signatures: int) -> None:
    if not 1 <= signatures <= len(_ids(root)):
        raise ThresholdImpossible(needed=signatures, holders=len(_ids(root)))
