"""The organisers' own onion beside the portal: it follows the keys in the store, and tells how it stands."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Final

import pytest

from onion.tor.addresses import TorAddress
from onion.tor.state import OnionPhase, OnionState
from portal.domain.errors import StorageError
from portal.domain.organisers.organiser import Organiser
from portal.settings import Settings
from portal.storage.embedded.store import EmbeddedStore
from portal.tor import organisers_onion
from portal.tor.organisers_onion import OrganisersOnion, recorded_onion_host
from tests.factories.portal import Clock, first_edition
from tests.fakes.memory_store import memory_files
from tests.waiting import PATIENCE, until

pytestmark = pytest.mark.anyio

HOST: Final = "b" * 56 + ".onion"
KEY: Final = "K" * 52


class Heard(list[str]):
    """Messages of the terminal."""

    def __call__(self, message: str, details: Mapping[str, object]) -> None:
        self.append(message % details)


class FailingStore(EmbeddedStore):
    """A store that counts its reads, and whose disk fails when a test wants it to."""

    is_failing = False
    reads = 0

    async def onion_keys(self, now: datetime) -> tuple[str, ...]:
        self.reads += 1
        if self.is_failing:
            raise StorageError
        return await super().onion_keys(now)

    async def read_twice(self) -> None:
        """Return once a read that began after this call has had its effect: the next one has begun."""
        enough = self.reads + 2
        await until(lambda: self.reads >= enough)


@asynccontextmanager
async def with_louise() -> AsyncIterator[FailingStore]:
    """Build a store with an organiser who has a key."""
    store = FailingStore(*memory_files())
    await store.open()
    await first_edition(store)
    for name in ("Louise", "Sacha"):
        await store.add_organiser(Organiser(name, ""))
    await store.set_onion_key("Louise", KEY)
    yield store
    await store.close()


def made(store: FailingStore, heard: Heard, folder: Path) -> OrganisersOnion:
    """Build an onion for which there is no Tor."""
    settings = Settings(data=folder, organisers_onion=True, tor_control=TorAddress(folder / "no-tor"))
    return OrganisersOnion(settings, store, heard, Clock())


async def test_service_is_published_anew_when_the_keys_change_and_only_then(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(organisers_onion, "LOOK_SECONDS", 0.01)
    async with with_louise() as store:
        onion, renewals = made(store, Heard(), tmp_path), list[tuple[str, ...]]()
        monkeypatch.setattr(onion.service, "renew", lambda: renewals.append(onion.keys))
        running = asyncio.create_task(onion.run())
        await store.read_twice()
        assert (onion.keys, renewals) == ((KEY,), [])
        store.is_failing = True
        await store.read_twice()
        assert (onion.keys, renewals) == ((KEY,), [])
        store.is_failing = False
        await store.set_onion_key("Sacha", "S" * 52)
        await store.read_twice()
        await store.remove_organiser("Louise", by="Sacha")
        await store.read_twice()
        assert renewals == [(KEY, "S" * 52), ("S" * 52,)]
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def test_onion_that_is_not_wanted_does_nothing(tmp_path: Path) -> None:
    async with with_louise() as store:
        onion = OrganisersOnion(Settings(data=tmp_path), store, Heard(), Clock())
        await asyncio.wait_for(onion.run(), PATIENCE)
        assert (onion.is_wanted, onion.address, onion.keys) == (False, None, ())


async def test_terminal_hears_once_how_it_stands(tmp_path: Path) -> None:
    heard = Heard()
    async with with_louise() as store:
        onion = made(store, heard, tmp_path)
        for phase, text in (
            (OnionPhase.CONNECTING, "Looking."),
            (OnionPhase.UNREACHABLE, "No Tor."),
            (OnionPhase.HEALING, "Looking again."),
            (OnionPhase.UNREACHABLE, "No Tor."),
            (OnionPhase.REACHABLE, "Reachable."),
            (OnionPhase.REACHABLE, "Reachable."),
        ):
            onion.service.state = OnionState(phase, HOST, text)
            onion.report(onion.service.state)
    own = "The organisers' own onion"
    assert heard == [f"{own}:", "No Tor.", f"{own} is reachable, with a key: http://{HOST}"]


SETTINGS: Final[dict[str, tuple[Settings, str, str]]] = {
    "by itself": (Settings(data=Path("/srv/data")), "/srv/data/organisers-onion/socket", "None"),
    "a socket that Tor reaches": (
        Settings(organisers_onion_socket="/run/portal/own", tor_control=TorAddress(port=9051)),
        "/run/portal/own",
        "127.0.0.1:9051",
    ),
    "a Tor of the portal's own": (
        Settings(data=Path("/srv/data"), onion="launch"),
        "/srv/data/organisers-onion/socket",
        "/srv/data/tor/control",
    ),
}


@pytest.mark.parametrize(("settings", "socket", "control"), SETTINGS.values(), ids=SETTINGS.keys())
async def test_door_and_tor_are_those_of_the_settings(settings: Settings, socket: str, control: str) -> None:
    async with with_louise() as store:
        onion = OrganisersOnion(settings, store, Heard(), Clock())
        place: TorAddress | None = onion.tor.control
        assert (str(onion.socket), str(place), onion.tor.own) == (socket, control, None)


def test_address_is_known_once_it_was_published(tmp_path: Path) -> None:
    assert recorded_onion_host(tmp_path) == ""
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "organisers-onion.address").write_text(f"{HOST}\n")
    assert recorded_onion_host(tmp_path) == HOST
