"""The order of the tests in a run with several workers, and the tests that stay together in one of them."""

import ast
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Final

import pytest
from xdist.scheduler import LoadScopeScheduling

SLOW: Final = (
    "bench/",
    "browser/",
    "cli/test_destructive_commands.py",
    "cli/test_organisers.py",
    "cli/test_serve.py",
    "domain/event/test_many_faults.py",
    "journeys/",
    "mirror/client/test_attacks",
    "mirror/client/test_push.py",
    "mirror/client/test_missing_files.py",
    "mirror/signing/test_pending.py",
    "mirror/client/test_interrupted_mirror.py",
    "mirror/test_app.py",
    "onion/service/test_proof.py",
    "origin/test_erasure.py",
    "origin/test_signing.py",
    "origin/test_upgrade.py",
    "routes/organisers/admin/test_login_flood.py",
    "routes/organisers/test_auth.py",
    "routes/organisers/test_destructive_actions.py",
    "routes/test_bad_input.py",
    "server/test_circuit_connection.py",
    "server/test_server",
    "server/test_sizes_on_the_wire.py",
    "storage/embedded/test_processes.py",
    "storage/embedded/test_same_bytes.py",
    "storage/embedded/test_upgrade.py",
    "storage/test_histories.py",
    "test_contributing.py",
    "test_parity.py",
    "test_programs.py",
    "test_release.py",
    "test_two_commands.py",
    "test_wheel.py",
    "test_workers.py",
    "tornet/",
)
"""Prefixes of the paths whose tests are slow; single tests are marked in their modules."""

LONGEST_FIRST: Final = "browser/", "journeys/", *SLOW
TORNET: Final = "tornet"


def has_prefix(path: str, prefixes: tuple[str, ...]) -> bool:
    """Return whether `path`, given from the root of the project, is below tests/ and begins there with a prefix."""
    return path.startswith("tests/") and path.removeprefix("tests/").startswith(prefixes)


@cache
def source_of(file: Path) -> str:
    """Return the text of a module, empty if there is none."""
    return file.read_text(encoding="utf-8") if file.is_file() else ""


@cache
def has_module_fixture(file: Path) -> bool:
    """Return whether the tests of `file` may share a fixture of the scope "module", from there or from a conftest."""
    shared = (folder / "conftest.py" for folder in file.parents)
    return any('scope="module"' in source_of(module) for module in (file, *shared))


@cache
def tornet_tests(file: Path) -> frozenset[str]:
    """Return the names of the functions of `file` that have the mark `tornet`, by themselves or by `pytestmark`."""
    mark = f"mark.{TORNET}"
    if mark not in source_of(file):
        return frozenset()
    body = ast.parse(source_of(file)).body
    functions = [node for node in body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    marks_all = any(mark in ast.unparse(node) for node in body if isinstance(node, ast.Assign))
    return frozenset(
        node.name for node in functions if marks_all or any(mark in ast.unparse(each) for each in node.decorator_list)
    )


def scope_of(root: Path, nodeid: str) -> str:
    """Return the name that a test shares with those that must run in the same worker.

    The tests of the private Tor network stay together, so that a single worker starts it; so do those of a fast module
    and those that share a fixture. Other slow tests go to the next worker that is free.
    """
    path, _, test = nodeid.partition("::")
    if test.partition("[")[0] in tornet_tests(root / path):
        return TORNET
    return nodeid if has_prefix(path, SLOW) and not has_module_fixture(root / path) else path


def sort_longest_first(root: Path, items: list[pytest.Item]) -> None:
    """Put tests in the order in which workers take them, so that no worker ends alone with a long test."""
    scopes = {item.nodeid: scope_of(root, item.nodeid) for item in items}
    sizes = Counter(scopes.values())

    def rank(item: pytest.Item) -> tuple[int, int]:
        scope = scopes[item.nodeid]
        prefixes = (place for place, prefix in enumerate(LONGEST_FIRST) if has_prefix(item.nodeid, (prefix,)))
        return -1 if scope == TORNET else next(prefixes, len(LONGEST_FIRST)), -sizes[scope]

    items.sort(key=rank)


class TogetherScheduling(LoadScopeScheduling):  # type: ignore[misc]  # xdist has no types
    """A scheduler of xdist that keeps the tests of one `scope_of` together, and takes the scopes in their order."""

    def _split_scope(self, nodeid: str) -> str:
        return scope_of(self.config.rootpath, nodeid)


def make_scheduler(config: pytest.Config, log: object) -> TogetherScheduling | None:
    """Return the scheduler of a run with workers; None if it was started with a `--dist` of xdist's own."""
    if config.getoption("dist") != "load":
        return None
    config.option.loadscopereorder = False  # xdist would begin with the scope that has the most tests
    return TogetherScheduling(config, log)
