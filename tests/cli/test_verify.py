"""Words and exit status of `portal verify`, by what is in a folder: 0 true, 1 altered or late, 2 not verified."""

from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest

from portal.cli.main import run_command
from portal.domain.trust.mirror_errors import RootUnknown, SignaturesUnfit, SourceStale, SourceUnsigned
from portal.mirror.client.metadata import fingerprint_of
from tests.fakes.tuf_changes import FIRST_ROOT, Change, expired, gone, unsigned
from tests.fakes.tuf_repository import TufRepository
from tests.fakes.tuf_simulator import put

LATE: Final = """{at} shows edition 0, unaltered: all 1 files are exactly as signed.
But nothing has confirmed since {when} UTC that it is the newest edition.
"""


def alter(repository: TufRepository) -> None:
    repository.simulator.files["index.html"] = b"mine"


CASES: Final[dict[str, tuple[Change, int, str, str]]] = {
    "everything is signed": (
        lambda repository: None,
        0,
        "{at} is true: edition 0, all 1 files are exactly as signed.\n",
        "",
    ),
    "a page is altered": (alter, 1, "Altered or missing: index.html\n{at} is NOT a true copy of edition 0.\n", ""),
    "nobody vouches any longer": (expired("timestamp"), 1, LATE, ""),
    "the root has expired": (expired("root"), 2, "", f"portal: {SourceStale.text}\n"),
    "the targets have expired": (expired("targets"), 2, "", f"portal: {SourceStale.text}\n"),
    "a newer root is not signed": (unsigned("root"), 2, "", f"portal: {SignaturesUnfit.text}\n"),
    "there is no timestamp": (gone("timestamp"), 2, "", f"portal: {SourceUnsigned.text}\n"),
}


@pytest.mark.parametrize(("change", "status", "out", "err"), CASES.values(), ids=CASES.keys())
def test_verify_says_and_exits_with(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], change: Change, status: int, out: str, err: str
) -> None:
    repository = TufRepository()
    fingerprint = fingerprint_of(repository.simulator.files[FIRST_ROOT])
    change(repository)
    folder = put(repository.simulator.files, tmp_path / "site")
    when = f"{repository.now - timedelta(hours=1):%Y-%m-%d %H:%M}"
    assert run_command(["verify", str(folder), "--root", fingerprint], {}) == status
    assert capsys.readouterr() == (out.format(at=folder, when=when), err)


def test_verify_of_another_event_exits_with_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = put(TufRepository().simulator.files, tmp_path / "site")
    assert run_command(["verify", str(folder), "--root", "0" * 64], {}) == 2
    assert capsys.readouterr() == ("", f"portal: {RootUnknown.text}\n")
