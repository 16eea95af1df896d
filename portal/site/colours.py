"""Colours that stay legible whatever the event chose (WCAG 2.2 §1.4.3 and §1.4.11). All are `#rrggbb`."""

from typing import Final

from portal.domain.event.contrast import LEGIBLE, contrast

BLACK: Final = "#000000"
WHITE: Final = "#ffffff"

_STEPS: Final = 100


def mix(colour: str, other: str, part: float) -> str:
    """Return `colour` with `part` (0 to 1) of `other` in it."""
    pairs = zip(_channels(colour), _channels(other), strict=True)
    return "#" + "".join(f"{round(own + (its - own) * part):02x}" for own, its in pairs)


def legible_colour(colour: str, *papers: str, ratio: float = LEGIBLE) -> str:
    """Move `colour` towards black or white, as little as it takes to reach `ratio` on every one of `papers`."""
    pole = max((BLACK, WHITE), key=lambda colour: min(contrast(colour, paper) for paper in papers))
    shades = (mix(colour, pole, step / _STEPS) for step in range(_STEPS + 1))
    return next((shade for shade in shades if min(contrast(shade, paper) for paper in papers) >= ratio), pole)


def _channels(colour: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(colour.removeprefix("#")))
