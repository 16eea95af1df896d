"""Which tests a run with several workers keeps in one worker, and in which order workers take them."""

import ast
import json
import os
import subprocess
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import Final

from tests.checkout import ROOT
from tests.scheduling import TORNET, scope_of, source_of, tornet_tests

CONFTEST: Final = """
import json, os
import pytest
from tests.scheduling import make_scheduler, sort_longest_first

def pytest_xdist_make_scheduler(config, log):
    return make_scheduler(config, log)

def pytest_collection_modifyitems(config, items):
    sort_longest_first(config.rootpath, items)

@pytest.hookimpl(trylast=True)
def pytest_runtest_call(item):
    with (item.config.rootpath / "record").open("a") as file:
        file.write(json.dumps([os.environ["PYTEST_XDIST_WORKER"], item.nodeid]) + "\\n")
"""
CASES: Final = '@pytest.mark.parametrize("n", range(12))\ndef test_{name}(n):\n    pass\n'
FILES: Final = {
    "pytest.ini": "[pytest]\nmarkers = tornet: uses the private Tor network\n",
    "tests/conftest.py": CONFTEST,
    "tests/journeys/test_single.py": "import pytest\n" + CASES.format(name="journey"),
    "tests/journeys/test_shared.py": "import pytest\n"
    + '@pytest.fixture(scope="module", autouse=True)\ndef portal():\n    pass\n'
    + CASES.format(name="shared"),
    "tests/onion/test_all.py": "import pytest\npytestmark = [pytest.mark.tornet]\n" + CASES.format(name="all"),
    "tests/onion/test_some.py": "import pytest\n@pytest.mark.tornet\n"
    + CASES.format(name="over_tor")
    + CASES.format(name="without_tor"),
    "tests/site/test_fast.py": "import pytest\n" + CASES.format(name="fast"),
}

TESTS: Final = (
    "test_all.py::test_all",
    "test_fast.py::test_fast",
    "test_shared.py::test_shared",
    "test_single.py::test_journey",
    "test_some.py::test_over_tor",
    "test_some.py::test_without_tor",
)
TESTS_OVER_TOR: Final = ROOT / "tests" / "onion" / "test_over_tor.py"


def record_of_a_run(folder: Path) -> list[tuple[str, str]]:
    """Run pytest with two workers on `FILES`, and return the worker and the name of each test in its order."""
    for name, content in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "--numprocesses", "2", "-p", "no:cacheprovider", "--quiet"]
    own = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    subprocess.run(command, cwd=folder, env=own | {"PYTHONPATH": str(ROOT)}, check=True, capture_output=True)
    lines = (json.loads(line) for line in (folder / "record").read_text(encoding="utf-8").splitlines())
    return [(worker, nodeid.rpartition("/")[2].partition("[")[0]) for worker, nodeid in lines]


def test_tests_that_share_stay_in_one_worker_and_the_longest_come_first(tmp_path: Path) -> None:
    record = record_of_a_run(tmp_path)
    workers: dict[str, set[str]] = defaultdict(set)
    for worker, test in record:
        workers[test].add(worker)
    assert Counter(test for _, test in record) == dict.fromkeys(TESTS, 12)
    assert workers["test_all.py::test_all"] == workers["test_some.py::test_over_tor"]
    assert [test for test in TESTS if len(workers[test]) > 1 and test != "test_single.py::test_journey"] == []
    assert set(dict(reversed(record)).values()) == {"test_all.py::test_all", "test_shared.py::test_shared"}


def test_scope_of_a_test_names_the_tests_that_stay_with_it() -> None:
    scopes = {
        "tests/onion/test_over_tor.py::test_own_torrc[a::b]": "tests/onion/test_over_tor.py",
        "tests/site/test_times.py::test_x": "tests/site/test_times.py",
        "tests/journeys/test_attendee.py::test_x[0]": "tests/journeys/test_attendee.py::test_x[0]",
        "tests/journeys/test_export.py::test_x": "tests/journeys/test_export.py",
        "tests/browser/test_whole_event.py::test_x": "tests/browser/test_whole_event.py",
        **{f"tests/onion/test_over_tor.py::{test}": "tornet" for test in tornet_tests(TESTS_OVER_TOR)},
    }
    assert {nodeid: scope_of(ROOT, nodeid) for nodeid in scopes} == scopes


def asks_for_the_network(node: ast.AST) -> bool:
    """Return whether a test or a fixture takes the private Tor network."""
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and any(a.arg == TORNET for a in node.args.args)


def test_module_that_asks_for_the_private_network_has_tests_marked_so() -> None:
    modules = sorted((ROOT / "tests").rglob("test_*.py"))
    asking = {path for path in modules if any(map(asks_for_the_network, ast.walk(ast.parse(source_of(path)))))}
    assert len(asking) > 4
    assert [path for path in asking if not tornet_tests(path)] == []
