"""The wheel, installed into an empty environment in another folder, serves the same site as the checkout."""

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path
from typing import Final

import httpx
import pytest

from tests.checkout import ROOT
from tests.factories.origin_process import CHEAP, serving
from tests.waiting import PATIENCE

PAGES: Final = ("", "fr/", "en/", "fr/programme/", "nowhere")
ELSEWHERE: Final = {**CHEAP, "PYTHONPATH": ""}
"""The environment of somebody who has no checkout."""

TRAVELLING: Final = {
    "templates": "portal/bundled/templates",
    "events": "portal/bundled/events",
    "torrc.example": "portal/bundled/torrc.example",
    "portal/locale": "portal/locale",
    "portal/excluded_words": "portal/excluded_words",
}
"""Files that the code reads beside itself, and their places in the wheel."""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel of this checkout with the locked build tools alone."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True)
    (made,) = folder.glob("*.whl")
    return made


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel in an environment that sees of ours only what it depends on; return its command `portal`."""
    folder = tmp_path_factory.mktemp("elsewhere")
    venv.create(folder / "venv", with_pip=False)
    python = folder / "venv" / "bin" / "python"
    target = Path(sysconfig.get_path("purelib", vars={"base": str(folder / "venv")}))
    install = [sys.executable, "-m", "pip", "--python", str(python), "install", "--no-deps", "--no-index", str(wheel)]
    subprocess.run(install, check=True, capture_output=True)
    (target / "dependencies.pth").write_text(f"{sysconfig.get_path('purelib')}\n")
    return folder / "venv" / "bin" / "portal"


def test_wheel_carries_everything_that_the_code_reads(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    for place, within in TRAVELLING.items():
        files = [path for path in (ROOT / place, *(ROOT / place).rglob("*")) if path.is_file()]
        travelling = {f"{within}{str(path).removeprefix(str(ROOT / place))}" for path in files}
        assert len(travelling) > 0
        assert travelling - names == set()


def test_wheel_carries_its_licence_and_neither_tests_nor_docs(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert [name.rpartition("dist-info/")[2] for name in names if "LICENSE" in name] == ["licenses/LICENSE"]
    assert [name for name in names if name.startswith(("tests/", "docs/"))] == []


def test_wheel_is_what_runs(installed: Path, tmp_path: Path) -> None:
    where = "import portal, onion; print(portal.__file__); print(onion.__file__)"
    python = installed.with_name("python")
    printed = subprocess.run(
        [python, "-c", where], cwd=tmp_path, env=os.environ | ELSEWHERE, capture_output=True, text=True, check=True
    )
    assert [line for line in printed.stdout.splitlines() if not line.startswith(str(installed.parents[1]))] == []


def test_wheel_serves_the_same_bytes_as_the_checkout(installed: Path, tmp_path: Path) -> None:
    subprocess.run([installed, "init"], cwd=tmp_path, env=os.environ | ELSEWHERE, check=True, capture_output=True)
    with (
        serving(tmp_path, command=[str(installed)], environment=ELSEWHERE) as elsewhere,
        serving(tmp_path) as here,
    ):
        for page in PAGES:
            ours, theirs = (
                httpx.get(here.url + page, timeout=PATIENCE),
                httpx.get(elsewhere.url + page, timeout=PATIENCE),
            )
            assert (theirs.status_code, theirs.headers) == (ours.status_code, ours.headers)
            assert theirs.content == ours.content
        assert httpx.get(f"{elsewhere.url}fr/inscription/", timeout=PATIENCE).status_code == 200
