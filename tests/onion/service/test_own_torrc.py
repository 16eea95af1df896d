"""A service in the torrc of a Tor of our own, here without any network: its key, its address, its lines."""

import os
import random
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import pytest

from onion.errors import AddressChanged, KeyUnreadable, SocketUnfit, TorToStartAgain
from onion.identity.key import load_or_create_key, read_secret
from onion.service.own_torrc import TorrcMethod
from onion.tor.control import TorControl, tor_control
from onion.tor.launch import OwnTor
from onion.tor.method import PublicationMethod, Published
from onion.tor.publishing import AddOnionMethod
from onion.tor.spec import OnionSpec
from onion.tor.state import OnionPhase
from onion.tor.torrc import EXPORT_CIRCUITS, service_lines
from tests.fakes.watch import DEFENCES, Watched
from tests.programs import require
from tests.tornet.guard import check_offline

pytestmark = pytest.mark.anyio

OFFLINE: Final = ("DisableNetwork 1",)
CHANCE: Final = random.Random(1)


@pytest.fixture
def spec(tmp_path: Path) -> OnionSpec:
    return OnionSpec(tmp_path / "keys" / "onion", tmp_path / "socket", DEFENCES)


@pytest.fixture
def own(tmp_path: Path) -> OwnTor:
    return OwnTor(tmp_path / "mon élan" / "tor", OFFLINE)


@asynccontextmanager
async def published(
    own: OwnTor, spec: OnionSpec, method: PublicationMethod
) -> AsyncIterator[tuple[TorControl, Published]]:
    """Publish the service of `spec` by this `method` with `own`, which stays without network and ends on leaving."""
    require("tor")
    key = load_or_create_key(spec.key_file, CHANCE)
    lines = await method.torrc_lines(spec, key)
    check_offline("\n".join(own.torrc_lines(lines)))
    await own.start(lines)
    try:
        async with tor_control([own.address], "") as control:
            yield control, await method.publish(control, spec, key)
    finally:
        await own.stop()


async def addresses(own: OwnTor, spec: OnionSpec, method: PublicationMethod) -> tuple[str, str]:
    """Return the address that the method reports, and the address that Tor wrote, if it did."""
    name = own.service_folder / "hostname"
    async with published(own, spec, method) as (_, service):
        return service.address, name.read_text().strip() if method != AddOnionMethod() else service.address


async def test_address_is_the_same_in_both_ways_and_back(own: OwnTor, spec: OnionSpec) -> None:
    methods: tuple[PublicationMethod, ...] = (
        AddOnionMethod(),
        TorrcMethod(own.service_folder),
        AddOnionMethod(),
        TorrcMethod(own.service_folder),
    )
    found = [address for method in methods for address in await addresses(own, spec, method)]
    assert (len(found), len(set(found))) == (8, 1)
    assert Path(f"{spec.key_file}.address").read_text() == f"{found[0]}\n"


async def test_address_in_the_torrc_comes_first_and_stays_by_command(own: OwnTor, spec: OnionSpec) -> None:
    first = await addresses(own, spec, TorrcMethod(own.service_folder))
    assert await addresses(own, spec, AddOnionMethod()) == first


async def test_tor_has_the_service_with_our_lines_from_its_start(own: OwnTor, spec: OnionSpec) -> None:
    async with published(own, spec, TorrcMethod(own.service_folder)) as (control, service):
        assert service.warnings == ()
        first, *lines = (await control.ask("GETCONF HiddenServiceOptions")).text.replace("=", " ").splitlines()
        assert (await control.ask("GETINFO onions/current")).text == "onions/current=\nOK"
    assert (first.startswith("HiddenServiceDir "), first.endswith('/tor/service"')) == (True, True)
    assert lines == [*service_lines(spec.socket_path, DEFENCES), EXPORT_CIRCUITS]


async def test_key_in_the_service_is_ours_alone_and_that_of_the_file(own: OwnTor, spec: OnionSpec) -> None:
    before = os.umask(0)
    try:
        async with published(own, spec, TorrcMethod(own.service_folder)):
            pass
    finally:
        os.umask(before)
    file = own.service_folder / "hs_ed25519_secret_key"
    assert read_secret(file) == read_secret(spec.key_file)
    assert [path.stat().st_mode & 0o777 for path in (own.service_folder.parent, own.service_folder, file)] == [
        0o700,
        0o700,
        0o600,
    ]
    assert [path.name for path in own.service_folder.iterdir() if path.name.startswith(".")] == []


async def test_secret_is_in_no_line_of_torrc_or_log(own: OwnTor, spec: OnionSpec) -> None:
    async with published(own, spec, TorrcMethod(own.service_folder)):
        pass
    encoded = spec.key_file.read_text().strip().partition(":")[2]
    texts = [(own.service_folder.parent / name).read_text() for name in ("torrc", "log")]
    assert [(encoded in text, read_secret(spec.key_file).hex() in text.lower()) for text in texts] == [
        (False, False)
    ] * 2


async def test_another_key_makes_another_address_once_the_record_is_removed(own: OwnTor, spec: OnionSpec) -> None:
    method = TorrcMethod(own.service_folder)
    first = (await addresses(own, spec, method))[0]
    content = (own.service_folder / "hs_ed25519_secret_key").read_bytes()
    spec.key_file.unlink()
    with pytest.raises(AddressChanged):
        await method.torrc_lines(spec, load_or_create_key(spec.key_file, random.Random(2)))
    assert (own.service_folder / "hs_ed25519_secret_key").read_bytes() == content
    Path(f"{spec.key_file}.address").unlink()
    reported, by_tor = await addresses(own, spec, method)
    assert reported == by_tor
    assert reported != first


async def test_service_is_taken_out_of_the_torrc_by_another_start_alone(own: OwnTor, spec: OnionSpec) -> None:
    method = TorrcMethod(own.service_folder)
    async with published(own, spec, method) as (control, service):
        with pytest.raises(TorToStartAgain):
            await method.withdraw(control, service.address)


async def test_socket_that_no_torrc_can_name_leaves_no_key_there(own: OwnTor, tmp_path: Path) -> None:
    spec = OnionSpec(tmp_path / "keys" / "onion", tmp_path / "a blank" / "socket", DEFENCES)
    with pytest.raises(SocketUnfit):
        await TorrcMethod(own.service_folder).torrc_lines(spec, load_or_create_key(spec.key_file, CHANCE))
    assert not own.service_folder.exists()


async def test_folder_that_is_not_ours_is_named(own: OwnTor, spec: OnionSpec, tmp_path: Path) -> None:
    key = load_or_create_key(spec.key_file, CHANCE)
    (tmp_path / "closed").mkdir(mode=0o500)
    (tmp_path / "closed" / "service").touch()
    with pytest.raises(KeyUnreadable, match="hs_ed25519_secret_key"):
        await TorrcMethod(tmp_path / "closed" / "service").torrc_lines(spec, key)


async def test_service_in_the_torrc_comes_back_when_its_tor_was_killed(tmp_path: Path) -> None:
    require("tor")
    own = OwnTor(tmp_path / "tor", (*OFFLINE, f"PidFile {tmp_path}/pid"))
    check_offline("\n".join(own.torrc_lines(service_lines(tmp_path / "socket", DEFENCES))))
    watched = Watched(tmp_path, None, own=own, method=TorrcMethod(own.service_folder))
    async with watched.running():
        first = await watched.until(lambda state: state.phase == OnionPhase.BOOTSTRAPPING)
        os.kill(int((tmp_path / "pid").read_text()), signal.SIGKILL)
        await watched.until_after(0, OnionPhase.UNREACHABLE)
        again = await watched.until_after(len(watched.states), OnionPhase.BOOTSTRAPPING)
    assert (again.address, again.warnings) == (first.address, ())
    assert first.address == (own.service_folder / "hostname").read_text().strip()
