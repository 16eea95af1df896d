"""The portal's side of the onion: what settings mean, what pages may know, what the terminal is told."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from onion.errors import ControlAddressUnfit
from onion.state import OnionPhase, OnionState
from portal.onion_side import OnionSide
from portal.services import OnionView
from portal.settings import Settings

HOST = "a" * 56 + ".onion"
ADDRESS = f"http://{HOST}"


class Heard(list[str]):
    """What the terminal was told."""

    def __call__(self, message: str, details: Mapping[str, object]) -> None:
        self.append(message % details)


def quiet(message: str, details: Mapping[str, object]) -> None:
    raise AssertionError(message % details)


def test_onion_that_is_off_has_no_door_and_no_address() -> None:
    side = OnionSide(Settings(onion="off", onion_address=HOST), quiet)
    assert (side.is_wanted, side.address, side.view()) == (False, None, OnionView("off", None))


def test_address_of_tors_own_configuration_is_taken_as_it_is() -> None:
    side = OnionSide(Settings(onion_address=HOST), quiet)
    assert (side.is_wanted, side.address, side.view()) == (True, ADDRESS, OnionView("published", ADDRESS))


@pytest.mark.anyio
async def test_nothing_is_asked_of_tor_for_an_address_of_its_own_configuration() -> None:
    await OnionSide(Settings(onion_address=HOST), quiet).run()


@pytest.mark.anyio
async def test_account_of_tor_that_this_machine_does_not_have_is_told() -> None:
    heard = Heard()
    await OnionSide(Settings(onion_address=HOST, tor_user="no-such-account"), heard).run()
    assert heard == ["This machine has no account no-such-account, which tor_user names."]


SOCKETS: dict[str, tuple[Settings, Path]] = {
    "in the data folder": (Settings(data=Path("/srv/data")), Path("/srv/data/onion/socket")),
    "where the settings say": (Settings(onion_socket="/run/portal/onion"), Path("/run/portal/onion")),
}


@pytest.mark.parametrize(("settings", "path"), SOCKETS.values(), ids=SOCKETS.keys())
def test_door_of_the_onion_is_a_socket(settings: Settings, path: Path) -> None:
    assert OnionSide(settings, quiet).socket == path


def test_control_place_that_is_none_is_refused() -> None:
    with pytest.raises(ControlAddressUnfit):
        OnionSide(Settings(tor_control="tor.example"), quiet)


def test_pages_know_the_address_only_while_the_onion_is_published() -> None:
    side = OnionSide(Settings(), quiet)
    assert (side.address, side.view()) == (None, OnionView("off", None))
    assert side.service is not None
    for phase, known in {OnionPhase.PUBLISHING: None, OnionPhase.PUBLISHED: ADDRESS, OnionPhase.WAITING: None}.items():
        side.service.state = OnionState(phase, HOST)
        assert (side.address, side.view()) == (ADDRESS, OnionView(phase.value, known))


def test_terminal_is_told_each_change_once() -> None:
    heard = Heard()
    side = OnionSide(Settings(), heard)
    assert side.service is not None
    failed = OnionState(OnionPhase.WAITING, None, "No Tor at %(place)s.", {"place": "9051"})
    published = OnionState(OnionPhase.PUBLISHED, HOST, "Published.")
    for state in (OnionState(OnionPhase.CONNECTING), failed, OnionState(OnionPhase.CONNECTING), failed, published):
        side.service.state = state
        side.hear(state)
    assert heard == ["No Tor at 9051.", "Published.", f"Onion address: {ADDRESS}"]
