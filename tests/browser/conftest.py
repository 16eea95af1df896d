"""The browser of these tests, a portal before it, and the people who hold it."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.portal import PHONE, Portal, running_portal
from tests.programs import require


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium as the machine has it."""
    require("chromium")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield started
        started.close()


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[Portal]:
    """The portal of the real event."""
    with running_portal(tmp_path) as portal:
        yield portal


@pytest.fixture
def person(browser: Browser) -> Iterator[Callable[[], Page]]:
    """Anybody with a phone, without scripts, who has never been anywhere."""
    contexts = []

    def comes() -> Page:
        contexts.append(browser.new_context(java_script_enabled=False, viewport=PHONE, locale="fr-FR"))
        return contexts[-1].new_page()

    yield comes
    for context in contexts:
        context.close()
