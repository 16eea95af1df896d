"""The fingerprint of a root of trust, 64 hexadecimal digits, as people read it, type it and compare it."""

import re
from typing import Final

_GROUP: Final = 8


def in_groups(fingerprint: str) -> str:
    """A fingerprint as people read it aloud: eight groups of eight."""
    return " ".join(fingerprint[start : start + _GROUP] for start in range(0, len(fingerprint), _GROUP))


def read_fingerprint(typed: str) -> str | None:
    """The fingerprint that somebody typed, with or without blanks; None when it is none."""
    plain = re.sub(r"\s", "", typed).lower()
    return plain if re.fullmatch(r"[0-9a-f]{64}", plain) else None
