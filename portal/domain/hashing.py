"""argon2id (RFC 9106) of passphrases: the parameters, the port that the portal waits on, and the two operations."""

from typing import Final, Protocol

from argon2 import PasswordHasher, Type, extract_parameters
from argon2.exceptions import InvalidHashError, VerificationError

from portal.domain.limits import ARGON2_LANES, ARGON2_MEMORY_KIB, ARGON2_PASSES

_LEAST_KIB_A_LANE: Final = 8
"""Less memory argon2 does not take (RFC 9106, clause 3.1)."""


class Hasher(Protocol):
    """Hashes without holding up anybody else. Both raise `BusyError` when too many are waiting."""

    async def hash(self, passphrase: str) -> str:
        """The argon2id string of `passphrase`, with a salt of its own."""
        ...

    async def verify(self, passphrase_hash: str | None, passphrase: str) -> bool:
        """Whether `passphrase` made `passphrase_hash`. With None the same work is done and the answer is False."""
        ...

    def is_outgrown(self, passphrase_hash: str) -> bool:
        """Whether a hash made now would cost whoever guesses more."""
        ...


def argon2id(
    memory_kib: int = ARGON2_MEMORY_KIB, passes: int = ARGON2_PASSES, lanes: int = ARGON2_LANES
) -> PasswordHasher:
    """The hasher of the given cost: memory in KiB, number of passes, number of lanes."""
    return PasswordHasher(time_cost=passes, memory_cost=memory_kib, parallelism=lanes, type=Type.ID)


def matches(hasher: PasswordHasher, passphrase_hash: str, passphrase: str) -> bool:
    """Whether `passphrase` made `passphrase_hash`; a hash that cannot be read matches nothing."""
    try:
        return hasher.verify(passphrase_hash, passphrase)
    except (VerificationError, InvalidHashError):
        return False


def is_outgrown(hasher: PasswordHasher, passphrase_hash: str) -> bool:
    """Whether `hasher` takes more memory or more passes than what made `passphrase_hash`, which it has verified."""
    made = extract_parameters(passphrase_hash)
    return made.memory_cost < hasher.memory_cost or made.time_cost < hasher.time_cost


def rest_of_work(hasher: PasswordHasher, passphrase_hash: str) -> PasswordHasher | None:
    """What takes as long as `hasher` takes longer than what made `passphrase_hash`; None when it takes no longer.

    The work of argon2id is its memory times its passes, near enough.
    """
    try:
        made = extract_parameters(passphrase_hash)
    except InvalidHashError:
        return hasher
    passes, lanes = hasher.time_cost, hasher.parallelism
    memory_kib = hasher.memory_cost - made.memory_cost * made.time_cost // passes
    return argon2id(memory_kib, passes, lanes) if memory_kib >= _LEAST_KIB_A_LANE * lanes else None
