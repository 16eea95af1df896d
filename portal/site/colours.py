"""Colours that stay legible whatever the event chose (WCAG 2.2, clauses 1.4.3 and 1.4.11). All are `#rrggbb`."""

from typing import Final

LEGIBLE: Final = 4.5
"""The contrast ratio that running text needs."""

BLACK: Final = "#000000"
WHITE: Final = "#ffffff"

_STEPS: Final = 100


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, from 1 to 21 (WCAG 2.2, “contrast ratio”)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def mixed(colour: str, other: str, part: float) -> str:
    """`colour` with `part` (0 to 1) of `other` in it."""
    pairs = zip(_channels(colour), _channels(other), strict=True)
    return "#" + "".join(f"{round(own + (its - own) * part):02x}" for own, its in pairs)


def legible(colour: str, *papers: str, ratio: float = LEGIBLE) -> str:
    """`colour`, taken as little as it needs towards black or white to reach `ratio` on every one of `papers`."""
    pole = max((BLACK, WHITE), key=lambda one: min(contrast(one, paper) for paper in papers))
    shades = (mixed(colour, pole, step / _STEPS) for step in range(_STEPS + 1))
    return next((one for one in shades if min(contrast(one, paper) for paper in papers) >= ratio), pole)


def _channels(colour: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(colour.removeprefix("#")))


def _luminance(colour: str) -> float:
    shares = (channel / 255 for channel in _channels(colour))
    red, green, blue = (share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
