"""PROXY line: Tor writes it before the first byte of a connection to an onion service, with the circuit's number.

It is a header of the PROXY protocol, version 1 (§2.1), as Tor writes it for
`HiddenServiceExportCircuitID haproxy` (tor(1)): the 32 bits of the circuit's number end the first address, in two
groups of hexadecimal digits without leading zeros. The rest of the line has no meaning.
"""

import re
from typing import Final

LINE_BYTES: Final = 107
"""The longest line of this protocol, with its line end (§2.1)."""

_START: Final = b"PROXY TCP6 fc00:dead:beef:4dad::"
_END: Final = b"\r\n"
_GROUP: Final = rb"(0|[1-9a-f][0-9a-f]{0,3})"
_PORT: Final = rb"(0|[1-9][0-9]{0,4})"
_LINE: Final = re.compile(_START + _GROUP + b":" + _GROUP + b" ::1 " + _PORT + b" " + _PORT + _END)
_HIGHEST_PORT: Final = 65_535


class NoProxyLine(Exception):
    """A connection begins with something else, of which nothing is passed on."""


def circuit_of(received: bytes) -> tuple[int, bytes] | None:
    """Return the circuit's number, from 0 to 2³² - 1, and the bytes after the line; None while the line is incomplete.

    `received` is all that a connection has sent so far. Raises `NoProxyLine` as soon as it cannot become such a line.
    """
    line, end, rest = received.partition(_END)
    if not end and _may_become_a_line(received):
        return None
    found = _LINE.fullmatch(line + end)
    if found is None or len(line + end) > LINE_BYTES or max(int(found[3]), int(found[4])) > _HIGHEST_PORT:
        raise NoProxyLine
    return int(found[1], 16) << 16 | int(found[2], 16), rest


def _may_become_a_line(received: bytes) -> bool:
    return len(received) < LINE_BYTES and _START.startswith(received[: len(_START)])
