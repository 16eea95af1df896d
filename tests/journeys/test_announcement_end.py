"""The journey of an announcement that ended while the portal was down: gone from the site as soon as it runs again."""

import os
import subprocess
from pathlib import Path
from typing import Final

import httpx

from tests.factories.origin_process import CHECKOUT, PORTAL, sample_ahead, serving
from tests.waiting import PATIENCE, wait_until

ANNOUNCEMENT: Final = """
[[announcements]]
id = "greve"
title.fr = "Grève du métro"
published = "2020-12-05T08:00Z"
until = "2020-12-06T08:00Z"
"""


def test_announcement_that_ended_leaves_the_site_and_stays_in_the_news(tmp_path: Path) -> None:
    (tmp_path / "event.toml").write_text(sample_ahead() + ANNOUNCEMENT, encoding="utf-8")
    init = [*PORTAL, "init", "--event", "event.toml", "--organiser", "Camille"]
    subprocess.run(init, cwd=tmp_path, env=os.environ | CHECKOUT, capture_output=True, check=True)
    with serving(tmp_path) as running:
        news = f"{running.url}fr/nouveautes/"
        withdrawn = "Annonce retirée\N{NO-BREAK SPACE}: «\N{NO-BREAK SPACE}Grève du métro\N{NO-BREAK SPACE}»."
        wait_until(lambda: "Édition 2" in httpx.get(news, timeout=PATIENCE).text)
        assert withdrawn in httpx.get(news, timeout=PATIENCE).text
        assert "Grève du métro" not in httpx.get(f"{running.url}fr/", timeout=PATIENCE).text
        assert running.stop() == 0
