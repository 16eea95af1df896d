"""The journey of an announcement that ended while the portal was down: gone from the site as soon as it runs again."""

import os
import subprocess
import time
from pathlib import Path
from typing import Final

import httpx

from tests.factories.origin_process import CHECKOUT, PORTAL, sample_ahead, serving

ANNOUNCEMENT: Final = """
[[announcements]]
id = "greve"
title.fr = "Grève du métro"
published = "2020-12-05T08:00Z"
until = "2020-12-06T08:00Z"
"""
PATIENCE_SECONDS: Final = 60


def test_announcement_that_ended_leaves_the_site_and_stays_in_the_news(tmp_path: Path) -> None:
    (tmp_path / "event.toml").write_text(sample_ahead() + ANNOUNCEMENT, encoding="utf-8")
    init = [*PORTAL, "init", "--event", "event.toml", "--organiser", "Camille"]
    subprocess.run(init, cwd=tmp_path, env=os.environ | CHECKOUT, capture_output=True, check=True)
    with serving(tmp_path) as running:
        news, end = "", time.monotonic() + PATIENCE_SECONDS
        while "Édition 2" not in news and time.monotonic() < end:
            news = httpx.get(f"{running.url}fr/nouveautes/").text
            time.sleep(0.05)
        assert "Annonce retirée\N{NO-BREAK SPACE}: «\N{NO-BREAK SPACE}Grève du métro\N{NO-BREAK SPACE}»." in news
        assert "Grève du métro" not in httpx.get(f"{running.url}fr/").text
        assert running.stop() == 0
