"""Access to the listener's socket for a Tor that runs as another user, as the Tor of a distribution does."""

import os
import pwd
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from onion.errors import AccountUnknown, SocketForbidden, SocketUnfit

PATH_BYTES: Final = 107
"""The longest path of a Unix socket (unix(7): 108 bytes with the closing zero)."""
ENTER: Final = 0o1
CONNECT: Final = 0o2
ACCESS_LIST: Final = "system.posix_acl_access"


def check_path(socket_path: Path) -> None:
    """Raise `SocketUnfit` unless ADD_ONION can carry `socket_path`, which it takes unquoted (control-spec §3.27)."""
    path = str(socket_path)
    is_plain = path.isascii() and path.isprintable() and not set(path) & set(" \"'\\")
    if not is_plain or len(path) > PATH_BYTES:
        raise SocketUnfit(path=path, limit=PATH_BYTES)


@dataclass(frozen=True, slots=True)
class User:
    """A user of this machine with their groups; `group` is the first."""

    uid: int
    name: str
    group: int
    groups: frozenset[int]

    def may(self, bit: int, path: Path) -> bool:
        """Check that the mode of `path` grants `bit`; an access list beside the mode (acl(5)) is trusted to."""
        found = path.stat()
        if ACCESS_LIST in getattr(os, "listxattr", lambda _: [])(path):
            return True
        shift = 6 if found.st_uid == self.uid else 3 if found.st_gid in self.groups else 0
        return bool(found.st_mode >> shift & bit)


def grant_access(uid: int, socket_path: Path) -> None:
    """Let a Tor of the user `uid` connect to `socket_path`. Raises `SocketForbidden` where this user cannot do that.

    A user who may open Tor's control socket is in Tor's group: where needed, the listener's own folder and socket are
    opened to that group. The folders above stay as they are. Blocks.
    """
    if uid in (0, os.geteuid()):
        return
    user = _user(uid)
    folder = socket_path.parent
    try:
        for path, bit, mode in ((folder, ENTER, 0o710), (socket_path, CONNECT, 0o660)):
            if not user.may(bit, path):
                os.chown(path, -1, user.group)
                path.chmod(mode)
    except OSError:
        raise SocketForbidden(user=user.name, folder=folder) from None
    for above in folder.resolve().parents:
        if not user.may(ENTER, above):
            raise SocketForbidden(user=user.name, folder=above)


def grant_access_to_account(name: str, socket_path: Path) -> None:
    """Do the same as `grant_access` for the account `name`. Raises `AccountUnknown` too."""
    try:
        uid = pwd.getpwnam(name).pw_uid
    except KeyError:
        raise AccountUnknown(name=name) from None
    grant_access(uid, socket_path)


def _user(uid: int) -> User:
    """Look up the user `uid`, who may have no name here: a Tor in a container may run as a number alone."""
    try:
        found = pwd.getpwuid(uid)
    except KeyError:
        return User(uid, str(uid), uid, frozenset({uid}))
    return User(uid, found.pw_name, found.pw_gid, frozenset(os.getgrouplist(found.pw_name, found.pw_gid)))
