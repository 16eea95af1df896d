"""The terminal: its language, its errors in words, its spinner."""

import io

import pytest

from portal.cli.terminal import Terminal, spinner, terminal_language, usage_mistake
from portal.domain.language import Language
from tests.waiting import wait_until

LOCALES: dict[str, tuple[dict[str, str], Language]] = {
    "nothing said": ({}, "en"),
    "a French machine": ({"LANG": "fr_FR.UTF-8"}, "fr"),
    "French of another country": ({"LANG": "fr_CA"}, "fr"),
    "French alone": ({"LANG": "fr"}, "fr"),
    "an English machine": ({"LANG": "en_GB.UTF-8"}, "en"),
    "another language": ({"LANG": "de_DE.UTF-8"}, "en"),
    "the language that begins like French": ({"LANG": "fry_NL.UTF-8"}, "en"),
    "messages in French on an English machine": ({"LANG": "en_GB.UTF-8", "LC_MESSAGES": "fr_FR.UTF-8"}, "fr"),
    "everything in English on a French machine": ({"LANG": "fr_FR.UTF-8", "LC_ALL": "C"}, "en"),
    "a variable that is empty says nothing": ({"LANG": "fr_FR.UTF-8", "LC_ALL": ""}, "fr"),
}


@pytest.mark.parametrize(("environment", "language"), LOCALES.values(), ids=LOCALES.keys())
def test_language_is_that_of_the_terminal(environment: dict[str, str], language: Language) -> None:
    assert terminal_language(environment) == language


def test_mistake_that_has_no_words_of_ours_keeps_those_of_typer() -> None:
    assert usage_mistake("fr", "Something unheard of.") == "Something unheard of."


class Screen(io.StringIO):
    """A stream that says it is a screen."""

    def isatty(self) -> bool:
        return True


def test_quick_work_says_nothing() -> None:
    screen = Screen()
    with spinner("Making the pages", screen, delay=5):
        pass
    assert screen.getvalue() == ""


def test_long_work_is_counted_on_a_screen() -> None:
    screen = Screen()
    with spinner("Making the pages", screen, delay=0.01):
        wait_until(lambda: screen.getvalue().count("\r") > 1)
    seconds = range(screen.getvalue().count("\r"))
    assert screen.getvalue() == "".join(f"\rMaking the pages… {second} s" for second in seconds) + "\n"


def test_long_work_is_said_once_in_a_file() -> None:
    file = io.StringIO()
    with spinner("Making the pages", file, delay=0.01):
        wait_until(file.getvalue)
    assert file.getvalue() == "Making the pages…\n"


HARMFUL = {
    "words of any script and their spaces": (
        "L’été « à 9 h »\u00a0: 日本 👩\u200d🔬",
        "L’été « à 9 h »\u00a0: 日本 👩\u200d🔬",
    ),
    "an order to the terminal": ("\x1b[2J\x07\x9b1A\r", "\ufffd[2J\ufffd\ufffd1A\ufffd"),
    "lines": ("one\ntwo\u2028three", "one two\ufffdthree"),
    "a turn of the direction": ("a\u202eb\u2066c", "a\ufffdb\ufffdc"),
    "half a character": ("\ud800", "\ufffd"),
}


@pytest.mark.parametrize(("written", "shown"), HARMFUL.values(), ids=HARMFUL.keys())
def test_details_are_shown_harmless(written: str, shown: str) -> None:
    assert Terminal("en", {}).translate("See %(what)s.", {"what": written}) == f"See {shown}."
