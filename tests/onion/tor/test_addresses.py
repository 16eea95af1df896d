"""Addresses of a Tor's control and SOCKS ports, as settings write them."""

import re
import socket
from pathlib import Path

import pytest

from onion.tor.addresses import TorAddress, first_open, tor_address

READ = {
    "nothing": ("", None),
    "spaces alone": ("  ", None),
    "a path": ("/run/tor/control", TorAddress(Path("/run/tor/control"))),
    "a path as a torrc writes it": ("unix:/run/tor/control", TorAddress(Path("/run/tor/control"))),
    "a path with a space": ("/mon tor/control", TorAddress(Path("/mon tor/control"))),
    "a port": ("9051", TorAddress(port=9051)),
    "an address and a port": ("127.0.0.1:9051", TorAddress(host="127.0.0.1", port=9051)),
    "a name and a port": ("tor-1:9051", TorAddress(host="tor-1", port=9051)),
    "an IPv6 address and a port": ("[::1]:9051", TorAddress(host="::1", port=9051)),
}


@pytest.mark.parametrize(("text", "address"), READ.values(), ids=READ.keys())
def test_tor_address_is_read_from(text: str, address: TorAddress | None) -> None:
    assert tor_address(text) == address


@pytest.mark.parametrize("text", ["/run/tor/control", "127.0.0.1:9051", "[::1]:9051"])
def test_tor_address_is_written_as_it_is_read(text: str) -> None:
    assert str(tor_address(text)) == text


UNFIT = {
    "a relative path": "tor/control",
    "a port of nothing": ":9051",
    "an address without a port": "127.0.0.1",
    "port 0": "0",
    "a port beyond the last": "65536",
    "a URL": "http://127.0.0.1:9051",
    "an IPv6 address without brackets": "::1:9051",
}


@pytest.mark.parametrize("text", UNFIT.values(), ids=UNFIT.keys())
def test_tor_address_is_refused_for(text: str) -> None:
    with pytest.raises(ValueError, match=f"^no address of a Tor: {re.escape(text)}$"):
        tor_address(text)


def test_first_address_that_is_open_is_found(tmp_path: Path) -> None:
    gone, path = TorAddress(tmp_path / "gone"), TorAddress(tmp_path / "socket")
    with socket.create_server(("127.0.0.1", 0)) as sock, socket.socket(socket.AF_UNIX) as at_path:
        port = TorAddress(port=sock.getsockname()[1])
        at_path.bind(str(path.path))
        at_path.listen()
        assert first_open([gone, port, path]) == port
        assert first_open([gone, path, port]) == path
    assert first_open([gone, port, path]) is None
    assert first_open([]) is None
