"""The portal's own secrets: one file of 32 random bytes each in `keys/`, readable by their owner alone."""

import random
import tempfile
from pathlib import Path
from typing import Final

from portal.domain.errors import KeyUnusable, StorageError
from portal.domain.language import N_
from portal.storage.disk import is_open_to_others, make_private_folder, sync_folder, write_new_file

KEY_BYTES: Final = 32
_FOLDER: Final = "keys"


def make_key(data: Path, name: str, rng: random.Random) -> bytes:
    """Return the key `name` of the folder `data`, made of `rng` (a source fit for secrets) unless it is there.

    A key is never replaced: tickets and open forms depend on it. Raises `KeyUnusable` and `StorageError`.
    """
    path = data / _FOLDER / name
    try:
        make_private_folder(data)
        make_private_folder(path.parent)
        if not path.exists():
            _put(path, rng.randbytes(KEY_BYTES))
    except OSError as error:
        raise StorageError from error
    return read_key(data, name)


def _put(path: Path, key: bytes) -> None:
    """Write the key to a temporary file and give it its name, unless another process was faster."""
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        whole = Path(folder) / path.name
        write_new_file(whole, key)
        try:
            path.hardlink_to(whole)
        except FileExistsError:
            return
    sync_folder(path.parent)


def read_key(data: Path, name: str) -> bytes:
    """Return the key `name` of the folder `data`, 32 bytes.

    Raises `KeyUnusable` when it is missing, of another length, or open to other users of the machine.
    """
    path = data / _FOLDER / name
    try:
        if is_open_to_others(path):
            raise KeyUnusable(name=name, reason=N_("other users of this machine can read it"))
        key = path.read_bytes()
    except OSError:
        raise KeyUnusable(name=name, reason=N_("it is missing, or cannot be read")) from None
    if len(key) != KEY_BYTES:
        raise KeyUnusable(name=name, reason=N_("it is damaged"))
    return key
