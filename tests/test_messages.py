"""Every message of the code has its French, and the catalogue holds nothing else."""

import ast

from babel.messages.catalog import Message
from babel.messages.checkers import python_format

from tests.checkout import ROOT
from tests.messages import KEYWORDS, french, messages_of_the_code


def _translations(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string or [""])


def test_french_catalogue_has_every_message_of_the_code() -> None:
    catalogue = {message.id: message for message in french() if message.id}
    assert {id for id, message in catalogue.items() if not all(_translations(message))} == set()
    assert set(catalogue) == set(messages_of_the_code())


def test_no_message_is_inside_an_f_string_where_it_would_not_be_found() -> None:
    """Babel sees no call in there before Python 3.12 (PEP 701)."""
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in (ROOT / "portal").rglob("*.py")}
    calls = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path, tree in trees.items()
        for text in ast.walk(tree)
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in KEYWORDS
        if any(isinstance(argument, ast.Constant) for argument in call.args)
    ]
    assert calls == []


def test_french_catalogue_has_no_fuzzy_message() -> None:
    assert [message.id for message in french() if message.id and message.fuzzy] == []


def test_french_translations_keep_the_places_of_the_details() -> None:
    catalogue = french()
    for message in catalogue:
        if message.id and "python-format" in message.flags:
            python_format(catalogue, message)
