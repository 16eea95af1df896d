"""The stylesheet of an edition, written into every page and allowed there by its hash; organisers' pages have more."""

import re
from base64 import b64encode
from functools import lru_cache
from hashlib import sha256
from typing import Final

from portal.domain.event.contrast import LEGIBLE, MARK, contrast
from portal.domain.event.event import Colours, Event
from portal.site.bundled import bundled
from portal.site.colours import BLACK, WHITE, legible_colour, mix

_COMMENT: Final = re.compile(r"/\*.*?\*/", re.DOTALL)
_SPACES: Final = re.compile(r"\s+")
_AROUND: Final = re.compile(r" ?([{};,]) ?")
_AFTER_COLON: Final = re.compile(r"(?<=:) ")

_NIGHT: Final = "#101014"


def stylesheet(event: Event) -> str:
    """Return the style of every page: the event's colours, then `templates/style.css`."""
    return _stylesheet(event.colours)


@lru_cache(maxsize=4)  # rendering an edition calls it several times
def _stylesheet(colours: Colours) -> str:
    return _minified("\n".join((_day(colours), _source("style.css"), _night(colours))))


def organisers_stylesheet(event: Event) -> str:
    """Return the style of the organisers' pages: that of every page, then `templates/organisers.css`."""
    return stylesheet(event) + _minified(_source("organisers.css"))


def style_hash(style: str) -> str:
    """Return the source expression that allows `style` (CSP 3 §2.3.1): `sha256-…` without its quotes."""
    return f"sha256-{b64encode(sha256(style.encode()).digest()).decode()}"


def content_security_policy(style: str) -> str:
    """Return the policy that a page carries itself, for a mirror on a server that sends none (CSP 3 §3.3)."""
    return (
        f"default-src 'none'; style-src '{style_hash(style)}'; img-src 'self' data:; "
        "form-action 'self'; base-uri 'none'"
    )


def _source(name: str) -> str:
    return bundled("templates").joinpath(name).read_text(encoding="utf-8")


def _day(colours: Colours) -> str:
    return f":root{{{_palette(colours.accent, colours.ink, colours.paper)}}}"


def _night(colours: Colours) -> str:
    """Return the same colours for a reader whose system is dark; paper keeps the day's."""
    ink = legible_colour(mix(colours.paper, _NIGHT, 0.08), _NIGHT, ratio=7)
    return f"@media screen and (prefers-color-scheme:dark){{:root{{{_palette(colours.accent, ink, _NIGHT)}}}}}"


def _palette(accent: str, ink: str, paper: str) -> str:
    soft, accent = _soft(paper, ink), legible_colour(accent, paper, ratio=MARK)
    values = {
        "paper": paper,
        "soft": soft,
        "line": mix(paper, ink, 0.2),
        "ink": legible_colour(ink, paper, soft, ratio=7),
        "quiet": legible_colour(mix(ink, paper, 0.3), paper, soft),
        "accent": accent,
        "on-accent": legible_colour(max((paper, ink), key=lambda colour: contrast(colour, accent)), accent),
        "link": legible_colour(accent, paper, soft),
    }
    return ";".join(f"--{name}:{value}" for name, value in values.items())


def _soft(paper: str, ink: str) -> str:
    """Return a ground a little nearer to the ink than the paper is, as far as text stays legible on both."""
    grounds = (mix(paper, ink, hundredths / 100) for hundredths in range(7, 0, -1))
    return next((ground for ground in grounds if _can_carry_text(paper, ground)), paper)


def _can_carry_text(*grounds: str) -> bool:
    return any(min(contrast(pole, ground) for ground in grounds) >= LEGIBLE for pole in (BLACK, WHITE))


def _minified(style: str) -> str:
    bare = _SPACES.sub(" ", _COMMENT.sub("", style))
    return _AFTER_COLON.sub("", _AROUND.sub(r"\1", bare)).replace(";}", "}").strip()
