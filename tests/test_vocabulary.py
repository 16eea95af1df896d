"""The rules of docstrings and names, read from the syntax trees: some of the product alone, one of every folder."""

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
def nodes(*folders: str) -> tuple[tuple[str, ast.AST], ...]:
    """Return every node of the syntax trees in `folders`, with the path of its module."""
    paths = sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))
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
    """Return whether a docstring, also that of a constant or a field, opens with a word of QUESTION_WORDS."""
    text = node.value.value if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) else None
    return isinstance(text, str) and next(iter(text.split()), "").rstrip(",:") in QUESTION_WORDS


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
    "that of a constant neither": (
        opens_with_a_question_word,
        'SECONDS = 5\n"""How long a mirror waits."""',
        'SECONDS = 5\n"""Seconds that a mirror waits."""',
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


def breaches(breaks: Rule, *folders: str) -> list[str]:
    """Return the places in `folders` where a rule is broken."""
    return [f"{path}:{getattr(node, 'lineno', 1)}" for path, node in nodes(*folders) if breaks(node)]


@pytest.mark.parametrize("breaks", [opens_without_a_verb, has_no_name])
def test_product_keeps_the_rule(breaks: Rule) -> None:
    assert breaches(breaks, "portal", "onion") == []


def test_no_docstring_opens_with_a_question_word() -> None:
    assert breaches(opens_with_a_question_word, "portal", "onion", "tests", "bench") == []
