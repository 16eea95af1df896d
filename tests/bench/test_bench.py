"""The bench itself: a real portal takes a visitor, and the table says what was reached."""

import asyncio
import os
from pathlib import Path

import pytest

from bench import sealing
from bench.__main__ import main
from bench.figure import Figure, table
from bench.large_event import large_event
from bench.mirrors import stage, without_news
from bench.running import portal
from bench.scale import seconds_of
from bench.visitors import Visit, enter, register_once
from portal.domain.event.event_file import problems_of
from tests.factories.sample import EVENT

FASTER = Figure("pages", "12 a second", "10 a second", 1.2, 1.1)
LARGER = Figure("memory", "300 MiB", "40 MiB idle", 260, 250, is_ceiling=True, unit="MiB")


def test_table_says_what_was_reached() -> None:
    assert table([FASTER, LARGER]).splitlines() == [
        "        the portal   beside       ratio       wanted",
        "pages   12 a second  10 a second  1.20 ×      ≥ 1.1 ×    reached",
        "memory  300 MiB      40 MiB idle  260.00 MiB  ≤ 250 MiB  MISSED",
    ]


def test_visitor_registers_with_a_running_portal(tmp_path: Path) -> None:
    with portal(tmp_path / "data") as server:
        assert asyncio.run(_one_visit(server.port)) == Visit(registered=1)
        assert 0 < server.memory_kib("VmRSS") <= server.memory_kib("VmHWM")


async def _one_visit(port: int) -> Visit:
    (visitor,), visit = await enter(port, 1, forms=1), Visit()
    await register_once(visitor, visit)
    visitor.writer.close()
    await visitor.writer.wait_closed()
    return visit


def test_copy_without_news_costs_one_small_request() -> None:
    with stage(EVENT) as scene:
        first = scene.sync()
        figure = without_news(scene)
    assert first.requests > 4
    assert first.byte_count > 10_000
    assert (figure.is_reached, figure.ours.split(",")[0]) == (True, "1 request")


def test_search_and_code_are_measured() -> None:
    search, code = sealing.measure_search(records=300), sealing.measure_code()
    assert (search.is_ceiling, search.ours.endswith(" s at 300 registrations")) == (True, True)
    assert (code.is_ceiling, code.unit, code.reference) == (True, "%", "a hash of a passphrase")


def test_processor_time_is_that_of_the_process_and_of_its_children() -> None:
    assert seconds_of(os.getpid()) == pytest.approx(sum(os.times()[:4]), abs=0.1)


def test_large_event_may_be_published() -> None:
    event = large_event(60, 4, 5)
    assert problems_of(event) == ()
    assert [len([each for each in event.sessions if each.day == day]) for day in range(1, 6)] == [12] * 5


def test_figure_that_is_none_is_told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("shutil.which", lambda _: "/usr/bin/wrk")
    assert main(["speed"]) == 2
    assert capsys.readouterr().err == (
        "There is no speed; there are programme, registrations, search, code, memory, patience, onion, reachable, "
        "copy, first-copy, no-news, one-change, scale-start, scale-publish, scale-announce, scale-edit, "
        "flood-pipelined, flood-memory, flood-unread, flood-few-unread, flood-registrations, flood-many-registrations, "
        "flood-sign-ins, flood-many-sign-ins, flood-tickets, flood-invitations, floods, scale\n"
    )


def test_bench_without_its_programs_says_how_to_bring_them(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("shutil.which", lambda _: None)
    assert main([]) == 2
    assert capsys.readouterr().err == "The bench needs nginx, wrk: apt-get install nginx-light wrk\n"
