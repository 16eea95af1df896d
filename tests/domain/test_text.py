"""Field of a form, without the changes that browsers make."""

from typing import Final

import pytest

from portal.domain.text import trimmed_field

FIELDS: Final[dict[str, tuple[dict[str, str], str]]] = {
    "a word": ({"title": "Grève"}, "Grève"),
    "blanks around": ({"title": " \r\n Grève\t"}, "Grève"),
    "lines of a browser": ({"title": "a\r\n\r\nb"}, "a\n\nb"),
    "a carriage return alone": ({"title": "a\rb"}, "a\rb"),
    "another field": ({"text": "Grève"}, ""),
}


@pytest.mark.parametrize(("fields", "text"), FIELDS.values(), ids=FIELDS.keys())
def test_field_is_read_as_it_was_typed(fields: dict[str, str], text: str) -> None:
    assert trimmed_field(fields, "title") == text
