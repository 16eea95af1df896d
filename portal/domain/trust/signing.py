"""Key holders of the editions, and what is pending for their signatures."""

import re
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Holder:
    """A key holder: their `name`, the `id` of their key (64 hexadecimal digits)."""

    name: str
    id: str


@dataclass(frozen=True, slots=True)
class Pending:
    """Metadata with too few signatures: number of the `edition`, None for a change of the keys alone."""

    edition: int | None
    signed_by: tuple[str, ...]
    needed: int


@dataclass(frozen=True, slots=True)
class Signing:
    """`edition` is the newest one that is signed (0: none), by `needed` of `holders`.

    `keys` is pending where the list of holders is to change, `next` where an edition is. `fingerprint` is that of the
    newest root of trust, 64 hexadecimal digits.
    """

    edition: int
    holders: tuple[Holder, ...]
    needed: int
    fingerprint: str
    keys: Pending | None = None
    next: Pending | None = None


_GROUP: Final = 8


def in_groups(fingerprint: str) -> str:
    """Return a fingerprint as people read it aloud: eight groups of eight."""
    return " ".join(fingerprint[start : start + _GROUP] for start in range(0, len(fingerprint), _GROUP))


def read_fingerprint(typed: str) -> str | None:
    """Return the fingerprint that was `typed`, with or without spaces; None where it is none."""
    plain = re.sub(r"\s", "", typed).lower()
    return plain if re.fullmatch(r"[0-9a-f]{64}", plain) else None
