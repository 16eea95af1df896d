"""The line by which Tor tells a circuit: taken as Tor writes it, in whatever parts it comes, and nothing else."""

from typing import Final

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from portal.server.circuit_connection import LINE_BYTES, NoProxyLine, circuit_of

numbers = st.integers(0, 2**32 - 1)
ports = st.integers(0, 65_535)


def line_of(number: int, to: int = 80) -> bytes:
    """Write the line as Tor does (`export_hs_client_circuit_id` in connection_edge.c): ports as numbers, `%x:%x`."""
    group = f"{number >> 16:x}:{number & 0xFFFF:x}"
    return f"PROXY TCP6 fc00:dead:beef:4dad::{group} ::1 {number & 0xFFFF} {to}\r\n".encode()


def test_example_of_the_manual_is_taken() -> None:
    assert circuit_of(b"PROXY TCP6 fc00:dead:beef:4dad::ffff:ffff ::1 65535 42\r\n") == (4_294_967_295, b"")


def test_example_of_tors_own_tests_is_taken() -> None:
    assert circuit_of(b"PROXY TCP6 fc00:dead:beef:4dad::0:29a ::1 666 42\r\n") == (666, b"")


@given(numbers, ports, st.binary(max_size=200))
def test_number_is_read_and_what_follows_is_left(number: int, to: int, rest: bytes) -> None:
    assert circuit_of(line_of(number, to) + rest) == (number, rest)


@given(numbers, st.data())
def test_line_that_has_not_come_whole_is_awaited(number: int, data: st.DataObject) -> None:
    line = line_of(number)
    assert circuit_of(line[: data.draw(st.integers(0, len(line) - 1))]) is None


@given(numbers)
def test_no_line_of_tor_is_longer_than_the_protocol_allows(number: int) -> None:
    assert len(line_of(number, 65_535)) <= LINE_BYTES


@given(st.binary(max_size=300))
@example(b"PROXY")
@example(b"PROXY TCP6 fc00:dead:beef:4dad::1:1")
def test_whatever_comes_is_a_line_or_awaited_or_refused(received: bytes) -> None:
    try:
        found = circuit_of(received)
    except NoProxyLine:
        return
    assert found is None or received.removesuffix(found[1]).endswith(b"\r\n")
    assert found is not None or len(received) < LINE_BYTES


@given(numbers, st.data())
def test_line_with_one_other_sign_is_no_line_or_another_one(number: int, data: st.DataObject) -> None:
    line = bytearray(line_of(number))
    place = data.draw(st.integers(0, len(line) - 1))
    line[place] = data.draw(st.integers(0, 255).filter(lambda sign: sign != line[place]))
    try:
        found = circuit_of(bytes(line))
    except NoProxyLine:
        return
    assert found is None or chr(line[place]) in "0123456789abcdef"


REFUSED: Final = {
    "a request": b"GET /fr/ HTTP/1.1\r\n",
    "the beginning of a request": b"G",
    "an empty line": b"\r\n",
    "an unknown connection": b"PROXY UNKNOWN\r\n",
    "an address of version 4": b"PROXY TCP4 127.0.0.1 127.0.0.1 1 80\r\n",
    "version 2 of the protocol": b"\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c",
    "another network": b"PROXY TCP6 fc00:dead:beef:4dae::1:1 ::1 1 80\r\n",
    "capitals": b"PROXY TCP6 FC00:DEAD:BEEF:4DAD::1:1 ::1 1 80\r\n",
    "a number in capitals": b"PROXY TCP6 fc00:dead:beef:4dad::A:1 ::1 1 80\r\n",
    "zeros before a group": b"PROXY TCP6 fc00:dead:beef:4dad::0001:1 ::1 1 80\r\n",
    "one group": b"PROXY TCP6 fc00:dead:beef:4dad::1 ::1 1 80\r\n",
    "a group too long": b"PROXY TCP6 fc00:dead:beef:4dad::1ffff:1 ::1 1 80\r\n",
    "another target": b"PROXY TCP6 fc00:dead:beef:4dad::1:1 ::2 1 80\r\n",
    "a port too high": b"PROXY TCP6 fc00:dead:beef:4dad::1:1 ::1 65536 80\r\n",
    "zeros before a port": b"PROXY TCP6 fc00:dead:beef:4dad::1:1 ::1 01 80\r\n",
    "a port below zero": b"PROXY TCP6 fc00:dead:beef:4dad::1:1 ::1 -1 80\r\n",
    "no ports": b"PROXY TCP6 fc00:dead:beef:4dad::1:1 ::1\r\n",
    "two blanks": b"PROXY TCP6  fc00:dead:beef:4dad::1:1 ::1 1 80\r\n",
    "a blank at the end": b"PROXY TCP6 fc00:dead:beef:4dad::1:1 ::1 1 80 \r\n",
    "a line feed alone": b"PROXY TCP6 fc00:dead:beef:4dad::1:1 ::1 1 80\n".ljust(LINE_BYTES, b" "),
    "a line without an end": b"PROXY TCP6 fc00:dead:beef:4dad::1:1 ::1 1 80".ljust(LINE_BYTES, b"0"),
}


@pytest.mark.parametrize("received", REFUSED.values(), ids=REFUSED.keys())
def test_anything_else_is_refused(received: bytes) -> None:
    with pytest.raises(NoProxyLine):
        circuit_of(received)
