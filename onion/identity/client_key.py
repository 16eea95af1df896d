"""The keys that an onion asks of its visitors: X25519 (RFC 7748) for the client authorisation of v3 onions.

Whoever has no key of those that the service names cannot even find out where it is (rend-spec-v3, appendix G).
"""

import base64
import random
from dataclasses import dataclass, field
from typing import Final

KEY_BYTES: Final = 32

_PRIME: Final = 2**255 - 19
_A24: Final = 121_665
_BASE_POINT: Final = (9).to_bytes(KEY_BYTES, "little")


@dataclass(frozen=True, slots=True)
class ClientKey:
    """The `secret` of a visitor, 32 bytes; its repr does not show it."""

    secret: bytes = field(repr=False)

    @property
    def private(self) -> str:
        """The secret as Tor Browser asks for it: base32 (RFC 4648 §6) without padding, 52 signs."""
        return _base32(self.secret)

    @property
    def private_for_tor(self) -> str:
        """The secret as ONION_CLIENT_AUTH_ADD takes it (control-spec §3.30)."""
        return f"x25519:{base64.b64encode(self.secret).decode()}"

    @property
    def public(self) -> str:
        """What the service knows of it, as ClientAuthV3 takes it (control-spec §3.27): base32, 52 signs."""
        return _base32(x25519(self.secret, _BASE_POINT))


def new_client_key(rng: random.Random) -> ClientKey:
    """A key nobody else has, if `rng` is fit for secrets."""
    return ClientKey(rng.randbytes(KEY_BYTES))


def x25519(scalar: bytes, point: bytes) -> bytes:
    """The function X25519 of RFC 7748 §5: Montgomery's ladder on Curve25519, on 32 bytes each.

    Its time depends on the scalar: it is for keys made here, where nobody measures, and for no message.
    """
    k = int.from_bytes(scalar, "little") & ~7 & (1 << 254) - 1 | 1 << 254
    x1 = int.from_bytes(point, "little") & (1 << 255) - 1
    x2, z2, x3, z3, swapped = 1, 0, x1, 1, 0
    for place in reversed(range(255)):
        bit = k >> place & 1
        if bit != swapped:
            x2, z2, x3, z3 = x3, z3, x2, z2
        swapped = bit
        a, b, c, d = x2 + z2, x2 - z2, x3 + z3, x3 - z3
        aa, bb, da, cb = a * a, b * b, d * a, c * b
        e = aa - bb
        x3, z3 = (da + cb) ** 2 % _PRIME, x1 * (da - cb) ** 2 % _PRIME
        x2, z2 = aa * bb % _PRIME, e * (aa + _A24 * e) % _PRIME
    if swapped:
        x2, z2 = x3, z3
    return (x2 * pow(z2, _PRIME - 2, _PRIME) % _PRIME).to_bytes(KEY_BYTES, "little")


def _base32(key: bytes) -> str:
    return base64.b32encode(key).decode().rstrip("=")
