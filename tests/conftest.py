"""Fixtures and marks of every test, and the line that closes a run in which a program was missing."""

import sys
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pytest
from hypothesis import settings
from xdist.workermanage import WorkerController

from portal.domain.edition.edition_file import edition_from_json, edition_to_json
from portal.routes import current_edition
from portal.site.edition_files import edition_files
from portal.site.files import Files
from portal.web import static_files
from tests.programs import absent, closing_line, require
from tests.scheduling import SLOW, TORNET, TogetherScheduling, has_prefix, make_scheduler, sort_longest_first
from tests.tornet.network import Network, private_network

# A busy machine is slow without being wrong: no test is timed.
settings.register_profile("untimed", deadline=None)
settings.register_profile("quick", settings.get_profile("untimed"), max_examples=20)  # for `make check`
settings.load_profile("untimed")


def is_worker(config: pytest.Config) -> bool:
    """Return whether this process is a worker of xdist."""
    return hasattr(config, "workerinput")


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--closing-line FILE`, for `make test`, which has more to print after pytest."""
    parser.addoption("--closing-line", type=Path, metavar="FILE", help="write the closing line there")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave the slow folders and modules out of `make check` before they are imported."""
    if config.getoption("markexpr") != "not slow" or not collection_path.is_relative_to(config.rootpath):
        return None
    path = collection_path.relative_to(config.rootpath).as_posix()
    return has_prefix(f"{path}/" if collection_path.is_dir() else path, SLOW) or None


@pytest.hookimpl(tryfirst=True)  # before pytest looks at marks
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark the slow tests; in a worker of xdist, start with the longest."""
    for item in items:
        if item.get_closest_marker(TORNET) is not None or has_prefix(item.nodeid, SLOW):
            item.add_marker("slow")
    if is_worker(config):
        sort_longest_first(config.rootpath, items)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> TogetherScheduling | None:
    """Keep together what shares a fixture that is dear, above all the private Tor network."""
    return make_scheduler(config, log)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand the programs that a worker of xdist missed to the process that closes the run."""
    if is_worker(session.config):
        session.config.workeroutput["absent"] = sorted(absent)  # type: ignore[attr-defined]


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: WorkerController) -> None:
    """Take the programs that a worker missed."""
    absent.update(node.workeroutput["absent"] if hasattr(node, "workeroutput") else ())


def pytest_unconfigure(config: pytest.Config) -> None:
    """Close with the programs that were missing and the one line that brings them."""
    if is_worker(config):
        return
    line = closing_line(absent)
    file: Path | None = config.getoption("--closing-line")
    if file is not None:
        file.write_text(f"{line}\n" if line else "", encoding="utf-8")
    elif line:
        sys.stdout.write(f"{line}\n")


@lru_cache(maxsize=32)
def pages_of(content: bytes) -> Files:
    return edition_files(edition_from_json(content))


@pytest.fixture(scope="session", autouse=True)
def pages_are_made_once() -> Iterator[None]:
    """Render the pages of one edition once in a worker, and compress them once: they follow from the edition alone."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(current_edition, "edition_files", lambda edition, *_: dict(pages_of(edition_to_json(edition))))
        prepared = lru_cache(maxsize=4_096)(static_files.StaticFile)
        patch.setattr(static_files, "StaticFile", lambda file, headers: prepared(file, tuple(headers)))
        yield


@pytest.fixture
def anyio_backend() -> str:
    """Return the loop that the portal runs on."""
    return "asyncio"


@pytest.fixture(scope="session")
def tornet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Network]:
    """Run a private Tor network on loopback for the rest of the run; mark the tests that ask for it `tornet`."""
    require("tor", "tor-gencert")
    with private_network(tmp_path_factory.mktemp("tornet")) as network:
        yield network
