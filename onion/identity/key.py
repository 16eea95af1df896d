"""The onion's key, kept in a file, and the address recorded beside it.

The file holds one line as ADD_ONION wants it (control-spec §3.27): `ED25519-V3:` and, in base64, the 64 bytes of an
expanded Ed25519 secret key (RFC 8032 §5.1.5: a clamped scalar, then a prefix). It is 0600, in a folder that is 0700.
"""

import base64
import binascii
import hashlib
import os
import random
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from onion.errors import AddressChanged, KeyDamaged, KeyExposed, KeyUnreadable

KIND: Final = "ED25519-V3"
SEED_BYTES: Final = 32
SECRET_BYTES: Final = 64
KEY_FILE_BYTES: Final = 1_024
"""More than the file of any key has."""
TOR_HEADER: Final = b"== ed25519v1-secret: type0 ==".ljust(32, b"\0")
"""The first 32 bytes of `hs_ed25519_secret_key`, before the 64 of the key (tor's crypto_ed25519.c)."""


@dataclass(frozen=True, slots=True)
class OnionKey:
    """A v3 key as ADD_ONION takes it; its repr does not show it."""

    text: str = field(repr=False)

    @property
    def secret(self) -> bytes:
        """Decode the expanded secret key, 64 bytes."""
        return base64.b64decode(self.text.removeprefix(f"{KIND}:"))


def load_or_create_key(file: Path, rng: random.Random) -> OnionKey:
    """Read the key in `file`, made from `rng` (fit for secrets) when there is no such file. Raises `OnionKeyError`."""
    try:
        if not file.exists():
            write_atomically(file, f"{new_key(rng).text}\n".encode())
        return _read(file)
    except OSError as error:
        raise KeyUnreadable(file=file, reason=error.strerror) from None


def new_key(rng: random.Random) -> OnionKey:
    """Make a key from `rng`, which is fit for secrets."""
    secret = bytearray(hashlib.sha512(rng.randbytes(SEED_BYTES)).digest())
    secret[0] &= 0b1111_1000
    secret[31] &= 0b0011_1111
    secret[31] |= 0b0100_0000
    return OnionKey(f"{KIND}:{base64.b64encode(secret).decode()}")


def read_secret(file: Path) -> bytes:
    """Read the secret key, 64 bytes, in `file`, ours or Tor's `hs_ed25519_secret_key`. Raises `OnionKeyError`."""
    try:
        _check_private(file)
        return parse_secret(file.read_bytes(), file)
    except OSError as error:
        raise KeyUnreadable(file=file, reason=error.strerror) from None


def parse_secret(content: bytes, file: object) -> bytes:
    """Parse the secret key, 64 bytes, in the `content` of `file`, in either form. Raises `KeyDamaged`."""
    kind, _, encoded = content.partition(b":")
    if content.startswith(TOR_HEADER):
        secret = content.removeprefix(TOR_HEADER)
    elif kind == KIND.encode():
        try:
            secret = base64.b64decode(encoded.strip(), validate=True)
        except binascii.Error:
            raise KeyDamaged(file=file) from None
    else:
        raise KeyDamaged(file=file)
    is_clamped = len(secret) == SECRET_BYTES and secret[0] & 0b111 == 0 and secret[31] >> 6 == 0b01
    if not is_clamped:
        raise KeyDamaged(file=file)
    return secret


def recorded_address(file: Path) -> str:
    """Read the address recorded beside the key in `file`, `….onion`; "" for none. Raises `KeyUnreadable`."""
    record = _record_of(file)
    try:
        return record.read_text(encoding="utf-8").strip() if record.exists() else ""
    except (OSError, UnicodeDecodeError) as error:
        raise KeyUnreadable(file=record, reason=error.args[-1]) from None


def record_address(file: Path, address: str) -> None:
    """Record `address` beside the key in `file`, or raise `AddressChanged` where another one was recorded."""
    record, recorded = _record_of(file), recorded_address(file)
    if recorded and recorded != address:
        raise AddressChanged(file=record, recorded=recorded, found=address)
    if not recorded:
        try:
            write_atomically(record, f"{address}\n".encode())
        except OSError as error:
            raise KeyUnreadable(file=record, reason=error.strerror) from None


def _record_of(file: Path) -> Path:
    return file.with_name(f"{file.name}.address")


def write_atomically(file: Path, content: bytes) -> None:
    """Write `content` to `file`, 0600: written aside, flushed to the disk, renamed, the folder flushed too."""
    for above in reversed(file.parents):  # `parents=True` would leave those far above to the umask
        above.mkdir(mode=0o700, exist_ok=True)
    aside = file.with_name(f".{file.name}.aside")
    aside.unlink(missing_ok=True)
    with open(aside, "xb", opener=_open_private) as written:
        written.write(content)
        written.flush()
        os.fsync(written.fileno())
    aside.replace(file)
    folder = os.open(file.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _open_private(path: str, flags: int) -> int:
    return os.open(path, flags, mode=0o600)


def _read(file: Path) -> OnionKey:
    _check_private(file)
    content = file.read_bytes()
    if content.startswith(TOR_HEADER):
        raise KeyDamaged(file=file)
    return OnionKey(f"{KIND}:{base64.b64encode(parse_secret(content, file)).decode()}")


def _check_private(file: Path) -> None:
    for path in (file.parent, file):
        if path.stat().st_mode & 0o077:
            raise KeyExposed(path=path)
