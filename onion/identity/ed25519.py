"""Ed25519 (RFC 8032, §5.1) with the secret key in the form in which an onion has it, in exact and slow Python.

It signs an address card and checks one, in a command that somebody types, and tells the address of a key before a Tor
of our own starts: never at a request. Its time depends on the secret, as Python's numbers do: nobody may be able to
measure it, and nobody can who does not have the machine already.
"""

import hashlib
from typing import Final

KEY_BYTES: Final = 32
SIGNATURE_BYTES: Final = 64

_P: Final = 2**255 - 19
_ORDER: Final = 2**252 + 27742317777372353535851937790883648493
_D: Final = -121665 * pow(121666, -1, _P) % _P
_ROOT_OF_MINUS_ONE: Final = pow(2, (_P - 1) // 4, _P)

_Point = tuple[int, int, int, int]
"""X, Y, Z, T: x = X/Z, y = Y/Z, x·y = T/Z (§5.1.4)."""


def public_key(secret: bytes) -> bytes:
    """The 32 bytes of the public key of `secret`, 64 bytes: a clamped scalar, then a prefix (§5.1.5)."""
    return _encoded(_times(_scalar(secret), _BASE))


def signature(secret: bytes, message: bytes) -> bytes:
    """The 64 bytes of the signature of `message` (§5.1.6)."""
    scalar, public = _scalar(secret), public_key(secret)
    nonce = _hashed(secret[KEY_BYTES:], message)
    commitment = _encoded(_times(nonce, _BASE))
    response = (nonce + _hashed(commitment, public, message) * scalar) % _ORDER
    return commitment + response.to_bytes(KEY_BYTES, "little")


def is_signed(public: bytes, message: bytes, signed: bytes) -> bool:
    """Whether `signed` is a signature of `message` by the owner of `public` (§5.1.7, without the cofactor)."""
    key = _decoded(public)
    response = int.from_bytes(signed[KEY_BYTES:], "little")
    if key is None or len(signed) != SIGNATURE_BYTES or response >= _ORDER:
        return False
    challenge = _hashed(signed[:KEY_BYTES], public, message)
    left = _sum(_times(response, _BASE), _times(_ORDER - challenge, key))
    return _encoded(left) == signed[:KEY_BYTES]


def _scalar(secret: bytes) -> int:
    return int.from_bytes(secret[:KEY_BYTES], "little")


def _hashed(*parts: bytes) -> int:
    return int.from_bytes(hashlib.sha512(b"".join(parts)).digest(), "little") % _ORDER


def _sum(one: _Point, two: _Point) -> _Point:
    """The sum of two points, equal ones too (§5.1.4)."""
    a = (one[1] - one[0]) * (two[1] - two[0])
    b = (one[1] + one[0]) * (two[1] + two[0])
    c = 2 * one[3] * two[3] * _D
    d = 2 * one[2] * two[2]
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _times(number: int, point: _Point) -> _Point:
    made: _Point = (0, 1, 1, 0)
    while number:
        if number & 1:
            made = _sum(made, point)
        point = _sum(point, point)
        number >>= 1
    return made


def _encoded(point: _Point) -> bytes:
    """A point in 32 bytes (§5.1.2)."""
    inverse = pow(point[2], -1, _P)
    x, y = point[0] * inverse % _P, point[1] * inverse % _P
    return (y | (x & 1) << 255).to_bytes(KEY_BYTES, "little")


def _decoded(encoded: bytes) -> _Point | None:
    """The point in 32 bytes, None where they are none (§5.1.3)."""
    number = int.from_bytes(encoded, "little")
    y, sign = number & (1 << 255) - 1, number >> 255
    if len(encoded) != KEY_BYTES or y >= _P:
        return None
    square = (y * y - 1) * pow(_D * y * y + 1, -1, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    if (x * x - square) % _P:
        x = x * _ROOT_OF_MINUS_ONE % _P
    if (x * x - square) % _P or (x == 0 and sign):
        return None
    x = _P - x if x & 1 != sign else x
    return x, y, 1, x * y % _P


def _base() -> _Point:
    """The point that all others are counted by (§5.1): y is 4/5, x even."""
    base = _decoded((4 * pow(5, -1, _P) % _P).to_bytes(KEY_BYTES, "little"))
    assert base is not None  # noqa: S101 - a fact of the curve
    return base


_BASE: Final = _base()
