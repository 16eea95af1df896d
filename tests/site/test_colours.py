"""Colours: the arithmetic of contrast, and that every page can be read whatever the event chose."""

import re
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from portal.domain.event.contrast import contrast
from portal.domain.event.event import Colours
from portal.site.colours import legible_colour, mix
from portal.site.style import stylesheet
from tests.factories.sample import EVENT

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")
READ_ON = {
    "ink": ("paper", "soft"),
    "quiet": ("paper", "soft"),
    "link": ("paper", "soft"),
    "on-accent": ("accent",),
}


def test_contrast_of_black_on_white_is_the_largest() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.478, abs=0.001)
    assert contrast("#abcdef", "#abcdef") == 1


def test_mixed_goes_from_one_colour_to_the_other() -> None:
    assert [mix("#000000", "#ff8000", part) for part in (0, 0.5, 1)] == ["#000000", "#804000", "#ff8000"]


def test_legible_leaves_a_colour_that_can_be_read() -> None:
    assert legible_colour("#a3241c", "#fbf8f1") == "#a3241c"


@given(COLOURS, COLOURS)
def test_legible_reaches_the_ratio_whatever_the_colours(colour: str, paper: str) -> None:
    assert contrast(legible_colour(colour, paper), paper) >= 4.5


@given(COLOURS, COLOURS, COLOURS)
@example("#000000", "#000000", "#00885a")
def test_style_can_be_read_by_day_and_by_night(accent: str, ink: str, paper: str) -> None:
    style = stylesheet(replace(EVENT, colours=Colours(accent, ink, paper)))
    palettes = [dict(re.findall(r"--([a-z-]+):(#[0-9a-f]{6})", rule)) for rule in re.findall(r":root\{[^}]*\}", style)]
    for palette in (palettes[0], palettes[-1]):
        for text, grounds in READ_ON.items():
            assert min(contrast(palette[text], palette[ground]) for ground in grounds) >= 4.5
        assert contrast(palette["accent"], palette["paper"]) >= 3
