"""The way to a source that lasts as long as a mirror does: what fails leaves nothing open, and all has an end."""

import asyncio
import time
from contextlib import closing, suppress
from itertools import repeat
from pathlib import Path

import pytest

from onion.tor.addresses import TorAddress
from portal.domain import limits
from portal.domain.trust.mirror_errors import SourceSilent
from portal.mirror.client.fetching import METADATA_BYTES, FetchError, HttpFetcher
from tests.fakes.tor import ADDRESS, FakeTor
from tests.fakes.tuf_simulator import Silent, on_loopback
from tests.waiting import until

pytestmark = pytest.mark.anyio


async def test_no_connection_stays_open_to_a_tor_that_does_not_reach_the_source(tmp_path: Path) -> None:
    tor = FakeTor(tmp_path)
    fetcher = HttpFetcher("an onion that is gone", TorAddress(tmp_path / "socks"))
    async with tor.running():
        for _ in range(3):
            with pytest.raises(FetchError):
                await asyncio.to_thread(fetcher.download_bytes, f"http://{ADDRESS}/", 100)
        await until(lambda: not tor.open_callers)
    fetcher.close()
    assert len(tor.callers) == 3


class Endless(Silent):
    """Answers what is handed to it without end, at the speed that is asked for."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        self.send_response(200)
        self.end_headers()
        with suppress(OSError):
            for _ in repeat(None, 10_000):
                self.wfile.write(bytes(65_536) if self.path == "/fast" else b"x")
                time.sleep(0 if self.path == "/fast" else 0.02)


async def test_answer_to_what_is_sent_has_an_end() -> None:
    with on_loopback(Endless) as base, closing(HttpFetcher(base, seconds=0.2)) as fetcher:
        status, answer = await asyncio.to_thread(fetcher.post, f"{base}fast", b"an edition")
        assert (status, len(answer)) == (200, METADATA_BYTES)
        with pytest.raises(SourceSilent):
            await asyncio.to_thread(fetcher.post, f"{base}slow", b"an edition")
    assert limits.MAKE_SECONDS <= limits.FETCH_SECONDS
