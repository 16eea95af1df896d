"""The key that makes the onion's address, kept in a file, and the address recorded beside it.

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


@dataclass(frozen=True, slots=True)
class OnionKey:
    """A v3 key as ADD_ONION takes it; its repr does not show it."""

    text: str = field(repr=False)


def kept_key(file: Path, chance: random.Random) -> OnionKey:
    """The key in `file`, made from `chance` (fit for secrets) when there is no such file. Raises `OnionKeyError`."""
    try:
        if not file.exists():
            write_aside(file, f"{new_key(chance).text}\n")
        return _read(file)
    except OSError as error:
        raise KeyUnreadable(file=file, reason=error.strerror) from None


def new_key(chance: random.Random) -> OnionKey:
    """A key nobody else has, if `chance` is fit for secrets."""
    secret = bytearray(hashlib.sha512(chance.randbytes(SEED_BYTES)).digest())
    secret[0] &= 0b1111_1000
    secret[31] &= 0b0011_1111
    secret[31] |= 0b0100_0000
    return OnionKey(f"{KIND}:{base64.b64encode(secret).decode()}")


def recorded_address(file: Path) -> str:
    """The address recorded beside the key in `file`, `….onion`; empty where there is none. Raises `KeyUnreadable`."""
    record = _record_of(file)
    try:
        return record.read_text(encoding="utf-8").strip() if record.exists() else ""
    except (OSError, UnicodeDecodeError) as error:
        raise KeyUnreadable(file=record, reason=error.args[-1]) from None


def keep_address(file: Path, address: str) -> None:
    """Record `address` beside the key in `file`, or raise `AddressChanged` where another one was recorded."""
    record, recorded = _record_of(file), recorded_address(file)
    if recorded and recorded != address:
        raise AddressChanged(file=record, recorded=recorded, found=address)
    if not recorded:
        try:
            write_aside(record, f"{address}\n")
        except OSError as error:
            raise KeyUnreadable(file=record, reason=error.strerror) from None


def _record_of(file: Path) -> Path:
    return file.with_name(f"{file.name}.address")


def write_aside(file: Path, text: str) -> None:
    """Make `file`, 0600, hold `text`: written aside, flushed to the disk, renamed, the folder flushed too."""
    for above in reversed(file.parents):  # `parents=True` would leave those far above to the umask
        above.mkdir(mode=0o700, exist_ok=True)
    aside = file.with_name(f".{file.name}.aside")
    aside.unlink(missing_ok=True)
    with open(aside, "x", encoding="utf-8", opener=_opened_for_us_alone) as written:
        written.write(text)
        written.flush()
        os.fsync(written.fileno())
    aside.replace(file)
    folder = os.open(file.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _opened_for_us_alone(path: str, flags: int) -> int:
    return os.open(path, flags, mode=0o600)


def _read(file: Path) -> OnionKey:
    for path in (file.parent, file):
        if path.stat().st_mode & 0o077:
            raise KeyExposed(path=path)
    try:
        line = file.read_text(encoding="ascii").strip()
        kind, _, encoded = line.partition(":")
        secret = base64.b64decode(encoded, validate=True)
    except (UnicodeDecodeError, binascii.Error):
        raise KeyDamaged(file=file) from None
    is_clamped = len(secret) == SECRET_BYTES and secret[0] & 0b111 == 0 and secret[31] >> 6 == 0b01
    if kind != KIND or not is_clamped:
        raise KeyDamaged(file=file)
    return OnionKey(line)
