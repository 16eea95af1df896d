"""The guard refuses every torrc that could lead a Tor of the tests to the public network."""

import pytest

from tests.tornet.guard import PublicNetworkError, check_offline, check_private

AUTHORITY = f"DirAuthority auth0 orport=5000 v3ident={'A' * 40} 127.0.0.1:5001 {'B' * 40}\n"
PRIVATE = f"TestingTorNetwork 1\n{AUTHORITY}Address 127.0.0.1\nORPort 127.0.0.1:5000\n"

REFUSED = {
    "it is empty": "",
    "it lacks TestingTorNetwork": AUTHORITY,
    "TestingTorNetwork is a comment": f"# TestingTorNetwork 1\n{AUTHORITY}",
    "TestingTorNetwork is 0": f"TestingTorNetwork 0\n{AUTHORITY}",
    "a second TestingTorNetwork takes the first back": f"{PRIVATE}TestingTorNetwork 0\n",
    "it lacks a DirAuthority": "TestingTorNetwork 1\n",
    "an authority has another address": PRIVATE + AUTHORITY.replace("127.0.0.1", "192.0.2.1"),
    "an authority has a second, IPv6 address": PRIVATE + AUTHORITY.replace("orport", "ipv6=[2001:db8::1]:1 orport"),
    "an authority has a name for an address": PRIVATE + AUTHORITY.replace("127.0.0.1", "tor.example"),
    "Address is another address": f"{PRIVATE}Address 192.0.2.1\n",
    "Address is written in small letters": f"{PRIVATE}address 192.0.2.1\n",
    "Address begins like loopback": f"{PRIVATE}Address 127.0.0.100\n",
    "ORPort listens on every address": f"{PRIVATE}ORPort 5000\n",
    "ORPort listens on another address": f"{PRIVATE}ORPort 0.0.0.0:5000\n",
    "SocksPort listens on another address": f"{PRIVATE}SocksPort 192.0.2.1:9050\n",
    "SocksPort listens on IPv6": f"{PRIVATE}SocksPort [::1]:9050\n",
    "it relays to the outside": f"{PRIVATE}ExitRelay 1\n",
    "it knows a fallback directory": f"{PRIVATE}FallbackDir 127.0.0.1:80 orport=443 id={'C' * 40}\n",
    "it uses a bridge": f"{PRIVATE}UseBridges 1\nBridge 127.0.0.1:443\n",
    "it includes another file": f"{PRIVATE}%include /etc/tor/torrc.d\n",
    "it adds to an option": f"{PRIVATE}+Address 192.0.2.1\n",
    "a path carries a second option": f'{PRIVATE}DataDirectory "/a" Address 192.0.2.1\n',
    "it goes on in the next line": f"{PRIVATE}Address \\\n 192.0.2.1\n",
}


@pytest.mark.parametrize("torrc", REFUSED.values(), ids=REFUSED.keys())
def test_guard_refuses_a_torrc_when(torrc: str) -> None:
    with pytest.raises(PublicNetworkError):
        check_private(torrc)


def test_guard_lets_a_private_network_through() -> None:
    check_private(PRIVATE)


NOT_OFFLINE = {
    "it is empty": "",
    "DisableNetwork is 0": "DisableNetwork 0\n",
    "DisableNetwork is a comment": "# DisableNetwork 1\n",
    "a second DisableNetwork takes the first back": "DisableNetwork 1\nDisableNetwork 0\n",
    "it holds an option that is not of the tests": "DisableNetwork 1\nHTTPTunnelPort 1\n",
}


@pytest.mark.parametrize("torrc", NOT_OFFLINE.values(), ids=NOT_OFFLINE.keys())
def test_guard_refuses_a_tor_without_network_when(torrc: str) -> None:
    with pytest.raises(PublicNetworkError):
        check_offline(torrc)


def test_guard_lets_a_tor_without_network_through() -> None:
    check_offline("DisableNetwork 1\nSocksPort 0\n")
