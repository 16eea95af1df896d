"""Invitations: codes that let one person register each, when registration is by invitation."""

import random

from portal.domain.ticket_code import new_code


def new_invitations(number: int, chance: random.Random) -> tuple[str, ...]:
    """Return so many codes, no two alike; `chance` must be fit for secrets."""
    codes = dict[str, None]()
    while len(codes) < number:
        codes[new_code(chance)] = None
    return tuple(codes)
