"""The audit as it runs: through the SOCKS port of a Tor, what it tells when, and what it remembers."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest

from onion.tor.addresses import TorAddress
from portal.domain.times import whole_minute
from portal.domain.trust.mirror_audit import AuditResult, Standing
from portal.domain.trust.mirror_errors import SourceSilent
from portal.mirror.monitor import MirrorMonitor, read_results
from portal.site.files import Files
from tests.factories.origin import Origin
from tests.fakes.tor import FakeTor
from tests.fakes.tuf_simulator import answering
from tests.waiting import PATIENCE, until

pytestmark = pytest.mark.anyio
COPY: Final = f"http://{'b' * 56}.onion"
OTHER: Final = "http://copy.example"


@dataclass
class Scene:
    """A portal that audits through a Tor, by which one mirror, that has `files`, is reached."""

    folder: Path
    origin: Origin
    tor: FakeTor
    listener: Path
    has_tor: bool = True
    seconds: float = 0
    heard: list[str] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)

    def audit(self) -> MirrorMonitor:
        """The audit, begun anew."""
        return MirrorMonitor(self.folder, self.metadata, self.socks, self.say, self.origin.now, lambda: self.seconds)

    def socks(self) -> TorAddress | None:
        """Return the SOCKS port of the Tor, which is a Unix socket."""
        return TorAddress(self.tor.folder / "socks") if self.has_tor else None

    def metadata(self) -> Files:
        """Return the files that the portal has published."""
        return self.origin.repository.files()

    def say(self, message: str, details: Mapping[str, object]) -> None:
        """Hear it."""
        self.heard.append(message % details)


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    origin = Origin(tmp_path / "origin").begin()
    origin.publish(3)
    (tmp_path / "tor").mkdir()
    listener = tmp_path / "listener"
    made = Scene(
        tmp_path / "data", origin, FakeTor(tmp_path / "tor", listener=listener), listener, files=origin.served()
    )
    made.folder.mkdir()
    async with made.tor.running(), await asyncio.start_unix_server(answering(made.files), listener):
        yield made


async def test_mirror_is_looked_at_through_tor_each_time_over_another_circuit(scene: Scene) -> None:
    audit = scene.audit()
    await audit.audit_due([COPY])
    assert (audit.results[COPY].standing, audit.results[COPY].edition) == (Standing.TRUE, 3)
    assert scene.heard == [f"The copy at {COPY} is true: edition 3."]
    first = set(scene.tor.callers)
    scene.seconds += 60 * 60
    await audit.audit_due([COPY])
    assert (len(first), len(set(scene.tor.callers) - first), len(scene.heard)) == (1, 1, 1)


async def test_mirror_is_not_looked_at_before_it_is_time(scene: Scene) -> None:
    audit = scene.audit()
    await audit.audit_due([COPY])
    requested = len(scene.tor.callers)
    scene.seconds += 14 * 60
    await audit.audit_due([COPY])
    assert len(scene.tor.callers) == requested


async def test_silence_is_told_when_it_is_found_again_some_minutes_later(scene: Scene) -> None:
    audit = scene.audit()
    await audit.audit_due([COPY])
    true, scene.tor.listener = audit.results[COPY], None
    scene.seconds += 60 * 60
    await audit.audit_due([COPY])
    assert (audit.results, len(scene.heard)) == ({COPY: true}, 1)
    scene.seconds += 8 * 60
    await audit.audit_due([COPY])
    found = audit.results[COPY]
    assert (found.standing, found.reason) == (Standing.SILENT, SourceSilent.text)
    assert scene.heard[1:] == [f"The copy at {COPY} is silent."]
    scene.tor.listener = scene.listener
    scene.seconds += 8 * 60
    await audit.audit_due([COPY])
    assert scene.heard[2:] == [f"The copy at {COPY} is true: edition 3."]


async def test_silence_has_lasted_since_it_was_found_first(scene: Scene) -> None:
    scene.tor.listener = None
    audit = scene.audit()
    began = whole_minute(scene.origin.now())
    for _ in range(3):
        await audit.audit_due([COPY])
        scene.origin.by += timedelta(minutes=8)
        scene.seconds += 8 * 60
    last = began + timedelta(minutes=16)
    assert audit.results[COPY] == AuditResult(Standing.SILENT, last, began, reason=SourceSilent.text)


async def test_altered_page_is_told_at_once(scene: Scene) -> None:
    audit = scene.audit()
    scene.files |= dict.fromkeys(scene.origin.files, b"mine")
    await audit.audit_due([COPY])
    found = audit.results[COPY]
    assert found.standing == Standing.ALTERED
    assert found.path in scene.origin.files
    assert scene.heard == [f"The copy at {COPY} is ALTERED: {found.path} is not what was signed."]


async def test_nothing_is_looked_at_without_a_tor_that_works(scene: Scene) -> None:
    audit = scene.audit()
    scene.has_tor = False
    await audit.audit_due([COPY])
    assert (audit.results, scene.tor.callers) == ({}, [])
    scene.has_tor = True
    await audit.audit_due([COPY])
    assert audit.results[COPY].standing is Standing.TRUE


async def test_what_was_found_outlives_the_portal_and_goes_with_the_list(scene: Scene) -> None:
    audit = scene.audit()
    await audit.audit_due([COPY, OTHER])
    assert set(audit.results) == {COPY, OTHER}
    again = scene.audit()
    assert again.results == audit.results
    await again.audit_due([OTHER])
    assert set(read_results(scene.folder / "audit.json")) == {OTHER}


async def test_mirror_that_never_answers_does_not_keep_the_portal_from_stopping(scene: Scene) -> None:
    silent, requested, stopped = scene.folder / "silent", asyncio.Event(), asyncio.Event()

    async def say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        requested.set()
        await stopped.wait()
        writer.close()

    async with await asyncio.start_unix_server(say_nothing, silent), asyncio.timeout(PATIENCE):
        scene.tor.listener = silent
        auditing = asyncio.create_task(scene.audit().run(lambda: [COPY]))
        await requested.wait()
        auditing.cancel()
        await asyncio.gather(auditing, return_exceptions=True)
        await asyncio.get_running_loop().shutdown_default_executor()
        stopped.set()
        await until(lambda: not scene.tor.open_callers)


DAMAGED = {
    "nothing": b"",
    "no JSON": b"<html>",
    "no looks": b'{"http://a": 1}',
    "a list": b"[1]",
    "an unknown standing": b'{"a": {"standing": "odd", "at": "2026-11-25T08:00+00:00", "since": null, "until": null}}',
}


@pytest.mark.parametrize("content", DAMAGED.values(), ids=DAMAGED.keys())
def test_file_that_is_damaged_is_begun_anew(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "audit.json").write_bytes(content)
    assert read_results(tmp_path / "audit.json") == {}


async def test_audit_goes_on_after_a_fault(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    calls = 0

    def listed() -> list[str]:
        nonlocal calls
        calls += 1
        if calls < 3:
            raise OSError
        return [COPY]

    audit = scene.audit()
    running = asyncio.create_task(audit.run(listed, pause=0.01))
    await until(lambda: COPY in audit.results)
    running.cancel()
    assert [record.message.partition("\n")[0] for record in caplog.records] == ["the copies are not looked at"]
