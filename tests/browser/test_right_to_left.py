"""The public pages from right to left: in a browser, every block stands where a mirror would show it."""

from collections.abc import Iterator
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, ViewportSize

from portal.site.render import Renderer, file_at
from tests.factories.sample import edition

pytestmark = pytest.mark.browser

PAGES: Final = (
    "fr/index.html",
    "fr/programme/index.html",
    "fr/programme/grille/index.html",
    "fr/seances/outils/index.html",
    "fr/pratique/index.html",
    "fr/miroirs/index.html",
    "fr/vie-privee/index.html",
)

# The distances of each block that is shown from the start of the line and from its end, in pixels.
PLACES: Final = """isLeftward => [...document.querySelectorAll(
    ".brand, main, main > *, .slot > *, .session, .facts > div, .pair > *, .grid > *, footer, footer > *"
)].filter(one => one.checkVisibility()).flatMap(one => {
    const box = one.getBoundingClientRect()
    const sides = [box.left, document.documentElement.clientWidth - box.right]
    return isLeftward ? sides.reverse() : sides
})"""
BEYOND: Final = """[...document.querySelectorAll("body *")]
    .filter(one => !one.closest(".scroll *") && one.getBoundingClientRect().left < -0.5)
    .map(one => one.outerHTML.slice(0, 200))"""


@pytest.fixture(scope="module", params=[360, 1000])
def page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """A tab without scripts, as wide as a phone and as a window."""
    with browser.new_context(
        java_script_enabled=False, viewport=ViewportSize(width=request.param, height=700)
    ) as context:
        yield context.new_page()


@pytest.mark.parametrize("path", PAGES)
def test_page_from_right_to_left_is_the_mirror_image(page: Page, path: str) -> None:
    file = file_at(Renderer(edition()), path)
    assert file is not None
    html = file.content.decode()
    page.set_content(html)
    places = page.evaluate(PLACES, False)
    assert len(places) > 10
    page.set_content(html.replace('<html lang="fr">', '<html lang="fr" dir="rtl">'))
    mirrored = page.evaluate(PLACES, True)
    assert mirrored == pytest.approx(places, abs=0.5)
    assert page.evaluate(BEYOND) == []
