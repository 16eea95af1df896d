"""A portal that really runs, for a browser on a phone, and what a tester does on every page of it."""

import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from playwright.sync_api import Page, ViewportSize

from tests.browser.measures import OUTSIDE, SMALL_TARGETS, TAP_TARGET
from tests.factories.origin_process import CHECKOUT, init_ahead, serving

PHONE: Final = ViewportSize(width=360, height=700)
FORM_MILLISECONDS: Final = 2_100
"""A little more than a form must have been open for."""


@dataclass(frozen=True)
class Portal:
    """A running portal: its address, and the passphrase of its organiser, Camille."""

    url: str
    passphrase: str


@contextmanager
def running_portal(folder: Path) -> Iterator[Portal]:
    """The portal of the real event, set up and started in `folder` as its organisers would."""
    output = subprocess.run(
        [*init_ahead(folder), "--organiser", "Camille"],
        cwd=folder,
        env=os.environ | CHECKOUT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    passphrase = re.search(r"^    (.+)$", output, re.MULTILINE)
    assert passphrase is not None, output
    with serving(folder) as running:
        yield Portal(running.url, passphrase[1])
        assert running.stop() == 0


def assert_fits(page: Page) -> None:
    """Nothing of the page stands out of the phone, and a finger can hit everything."""
    assert (page.evaluate(OUTSIDE), page.evaluate(SMALL_TARGETS, TAP_TARGET)) == ([], [])


def heading(page: Page) -> str:
    """The page's own heading, on one line."""
    return page.locator("h1").inner_text().replace("\n", " ")


def signed_in(page: Page, portal: Portal) -> None:
    """Sign in as Camille on the page that asks for it."""
    page.get_by_label("Nom").fill("Camille")
    page.get_by_label("Phrase de passe").fill(portal.passphrase)
    page.get_by_role("button", name="Se connecter").click()
