"""Contrast ratio of two colours (WCAG 2.2), and the colours of an event that have too little of it."""

from collections.abc import Iterator, Mapping
from typing import Final

from portal.domain.errors import Problem
from portal.domain.event.value_rules import is_colour
from portal.domain.language import N_

LEGIBLE: Final = 4.5
"""The contrast ratio that running text needs (§1.4.3)."""

MARK: Final = 3
"""The contrast ratio that marks other than text need (§1.4.11)."""

_NEEDED: Final = {
    "accent": (MARK, N_("it is too close to the paper: marks and links could hardly be seen")),
    "ink": (LEGIBLE, N_("it is too close to the paper: the text could not be read")),
}


def contrast(first: str, second: str) -> float:
    """Return the contrast ratio of two colours `#rrggbb`, from 1 to 21 (WCAG 2.2, “contrast ratio”)."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def problems_of_colours(colours: Mapping[str, str]) -> Iterator[Problem]:
    """Yield the faults of `colours` by name: those too close to the paper. A value that is no colour is left out."""
    sound = {name: value for name, value in colours.items() if is_colour(value)}
    for name, (ratio, text) in _NEEDED.items():
        if name in sound and "paper" in sound and contrast(sound[name], sound["paper"]) < ratio:
            yield Problem("colours", name, text)


def _luminance(colour: str) -> float:
    shares = (channel / 255 for channel in bytes.fromhex(colour.removeprefix("#")))
    red, green, blue = (share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
