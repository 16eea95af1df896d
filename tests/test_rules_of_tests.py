"""The rules of the tests themselves, read from their syntax trees."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tests.checkout import ROOT

TREES: Final = {path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted((ROOT / "tests").rglob("*.py"))}


def places_of(path: Path, nodes: Iterator[ast.AST]) -> list[str]:
    """Return the file and the line of each node."""
    return [f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}" for node in nodes]


def is_condition(node: ast.AST) -> bool:
    """Return whether an expression is true or false by its form."""
    return isinstance(node, ast.Compare | ast.BoolOp) or (
        isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not)
    )


def hides_a_condition(node: ast.AST) -> bool:
    """Return whether a comparison has a condition as an item of one of its sides, so that a failure shows no value."""
    sides = (node.left, *node.comparators) if isinstance(node, ast.Compare) else ()
    return any(isinstance(side, ast.Tuple | ast.List) and any(map(is_condition, side.elts)) for side in sides)


def hidden_conditions(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield the comparisons in assertions that hide a condition."""
    asserts = (node for node in ast.walk(tree) if isinstance(node, ast.Assert))
    return (part for node in asserts for part in ast.walk(node.test) if hides_a_condition(part))


def test_assertion_shows_the_values_that_it_compares() -> None:
    assert [place for path, tree in TREES.items() for place in places_of(path, hidden_conditions(tree))] == []


def imported_tests(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield the imports of a test module, or of names out of one."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            parts = [*(node.module or "").split("."), *(alias.name for alias in node.names)]
        elif isinstance(node, ast.Import):
            parts = [part for alias in node.names for part in alias.name.split(".")]
        else:
            continue
        if parts[0] == "tests" and any(part.startswith("test_") for part in parts):
            yield node


def test_no_module_imports_a_test_module() -> None:
    """What tests share is in tests/factories and tests/fakes."""
    assert [place for path, tree in TREES.items() for place in places_of(path, imported_tests(tree))] == []
