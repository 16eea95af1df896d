"""The guard of the tests' Tor: nothing starts that could speak to the public network."""

import re
from typing import Final

LOOPBACK_PORT: Final = r"127\.0\.0\.1:\d+"
NUMBER: Final = r"\d+"
PATH: Final = r"/[^\s\"\\#]*"
QUOTED_PATH: Final = r"\"/[^\"\\#]*\""
FLAG: Final = r"[01]"
AUTHORITY: Final = rf"\w+ orport=\d+ v3ident=[0-9A-F]{{40}} {LOOPBACK_PORT} [0-9A-F]{{40}}"

# Every option that a torrc of the tests may hold, in lower case, with the whole of the value that it may have.
ALLOWED: Final = {
    "testingtornetwork": "1",
    "dirauthority": AUTHORITY,
    "address": r"127\.0\.0\.1",
    "orport": LOOPBACK_PORT,
    "dirport": LOOPBACK_PORT,
    "socksport": rf"0|{LOOPBACK_PORT}|unix:{PATH}|unix:{QUOTED_PATH}",
    "controlport": rf"0|{LOOPBACK_PORT}",
    "controlsocket": rf"{PATH}|unix:{QUOTED_PATH}",
    "hashedcontrolpassword": r"16:[0-9A-F]{58}",
    "cookieauthentication": FLAG,
    "cookieauthfile": rf"{PATH}|{QUOTED_PATH}",
    "datadirectory": rf"{PATH}|{QUOTED_PATH}",
    "nickname": r"\w+",
    "contactinfo": r"[\w ]+",
    "pidfile": PATH,
    "log": r"(notice|info) (stdout|stderr)",
    "disablenetwork": FLAG,
    "assumereachable": FLAG,
    "exitrelay": "0",
    "pathsneededtobuildcircuits": r"0\.\d+",
    "authoritativedirectory": FLAG,
    "v3authoritativedirectory": FLAG,
    "v3authvotinginterval": NUMBER,
    "v3authvotedelay": NUMBER,
    "v3authdistdelay": NUMBER,
    "v3authnintervalsvalid": NUMBER,
    "testingv3authinitialvotinginterval": NUMBER,
    "testingv3authinitialvotedelay": NUMBER,
    "testingv3authinitialdistdelay": NUMBER,
    "testingdirauthvoteexit": r"\*",
    "testingdirauthvotehsdir": r"\*",
    "testingdirauthvoteguard": r"\*",
    "testingminexitflagthreshold": "0",
    "hiddenservicedir": rf"{PATH}|{QUOTED_PATH}",
    "hiddenserviceexportcircuitid": "haproxy",
    "hiddenserviceport": rf"80 unix:{PATH}",
    "hiddenserviceversion": "3",
    "hiddenservicemaxstreams": NUMBER,
    "hiddenservicemaxstreamsclosecircuit": FLAG,
    "hiddenservicepowdefensesenabled": FLAG,
    "hiddenservicepowqueuerate": NUMBER,
    "hiddenservicepowqueueburst": NUMBER,
    "hiddenserviceenableintrodosdefense": FLAG,
    "hiddenserviceenableintrodosratepersec": NUMBER,
    "hiddenserviceenableintrodosburstpersec": NUMBER,
    "hiddenservicesinglehopmode": FLAG,
    "hiddenservicenonanonymousmode": FLAG,
    "shutdownwaitlength": NUMBER,
    "__owningcontrollerprocess": NUMBER,
    "__reloadtorrconsighup": "0",
}


class PublicNetworkError(AssertionError):
    """The torrc could lead a Tor of the tests to a machine other than this one."""


def options(torrc: str) -> list[tuple[str, str]]:
    """Parse the options of `torrc`: name in lower case and value, without comments. One line holds one option."""
    lines = (line.strip() for line in torrc.splitlines())
    pairs = (line.partition(" ") for line in lines if line and not line.startswith("#"))
    return [(name.lower(), value.strip()) for name, _, value in pairs]


def check_private(torrc: str) -> None:
    """Raise `PublicNetworkError` unless a Tor with `torrc` can speak to the private network on loopback alone."""
    check_known(torrc)
    names = {name for name, _ in options(torrc)}
    for needed in ("TestingTorNetwork", "DirAuthority"):
        if needed.lower() not in names:
            raise PublicNetworkError(f"no {needed} line")


def check_offline(torrc: str) -> None:
    """Raise `PublicNetworkError` unless a Tor with `torrc` stays without any network."""
    check_known(torrc)
    if [value for name, value in options(torrc) if name == "disablenetwork"] != ["1"]:
        raise PublicNetworkError("not exactly one line DisableNetwork 1")


def check_known(torrc: str) -> None:
    """Raise `PublicNetworkError` at an option or a value that the tests have no use for."""
    for name, value in options(torrc):
        if name not in ALLOWED:
            raise PublicNetworkError(f"{name} is no option of the tests")
        if not re.fullmatch(ALLOWED[name], value):
            raise PublicNetworkError(f"{name} may not be {value!r} in the tests")
