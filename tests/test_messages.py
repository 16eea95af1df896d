"""Every message of the code has its French, and the catalogue holds nothing else."""

from babel.messages.catalog import Message
from babel.messages.checkers import python_format

from tests.messages import french, messages_of_the_code


def _translations(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string or [""])


def test_french_catalogue_has_every_message_of_the_code() -> None:
    catalogue = {message.id: message for message in french() if message.id}
    assert {id for id, message in catalogue.items() if not all(_translations(message))} == set()
    assert set(catalogue) == set(messages_of_the_code())


def test_french_catalogue_has_no_fuzzy_message() -> None:
    assert [message.id for message in french() if message.id and message.fuzzy] == []


def test_french_translations_keep_the_places_of_the_details() -> None:
    catalogue = french()
    for message in catalogue:
        if message.id and "python-format" in message.flags:
            python_format(catalogue, message)
