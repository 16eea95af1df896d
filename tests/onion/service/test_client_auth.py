"""Commands by which Tor closes an onion to clients without a key."""

import random
from pathlib import Path
from typing import Final

import pytest

from onion.errors import TorRefused
from onion.service.client_auth import client_auth_spec
from onion.tor.control import Message, TorControl
from onion.tor.spec import OnionSpec
from tests.fakes.watch import DEFENCES

pytestmark = pytest.mark.anyio

HOST: Final = "a" * 56
CIRCUITS: Final = "\n".join(
    (
        f"circuit-status=7 BUILT $A~x PURPOSE=HS_SERVICE_REND HS_STATE=HSSR_JOINED REND_QUERY={HOST}",
        f"8 BUILT $A~x PURPOSE=HS_SERVICE_INTRO HS_STATE=HSSI_ESTABLISHED REND_QUERY={HOST}",
        f"9 BUILT $A~x PURPOSE=HS_SERVICE_REND HS_STATE=HSSR_JOINED REND_QUERY={'b' * 56}",
        "10 BUILT $A~x PURPOSE=GENERAL",
        f"11 BUILT $A~x PURPOSE=HS_SERVICE_REND HS_STATE=HSSR_JOINED REND_QUERY={HOST}",
        "OK",
    )
)


class MadeUpTor(TorControl):
    """A Tor that says what a test wants, and remembers what it was asked."""

    def __init__(self, status: str = "250") -> None:
        self.status = status
        self.commands: list[str] = []

    async def ask(self, command: str) -> Message:
        self.commands.append(command)
        if command.startswith("ONION_CLIENT_AUTH_ADD"):
            return Message(self.status, "as it is")
        return Message("250", CIRCUITS if command == "GETINFO circuit-status" else "OK")


def spec_for(keys: list[str]) -> OnionSpec:
    return client_auth_spec(Path("key"), Path("/socket"), DEFENCES, lambda: keys, random.Random(7))


def test_service_names_our_own_key_and_those_of_the_moment() -> None:
    keys = ["A" * 52]
    spec = spec_for(keys)
    own, *others = spec.arguments()
    assert (spec.flags, others) == (("V3Auth",), [f"ClientAuthV3={'A' * 52}"])
    keys[:] = ["B" * 52, "C" * 52]
    assert list(spec.arguments()) == [own, f"ClientAuthV3={'B' * 52}", f"ClientAuthV3={'C' * 52}"]
    keys.clear()
    assert list(spec.arguments()) == [own]


@pytest.mark.parametrize("status", ["250", "251", "252"])
async def test_tor_gets_our_key_and_closes_the_circuits_of_before(status: str) -> None:
    tor = MadeUpTor(status)
    await spec_for([]).on_published(tor, f"{HOST}.onion")
    added, *others = tor.commands
    assert added.startswith(f"ONION_CLIENT_AUTH_ADD {HOST} x25519:")
    assert others == ["GETINFO circuit-status", "CLOSECIRCUIT 7", "CLOSECIRCUIT 11"]


async def test_tor_that_does_not_take_our_key_is_told_of() -> None:
    with pytest.raises(TorRefused, match="512 as it is"):
        await spec_for([]).on_published(MadeUpTor("512"), f"{HOST}.onion")
