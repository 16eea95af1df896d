"""The rules of docstrings and names in the product, read from its syntax trees."""

import ast
from collections.abc import Callable, Iterator
from functools import cache
from typing import Final

import pytest

from tests.checkout import ROOT

QUESTION_WORDS: Final = {"What", "Where", "How", "Whether", "Who", "Why", "When", "Whose"}
NO_VERBS: Final = {"The", "A", "An", "Each", "Every", "Whether"}
NO_NAMES: Final = {"one", "told", "said", "asked", "noted"}

Rule = Callable[[ast.AST], bool]


@cache
def nodes() -> tuple[tuple[str, ast.AST], ...]:
    """Return every node of the syntax trees of the product, with the path of its module."""
    paths = sorted(path for folder in ("portal", "onion") for path in (ROOT / folder).rglob("*.py"))
    return tuple(
        (str(path.relative_to(ROOT)), node)
        for path in paths
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    )


def first_word(node: ast.AST) -> str:
    """Return the first word of a docstring; "" where a node has none."""
    if not isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
        return ""
    return next(iter((ast.get_docstring(node) or "").split()), "")


def opens_with_a_question_word(node: ast.AST) -> bool:
    """Return whether a docstring opens with a word of QUESTION_WORDS."""
    return first_word(node).rstrip(",:") in QUESTION_WORDS


def opens_without_a_verb(node: ast.AST) -> bool:
    """Return whether the docstring of a function opens with a word of NO_VERBS."""
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and first_word(node) in NO_VERBS


def names_of(node: ast.AST) -> Iterator[object]:
    """Yield the identifiers in the fields of a node: `id`, `arg`, `attr`, `name`, `asname`."""
    for field in ("id", "arg", "attr", "name", "asname"):
        yield getattr(node, field, None)


def has_no_name(node: ast.AST) -> bool:
    """Return whether a node names a thing by a word of NO_NAMES."""
    return any(name in NO_NAMES for name in names_of(node))


RULES: Final[dict[str, tuple[Rule, str, str]]] = {
    "a docstring opens with no question word": (
        opens_with_a_question_word,
        '"""What a mirror serves."""',
        '"""The files of a mirror."""',
    ),
    "the docstring of a function opens with its verb": (
        opens_without_a_verb,
        'def path() -> str:\n    """The path of a page."""',
        'def path() -> str:\n    """Return the path of a page."""',
    ),
    "a loop variable names the thing": (
        has_no_name,
        "ids = [one.id for one in rooms]",
        "ids = [room.id for room in rooms]",
    ),
    "an argument names the thing": (has_no_name, "def show(told): ...", "def show(message): ..."),
    "an attribute names the thing": (has_no_name, "self.noted = []", "self.notes = []"),
    "a function names what it does": (has_no_name, "def asked(): ...", "def ask(): ..."),
    "a caught error has a name": (
        has_no_name,
        "try: ...\nexcept OSError as said: ...",
        "try: ...\nexcept OSError: ...",
    ),
}


@pytest.mark.parametrize(("breaks", "wrong", "right"), RULES.values(), ids=RULES.keys())
def test_rule_tells_the_right_from_the_wrong(breaks: Rule, wrong: str, right: str) -> None:
    assert [any(map(breaks, ast.walk(ast.parse(source)))) for source in (wrong, right)] == [True, False]


@pytest.mark.parametrize("breaks", [opens_with_a_question_word, opens_without_a_verb, has_no_name])
def test_product_keeps_the_rule(breaks: Rule) -> None:
    assert [f"{path}:{getattr(node, 'lineno', 1)}" for path, node in nodes() if breaks(node)] == []
