"""The banner of a mirror whose signatures have expired, in the language of the words of each page."""

from datetime import UTC, datetime
from typing import Final

import pytest

from portal.domain.language import Language
from portal.mirror.client.banner import sentences, with_banner, without_banner

UNTIL: Final = datetime(2026, 12, 1, 9, 5, tzinfo=UTC)
PAGES: Final[dict[str, tuple[str, Language]]] = {
    "French": ('<html lang="fr">\n<body>\n', "fr"),
    "Spanish": ('<html lang="es">\n<body>\n', "es"),
    "German, in the words of English": ('<html lang="de">\n<body lang="en">\n', "en"),
    "Arabic, in the words of French": ('<html lang="ar" dir="rtl">\n<body lang="fr" dir="ltr">\n', "fr"),
    "French of Canada": ('<html lang="fr-CA">\n<body>\n', "fr"),
    "no language": ("<html>\n<body>\n", "en"),
}


@pytest.mark.parametrize(("head", "language"), PAGES.values(), ids=PAGES.keys())
def test_banner_is_in_the_language_of_the_words_and_is_taken_off_again(head: str, language: Language) -> None:
    page = f'{head}<p lang="es">Hola</p>\n</body>\n'.encode()
    shown = with_banner(page, sentences(), UNTIL)
    sentence = sentences()[language].replace("%(when)s", "2026-12-01 09:05")
    banner = f'<p class="notice" role="status">{sentence}</p>\n'
    assert shown.decode() == page.decode().replace(head, head + banner)
    assert without_banner(shown, sentences(), UNTIL) == page


def test_file_that_is_no_page_has_no_banner() -> None:
    assert with_banner(b"BEGIN:VCALENDAR\r\n", sentences(), UNTIL) == b"BEGIN:VCALENDAR\r\n"
    assert without_banner(b"BEGIN:VCALENDAR\r\n", sentences(), UNTIL) == b"BEGIN:VCALENDAR\r\n"
