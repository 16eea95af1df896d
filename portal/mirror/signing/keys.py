"""Keys that sign: the private half in a file that its owner alone may read, the public half next to it."""

import json
import os
import stat
from hashlib import sha256
from pathlib import Path
from typing import Final

from securesystemslib.formats import encode_canonical
from securesystemslib.signer import CryptoSigner, Key, Signer

from portal.domain.errors import KeyUnusable, StorageError
from portal.domain.language import N_
from portal.domain.organisers.organiser import organiser_name
from portal.domain.organisers.organiser_errors import OrganiserNameUnfit
from portal.domain.trust.signing_errors import (
    HolderKeyExists,
    HolderKeyMissing,
    PublicKeyUnreadable,
)
from portal.storage.disk import make_folder, write_atomically

HOLDER: Final = "holder"
"""The key of the holder whose machine this is: it signs editions and changes of the keys."""
PORTAL: Final = "portal"
"""The portal's own key: it says which signed edition is the newest."""
PORTALS: Final = (PORTAL, "portal-2")
"""The files of the portal's own key: while it is replaced, there are both."""

_FOLDER: Final = "keys"
_NAME_FIELD: Final = "x-portal-holder"
_PUBLIC_KEY_BYTES: Final = 4_096


def make_signer(data: Path, name: str, holder: str) -> Signer:
    """Make an Ed25519 key `name` (`HOLDER` or `PORTAL`) of the folder `data`, for the person called `holder`.

    Raises `HolderKeyExists`, `OrganiserNameUnfit` and `StorageError`.
    """
    made = CryptoSigner.generate_ed25519()
    made.public_key.unrecognized_fields[_NAME_FIELD] = organiser_name(holder)
    private = _path(data, name)
    try:
        make_folder(private.parent)
        if private.exists():
            raise HolderKeyExists(folder=private.parent)
        write_atomically(public_path(data, name), public_line(made.public_key))
        write_atomically(private, made.private_bytes)
    except OSError as error:
        raise StorageError from error
    return made


def has_signer(data: Path, name: str) -> bool:
    """Return whether the folder `data` has the key `name`."""
    return _path(data, name).exists()


def read_signer(data: Path, name: str) -> Signer:
    """Return the key `name` of the folder `data`. Raises `HolderKeyMissing` and `KeyUnusable`."""
    path = _path(data, name)
    try:
        with path.open("rb") as file:
            if os.fstat(file.fileno()).st_mode & (stat.S_IRWXG | stat.S_IRWXO):
                raise KeyUnusable(name=name, reason=N_("other users of this machine can read it"))
            # The name of the open file, for an address of a key cannot have every character that a folder may.
            return Signer.from_priv_key_uri(f"file2:/dev/fd/{file.fileno()}", read_public(public_path(data, name)))
    except FileNotFoundError:
        if name == HOLDER:
            raise HolderKeyMissing(folder=path.parent) from None
        raise KeyUnusable(name=name, reason=N_("it is missing, or cannot be read")) from None
    except (OSError, ValueError, PublicKeyUnreadable):
        raise KeyUnusable(name=name, reason=N_("it is damaged")) from None


def remove_signer(data: Path, name: str) -> None:
    """Destroy the key `name` of the folder `data`, if there is one. Raises `StorageError`."""
    try:
        for path in (_path(data, name), public_path(data, name)):
            path.unlink(missing_ok=True)
    except OSError as error:
        raise StorageError from error


def public_path(data: Path, name: str) -> Path:
    """Return the path of the public half of the key `name`."""
    return data / _FOLDER / f"{name}.pub"


def public_line(key: Key) -> bytes:
    """Return a public key as a line of JSON, as TUF writes keys (specification 1.0 §4.2), with its id."""
    return (json.dumps({"keyid": key.keyid, **key.to_dict()}, ensure_ascii=False, sort_keys=True) + "\n").encode()


def read_public(path: Path) -> Key:
    """Return the public key that `public_line` wrote. Raises `PublicKeyUnreadable`."""
    try:
        with path.open("rb") as file:
            mapping = json.loads(file.read(_PUBLIC_KEY_BYTES))
        key = Key.from_dict(mapping.pop("keyid"), mapping)
        if not has_own_id(key) or key.unrecognized_fields != {
            _NAME_FIELD: organiser_name(key.unrecognized_fields[_NAME_FIELD])
        }:
            raise PublicKeyUnreadable(file=path)
    except (OSError, ValueError, TypeError, KeyError, AttributeError, OrganiserNameUnfit):
        raise PublicKeyUnreadable(file=path) from None
    return key


def has_own_id(key: Key) -> bool:
    """Return whether the id of `key` is derived from it: people compare ids, and TUF accepts any id for any key."""
    if list(key.keyval) != ["public"] or not isinstance(key.keyval["public"], str):
        return False
    content = {"keytype": key.keytype, "scheme": key.scheme, "keyval": key.keyval}
    return bool(key.keyid == sha256(f"{encode_canonical(content)}".encode()).hexdigest())


def holder_name(key: Key) -> str:
    """Return the name of the holder of `key`."""
    return str(key.unrecognized_fields.get(_NAME_FIELD, key.keyid[:8]))


def _path(data: Path, name: str) -> Path:
    return data / _FOLDER / f"{name}.pem"
