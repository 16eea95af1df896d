"""The rules of the tests themselves, read from their syntax trees."""

import ast
from collections.abc import Callable
from functools import cache
from typing import Final

from tests.checkout import ROOT

MOST_SECONDS: Final = 0.1


@cache
def trees() -> dict[str, ast.Module]:
    """Return the syntax trees of the modules of the tests, by their paths."""
    paths = sorted((ROOT / "tests").rglob("*.py"))
    return {str(path.relative_to(ROOT)): ast.parse(path.read_text(encoding="utf-8")) for path in paths}


def places_where(breaks_the_rule: Callable[[ast.AST], bool]) -> list[str]:
    """Return the file and the line of each node of any tree that breaks a rule."""
    return [
        f"{path}:{getattr(node, 'lineno', 0)}"
        for path, tree in trees().items()
        for node in ast.walk(tree)
        if breaks_the_rule(node)
    ]


def is_condition(node: ast.AST) -> bool:
    """Return whether an expression is true or false by its form."""
    return isinstance(node, ast.Compare | ast.BoolOp) or (
        isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not)
    )


def hides_a_condition(node: ast.AST) -> bool:
    """Return whether an assertion compares a condition as an item of a tuple, so that a failure shows no value."""
    if not isinstance(node, ast.Assert):
        return False
    comparisons = [part for part in ast.walk(node.test) if isinstance(part, ast.Compare)]
    sides = (side for comparison in comparisons for side in (comparison.left, *comparison.comparators))
    return any(isinstance(side, ast.Tuple | ast.List) and any(map(is_condition, side.elts)) for side in sides)


def imports_tests(node: ast.AST) -> bool:
    """Return whether a node imports a test module, or a name of one."""
    if isinstance(node, ast.ImportFrom):
        parts = [*(node.module or "").split("."), *(alias.name for alias in node.names)]
    elif isinstance(node, ast.Import):
        parts = [part for alias in node.names for part in alias.name.split(".")]
    else:
        return False
    return parts[0] == "tests" and any(part.startswith("test_") for part in parts)


def sleeps_long(node: ast.AST) -> bool:
    """Return whether a node sleeps for longer than MOST_SECONDS, given as a number."""
    if not isinstance(node, ast.Call) or not ast.unparse(node.func).endswith("sleep"):
        return False
    seconds = [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
    return any(isinstance(value, int | float) and value > MOST_SECONDS for value in seconds)


def measures_time(node: ast.AST) -> bool:
    """Return whether a node reads a clock that runs on while other programs have the processor."""
    return isinstance(node, ast.Call) and ast.unparse(node.func).endswith("perf_counter")


def test_assertion_shows_the_values_that_it_compares() -> None:
    assert places_where(hides_a_condition) == []


def test_no_module_imports_a_test_module() -> None:
    """Code that tests share is in tests/factories and tests/fakes."""
    assert places_where(imports_tests) == []


def test_no_test_sleeps_long() -> None:
    """A test waits for the event itself (tests/waiting.py), or turns a clock of its own."""
    assert places_where(sleeps_long) == []


def test_no_test_measures_time_that_other_programs_take() -> None:
    """A comparison of costs is made in the time of the own process."""
    assert places_where(measures_time) == []
