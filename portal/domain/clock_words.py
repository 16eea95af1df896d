"""Clock times as each language writes them."""

from datetime import time
from typing import Final

from portal.domain.language import Language, Text

_NO_BREAK: Final = "\N{NO-BREAK SPACE}"


def clock_time(moment: time, language: Language) -> str:
    """`17 h 30` and `11 h` in French, `17:30` and `11:00` in English."""
    if language == "en":
        return f"{moment:%H:%M}"
    minutes = f"{_NO_BREAK}{moment:%M}" if moment.minute else ""
    return f"{moment.hour}{_NO_BREAK}h{minutes}"


def clock_text(moment: time) -> Text:
    """`moment` in each language."""
    return Text(clock_time(moment, "fr"), clock_time(moment, "en"))


def span_text(start: time, end: time) -> Text:
    """From `start` to `end`: `11 h 20 – 12 h` in French, `11:20 – 12:00` in English."""
    first, last = clock_text(start), clock_text(end)
    return Text(f"{first.fr} – {last.fr}", f"{first.en} – {last.en}")
