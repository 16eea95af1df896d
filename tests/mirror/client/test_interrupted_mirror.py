"""A mirror that is killed, or whose disk is full, at any of its writes serves the old edition or the new one, whole."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest

from portal.mirror.client.fetching import ignore_progress, source_at
from portal.mirror.client.folder import MirrorFolder
from portal.mirror.client.follow import follow, nothing_rebuilt
from portal.mirror.client.tuf_client import roots_up_to
from portal.origin.installation import now
from tests.checkout import ROOT
from tests.factories.origin import two_of_three
from tests.fakes.tuf_simulator import put

FULL: Final = "The copy cannot be written: the disk is full."


def struck(folder: Path, how: str) -> list[dict[str, Any]]:
    """Let a mirror of edition 1 follow edition 2, struck at each of its writes; return a line for each."""
    origin, billie, _ = two_of_three(folder)
    source = put(origin.served(), folder / "source")
    mirror = MirrorFolder(folder / "copy")
    place = source_at(str(source))
    mirror.begin(roots_up_to(place, None))
    follow(mirror, place, None, ignore_progress, nothing_rebuilt, now())
    origin.publish(2, fr__programme__index="another programme")
    billie.sign(origin)
    origin.publish(2, fr__programme__index="another programme")
    put(origin.served(), source)
    (folder / "work").mkdir()
    program = [
        sys.executable,
        "-m",
        "tests.fakes.interrupted_mirror",
        str(mirror.folder),
        str(source),
        str(folder / "work"),
        how,
    ]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(program, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.parametrize("how", ["killed", "full"])
def test_mirror_that_is_struck_at_any_write_serves_a_whole_edition(tmp_path: Path, how: str) -> None:
    lines = struck(tmp_path, how)
    assert len(lines) > 30
    assert {(line["served"], tuple(line["damaged"])) for line in lines} == {(1, ()), (2, ())}
    assert {(line["again"], line["last"]) for line in lines} == {("", 2)}
    assert lines[-1]["status"] == 0
    if how == "full":
        assert {line["said"] for line in lines[:-1]} == {FULL}
        assert {tuple(line["left"]) for line in lines} == {()}
