"""The onion service at a Tor that is made up: what it proves, what it does without, what it makes of each failure."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import pytest

from onion.errors import (
    AnotherAnswers,
    NoSocksPort,
    NotReached,
    SocksShut,
    StillUnreachable,
    TorRefused,
    TorTooOld,
)
from onion.identity.key import load_or_create_key
from onion.service.proof import Challenges
from onion.service.static import StaticOnion
from onion.tor.addresses import TorAddress
from onion.tor.publishing import NO_POW, NO_STREAM_LIMIT
from onion.tor.state import Notice, OnionPhase, OnionState
from onion.tor.tor import TOR_OLD
from tests.fakes.tor import ADDRESS, FakeTor
from tests.fakes.watch import QUICK, Watched, now, phases
from tests.tornet.listener import BoundListener, open_listener
from tests.waiting import PATIENCE, until

pytestmark = pytest.mark.anyio

IMPATIENT: Final = replace(QUICK, attempt=0.3, proof=0.4, retry=0.05, between_failures=0.02, between_proofs=0.05)
PORT: Final = "Port=80,unix:{folder}/socket"
STREAMS: Final = "MaxStreams=64"
WORK: Final = "PoWDefensesEnabled=1 PoWQueueRate=100 PoWQueueBurst=500"


@dataclass
class Scene:
    """A service under watch, its fake Tor and its listener."""

    watched: Watched
    tor: FakeTor
    listener: BoundListener

    async def until(self, phase: OnionPhase) -> OnionState:
        """Wait for the first state of `phase`."""
        return await self.watched.until_after(0, phase)


@asynccontextmanager
async def scene(tor: FakeTor, *, is_led_to_listener: bool = True, **options: object) -> AsyncIterator[Scene]:
    """Run a service in the folder of `tor`."""
    watched = Watched(tor.folder, tor.folder / "control", timeouts=IMPATIENT, **options)  # type: ignore[arg-type]
    if is_led_to_listener:
        tor.listener = watched.socket_path
    listener_opens = open_listener(watched.socket_path, watched.service.challenges.answer)
    async with tor.running(), listener_opens as listener, watched.running():
        yield Scene(watched, tor, listener)


async def test_service_is_proven_again_and_again_each_time_over_another_circuit(tmp_path: Path) -> None:
    async with scene(FakeTor(tmp_path)) as stage:
        for _ in range(3):
            await stage.watched.until_after(len(stage.watched.states), OnionPhase.REACHABLE)
        first = await stage.until(OnionPhase.REACHABLE)
        last = stage.watched.states[-1]
    assert phases(stage.watched.states[:-1]) == [
        OnionPhase.CONNECTING,
        OnionPhase.UPLOADING,
        OnionPhase.PROVING,
        OnionPhase.REACHABLE,
    ]
    uploading = [state.details for state in stage.watched.states if state.phase is OnionPhase.UPLOADING]
    assert (uploading[0], uploading[-1]) == ({"done": 0, "asked": 0}, {"done": 6, "asked": 6})
    assert (first.address, first.warnings) == (ADDRESS, ())
    assert first.proof is not None
    assert last.proof is not None
    assert last.proof.since == first.proof.since
    assert last.proof.last > first.proof.last
    assert len(set(stage.tor.callers)) == len(stage.tor.callers) >= 3


GAPS: dict[str, tuple[list[str], list[str], list[str]]] = {
    "knows all": ([], ["Flags=MaxStreamsCloseCircuit", STREAMS, WORK], []),
    "knows no proof of work": (["PoW"], ["Flags=MaxStreamsCloseCircuit", STREAMS], [NO_POW]),
    "knows no limit of streams either": (["PoW", "MaxStreams"], [], [NO_POW, NO_STREAM_LIMIT]),
}


@pytest.mark.parametrize(("unknown", "arguments", "warnings"), GAPS.values(), ids=GAPS.keys())
async def test_service_does_without_what_tor_does_not_know_and_says_so(
    unknown: list[str], arguments: list[str], warnings: list[str], tmp_path: Path
) -> None:
    async with scene(FakeTor(tmp_path, unknown=unknown)) as stage:
        state = await stage.until(OnionPhase.REACHABLE)
        key = load_or_create_key(stage.watched.key_file, random.Random(1)).text
    assert stage.tor.added[-1] == " ".join(["ADD_ONION", key, *arguments, PORT.format(folder=tmp_path)])
    assert state.warnings == tuple(Notice(text) for text in warnings)


async def test_service_that_tor_understands_in_no_way_is_told(tmp_path: Path) -> None:
    async with scene(FakeTor(tmp_path, unknown=["Port"])) as stage:
        state = await stage.until(OnionPhase.UNREACHABLE)
        assert (state.text, len(stage.tor.added)) == (TorRefused.text, 3)


async def test_further_arguments_are_read_anew_when_the_service_is_renewed(tmp_path: Path) -> None:
    arguments = ["ClientAuthV3=one"]
    async with scene(FakeTor(tmp_path), arguments=lambda: tuple(arguments)) as stage:
        await stage.until(OnionPhase.REACHABLE)
        arguments[0] = "ClientAuthV3=another"
        before = len(stage.watched.states)
        stage.watched.service.renew()
        await stage.watched.until_after(before, OnionPhase.HEALING)
        await stage.watched.until_after(len(stage.watched.states), OnionPhase.REACHABLE)
    assert [command.rpartition(" ")[2] for command in stage.tor.added] == ["ClientAuthV3=one", "ClientAuthV3=another"]


VERSIONS: dict[str, tuple[str, tuple[Notice, ...]]] = {
    "the newest": ("0.5.0.1-alpha", ()),
    "the wished one": ("0.4.9.11", ()),
    "the one before it": ("0.4.9.10", (Notice(TOR_OLD, {"version": "0.4.9.10", "wished": "0.4.9.11"}),)),
    "the oldest that is used": (
        "0.4.8.1-alpha (git-0123456789abcdef)",
        (Notice(TOR_OLD, {"version": "0.4.8.1", "wished": "0.4.9.11"}),),
    ),
}


@pytest.mark.parametrize(("version", "warnings"), VERSIONS.values(), ids=VERSIONS.keys())
async def test_service_is_published_by_a_tor_of(version: str, warnings: tuple[Notice, ...], tmp_path: Path) -> None:
    async with scene(FakeTor(tmp_path, version=version)) as stage:
        assert (await stage.until(OnionPhase.REACHABLE)).warnings == warnings


@pytest.mark.parametrize(("version", "version_shown"), [("0.4.7.16", "0.4.7.16"), ("unknown", "?")])
async def test_tor_that_is_too_old_is_refused(version: str, version_shown: str, tmp_path: Path) -> None:
    async with scene(FakeTor(tmp_path, version=version)) as stage:
        state = await stage.until(OnionPhase.UNREACHABLE)
        assert (state.text, state.details) == (TorTooOld.text, {"version": version_shown, "needed": "0.4.8"})
    assert stage.tor.added == []


async def test_service_is_looked_at_even_when_few_directories_have_it(tmp_path: Path) -> None:
    watched = Watched(tmp_path, tmp_path / "control", timeouts=replace(IMPATIENT, upload=0.2))
    tor = FakeTor(tmp_path, uploads=1, listener=watched.socket_path)
    async with tor.running(), open_listener(watched.socket_path, watched.service.challenges.answer), watched.running():
        await watched.until_after(0, OnionPhase.REACHABLE)
    uploading = [state for state in watched.states if state.phase is OnionPhase.UPLOADING]
    assert uploading[-1].details == {"done": 1, "asked": 6}


async def test_service_that_is_not_reached_is_published_anew_then_tor_is_sought_anew(tmp_path: Path) -> None:
    async with scene(FakeTor(tmp_path), is_led_to_listener=False) as stage:
        await stage.watched.until(lambda state: state.text == StillUnreachable.text, 10)
        failures = [state for state in stage.watched.states if state.text == NotReached.text]
        assert len(stage.tor.added) == 2
        stage.tor.listener = stage.watched.socket_path
        await stage.until(OnionPhase.REACHABLE)
    assert failures[:3] == [OnionState(OnionPhase.UNREACHABLE, ADDRESS, NotReached.text, {"seconds": 0})] * len(
        failures[:3]
    )
    assert phases(stage.watched.states)[:9] == [
        OnionPhase.CONNECTING,
        OnionPhase.UPLOADING,
        OnionPhase.PROVING,
        OnionPhase.UNREACHABLE,
        OnionPhase.HEALING,
        OnionPhase.UPLOADING,
        OnionPhase.PROVING,
        OnionPhase.UNREACHABLE,
        OnionPhase.CONNECTING,
    ]


async def test_somebody_else_at_the_address_is_told_and_is_no_proof(tmp_path: Path) -> None:
    async with scene(FakeTor(tmp_path)) as stage:
        await stage.until(OnionPhase.REACHABLE)
        stage.listener.is_there_instead = True
        state = await stage.watched.until_after(0, OnionPhase.UNREACHABLE)
        assert (state.text, state.details, state.proof) == (AnotherAnswers.text, {"address": ADDRESS}, None)
        stage.listener.is_there_instead = False
        await stage.watched.until_after(len(stage.watched.states), OnionPhase.REACHABLE)


async def test_tor_without_a_socks_port_publishes_what_cannot_be_proven(tmp_path: Path) -> None:
    async with scene(FakeTor(tmp_path, has_socks=False)) as stage:
        state = await stage.until(OnionPhase.UNPROVEN)
        await asyncio.sleep(5 * IMPATIENT.between_proofs)
    assert (state.text, state.address, len(stage.tor.added)) == (NoSocksPort.text, ADDRESS, 1)
    assert phases(stage.watched.states)[-2:] == [OnionPhase.UNPROVEN, OnionPhase.OFF]


async def test_socks_port_that_is_shut_is_told_with_its_place(tmp_path: Path) -> None:
    shut = TorAddress(tmp_path / "elsewhere")
    async with scene(FakeTor(tmp_path), socks=shut) as stage:
        state = await stage.until(OnionPhase.UNPROVEN)
    assert (state.text, state.details) == (SocksShut.text, {"addresses": str(shut)})


async def test_no_connection_to_the_socks_port_stays_open_when_tor_says_no(tmp_path: Path) -> None:
    async with scene(FakeTor(tmp_path), is_led_to_listener=False) as stage:
        await stage.until(OnionPhase.UNREACHABLE)
        assert len(stage.tor.callers) > 1
        assert stage.tor.open_callers <= 1
    await until(lambda: not stage.tor.open_callers)


async def test_service_of_a_torrc_is_proven_and_told_when_it_is_not(tmp_path: Path) -> None:
    states: list[OnionState] = []
    opened: list[bool] = []

    async def open_the_listener() -> None:
        opened.append(True)
        if len(opened) == 1:
            raise TorRefused(answer="at first")

    tor = FakeTor(tmp_path, listener=tmp_path / "socket")
    onion = StaticOnion(
        ADDRESS,
        TorAddress(tmp_path / "socks"),
        open_the_listener,
        states.append,
        rng=random.Random(1),
        clock=now,
        timeouts=IMPATIENT,
    )
    async with tor.running(), open_listener(tmp_path / "socket", onion.challenges.answer) as listener:
        running = asyncio.create_task(onion.run())
        async with asyncio.timeout(PATIENCE):
            for is_reachable in (True, False, True):
                listener.is_there_instead = not is_reachable
                while (onion.state.phase is OnionPhase.REACHABLE) != is_reachable:
                    await asyncio.sleep(0.01)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    assert phases(states) == [
        OnionPhase.UNREACHABLE,
        OnionPhase.PROVING,
        OnionPhase.REACHABLE,
        OnionPhase.UNREACHABLE,
        OnionPhase.REACHABLE,
        OnionPhase.OFF,
    ]
    assert {state.address for state in states[:-1]} == {ADDRESS}


def test_question_is_answered_once_and_only_while_it_is_asked() -> None:
    challenges = Challenges(random.Random(1))
    with challenges.issue() as path:
        assert (challenges.answer(f"{path}/"), challenges.answer("/")) == (None, None)
        assert challenges.answer(path) == challenges.expected(path)
        assert challenges.answer(path) is None
    with challenges.issue() as second:
        pass
    assert challenges.answer(second) is None
    assert second != path


def test_answer_is_that_of_one_process() -> None:
    first, second = Challenges(random.Random(1)), Challenges(random.Random(2))
    assert first.expected("/a") != second.expected("/a")
