"""Hashing of passphrases by argon2id (RFC 9106), and keys derived from a key; only a digest is ever stored."""

import binascii
import hmac
import re
from base64 import b64decode, b64encode
from dataclasses import dataclass, field
from typing import Final, Protocol

from argon2.exceptions import HashingError
from argon2.low_level import ARGON2_VERSION, Type, core, error_to_str, ffi
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from portal.domain.limits import (
    ARGON2_LANES,
    ARGON2_MEMORY_KIB,
    ARGON2_PASSES,
    CODE_MEMORY_KIB,
    CODE_PASSES,
    SHORT_CODE_MEMORY_KIB,
    SHORT_CODE_PASSES,
)
from portal.domain.registration.ticket_code import CodeDigest, CodeKeys

KEY_BYTES: Final = 32
SALT_BYTES: Final = 16
_CODE_SALT: Final = b"portal id of a code"

_LEAST_KIB_A_LANE: Final = 8
"""Less memory argon2 does not take (RFC 9106 §3.1)."""
_CURRENT: Final = "argon2id-verifier"
_UPGRADED: Final = "argon2id-upgraded"
"""The same, made from a hash of an earlier portal: old backups hold its key, so it is replaced as soon as possible."""
_STORED: Final = re.compile(
    rf"\$(?P<kind>{_CURRENT}|{_UPGRADED}|argon2id)\$v=19\$m=(?P<memory>\d+),t=(?P<passes>\d+),p=(?P<lanes>\d+)"
    r"\$(?P<salt>[A-Za-z0-9+/]+)\$(?P<digest>[A-Za-z0-9+/]+)"
)


@dataclass(frozen=True, slots=True)
class Argon2:
    """The cost of one run of argon2id: memory in KiB, number of passes, number of lanes."""

    memory_kib: int = ARGON2_MEMORY_KIB
    passes: int = ARGON2_PASSES
    lanes: int = ARGON2_LANES

    def run(self, secret: bytes, salt: bytes, length: int = KEY_BYTES) -> bytes:
        """Return `length` bytes that follow from `secret` and `salt` (at least 8 bytes).

        argon2 reads `secret` where it is: `hash_secret_raw` copies it, and leaves the copies of many in freed memory.
        """
        made = bytearray(length)
        memory = {
            name: ffi.from_buffer("uint8_t[]", at) for name, at in (("out", made), ("pwd", secret), ("salt", salt))
        }
        lengths = {"outlen": length, "pwdlen": len(secret), "saltlen": len(salt)}
        costs = {"t_cost": self.passes, "m_cost": self.memory_kib, "lanes": self.lanes, "threads": self.lanes}
        context = ffi.new("argon2_context *", {**memory, **lengths, **costs, "version": ARGON2_VERSION})
        if status := core(context, Type.ID.value):
            raise HashingError(error_to_str(status))
        return bytes(made)


@dataclass(frozen=True, slots=True)
class CodeCosts:
    """The cost of the id of a code. Ids are lost when it changes.

    A code of CODE_CHARACTERS is long enough for little work; an earlier, shorter one needs more.
    """

    full: Argon2 = Argon2(CODE_MEMORY_KIB, CODE_PASSES)
    short: Argon2 = Argon2(SHORT_CODE_MEMORY_KIB, SHORT_CODE_PASSES)


CODE_COSTS: Final = CodeCosts()
WITHOUT_SHORT_CODES: Final = CodeCosts(short=CODE_COSTS.full)
"""For a folder without short codes: one that is typed opens nothing, and costs no more than any other."""


@dataclass(frozen=True, slots=True)
class PassphraseKey:
    """The outcome of one run: `stored` may be kept on a disk, `key` (KEY_BYTES bytes) must not.

    `stored` names the parameters, the salt and HMAC-SHA256 of the key, from which the key does not follow.
    """

    stored: str
    key: bytes = field(repr=False)


class Hasher(Protocol):
    """Run argon2id without holding up anybody else. Each method raises `BusyError` when too many are waiting."""

    async def hash(self, passphrase: str) -> PassphraseKey:
        """Return the key of `passphrase` under a new salt."""
        ...

    async def verify(self, stored: str | None, passphrase: str) -> bytes | None:
        """Return the key of `passphrase` if `stored` was made of it, else None after the same work."""
        ...

    async def locate(self, digest: CodeDigest) -> CodeKeys:
        """Return the id under which the record of a code is kept, and the code's key."""
        ...

    def is_outgrown(self, stored: str) -> bool:
        """Return whether a hash made now would be harder to guess."""
        ...


@dataclass(frozen=True, slots=True)
class _Stored:
    kind: str
    cost: Argon2
    salt: bytes
    digest: bytes


def code_keys(digest: CodeDigest, costs: CodeCosts = CODE_COSTS) -> CodeKeys:
    """Return what follows from the digest of a code. Its salt is public: the digest has a key of its own."""
    made = (costs.short if digest.is_short else costs.full).run(digest.value, _CODE_SALT, 2 * KEY_BYTES)
    return CodeKeys(made[:KEY_BYTES].hex(), made[KEY_BYTES:])


def new_key(cost: Argon2, passphrase: str, salt: bytes) -> PassphraseKey:
    """Return the key of `passphrase` under `salt` (SALT_BYTES bytes)."""
    key = cost.run(passphrase.encode(), salt)
    return PassphraseKey(_written(_CURRENT, cost, salt, _verifier(key)), key)


def key_of(stored: str, passphrase: str) -> bytes | None:
    """Return the key of `passphrase` if `stored` was made of it; None for any other, and for one that is unreadable."""
    parsed = _parsed(stored)
    if parsed is None:
        return None
    key = parsed.cost.run(passphrase.encode(), parsed.salt)
    return key if hmac.compare_digest(_verifier(key), parsed.digest) else None


def is_key_of(stored: str, key: bytes) -> bool:
    """Return whether `key` proves that the passphrase of `stored` was given: cheap, for a key is no passphrase.

    The key of an upgraded hash proves nothing: it is in old backups.
    """
    parsed = _parsed(stored)
    return parsed is not None and parsed.kind == _CURRENT and hmac.compare_digest(_verifier(key), parsed.digest)


def is_outgrown(cost: Argon2, stored: str) -> bool:
    """Return whether `cost` is higher in memory or passes than that of `stored`, or its key is in old backups."""
    parsed = _parsed(stored)
    if parsed is None:
        return False
    return parsed.kind != _CURRENT or parsed.cost.memory_kib < cost.memory_kib or parsed.cost.passes < cost.passes


def rest_of_work(cost: Argon2, stored: str) -> Argon2 | None:
    """Return a run that takes as long as `cost` takes longer than `stored`; None when it takes no longer.

    The work of argon2id is its memory times its passes, near enough.
    """
    parsed = _parsed(stored)
    if parsed is None:
        return cost
    memory_kib = cost.memory_kib - parsed.cost.memory_kib * parsed.cost.passes // cost.passes
    return Argon2(memory_kib, cost.passes, cost.lanes) if memory_kib >= _LEAST_KIB_A_LANE * cost.lanes else None


def upgraded_key(stored: str) -> PassphraseKey | None:
    """Return the key of a hash of data format 1, which was stored itself; None for any other."""
    parsed = _parsed(stored)
    if parsed is None or parsed.kind != "argon2id":
        return None
    return PassphraseKey(_written(_UPGRADED, parsed.cost, parsed.salt, _verifier(parsed.digest)), parsed.digest)


def derived(key: bytes, purpose: str, length: int = 32) -> bytes:
    """Derive `length` bytes from `key` (32 random bytes) for `purpose` alone: HKDF-Expand (RFC 5869 §2.3)."""
    return HKDFExpand(SHA256(), length, f"portal {purpose}".encode()).derive(key)


def _verifier(key: bytes) -> bytes:
    return derived(key, "verifier")


def _written(kind: str, cost: Argon2, salt: bytes, digest: bytes) -> str:
    parameters = f"m={cost.memory_kib},t={cost.passes},p={cost.lanes}"
    return f"${kind}$v=19${parameters}${_text(salt)}${_text(digest)}"


def _parsed(stored: str) -> _Stored | None:
    found = _STORED.fullmatch(stored)
    if found is None:
        return None
    try:
        salt, digest = _bytes(found["salt"]), _bytes(found["digest"])
    except binascii.Error:
        return None
    return _Stored(found["kind"], Argon2(*(int(found[name]) for name in ("memory", "passes", "lanes"))), salt, digest)


def _text(content: bytes) -> str:
    return b64encode(content).decode("ascii").rstrip("=")


def _bytes(text: str) -> bytes:
    return b64decode(text + "=" * (-len(text) % 4), validate=True)
