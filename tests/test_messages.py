"""Every message of the code has its translation in every catalogue, and the catalogues hold nothing else."""

import ast

import pytest
from babel.messages.catalog import Message
from babel.messages.checkers import num_plurals, python_format

from portal.domain.language import Language
from tests.checkout import ROOT
from tests.messages import KEYWORDS, TRANSLATED, catalogue_of, messages_of_the_code

in_each_language = pytest.mark.parametrize("language", TRANSLATED)


def _translations(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string or [""])


@in_each_language
def test_catalogue_has_every_message_of_the_code(language: Language) -> None:
    """Fill in what is missing: `python -m tests.messages that.json`, of `{"English": {"fr": "French", …}}`."""
    catalogue = {message.id: message for message in catalogue_of(language) if message.id}
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


@in_each_language
def test_catalogue_has_no_fuzzy_message(language: Language) -> None:
    assert [message.id for message in catalogue_of(language) if message.id and message.fuzzy] == []


@in_each_language
def test_translations_keep_the_places_of_the_details(language: Language) -> None:
    catalogue = catalogue_of(language)
    for message in catalogue:
        if message.id:
            num_plurals(catalogue, message)
        if message.id and "python-format" in message.flags:
            python_format(catalogue, message)
