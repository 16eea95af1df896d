"""Requests a second of a copy's programme page, beside nginx with the docs' lines and the same edition in a folder."""

from statistics import median
from typing import Final

from bench.figure import Figure
from bench.mirrors import stage
from bench.programme import CONNECTIONS, PATH, ROUNDS, SECONDS
from bench.wrk import load
from portal.domain.event.event_file import read_event
from portal.site.bundled import bundled
from tests.factories.web_servers import SERVERS

NGINX: Final = SERVERS["nginx"]
PACKING: Final = f"gzip on;\n{' ' * 4}access_log"
SHARE: Final = 0.33
"""nginx sends a file by one call of the system, the copy runs Python: a third of it is more than a line can carry."""


def measure() -> Figure:
    """Return the figure, over ROUNDS in which the copy, nginx, and nginx that packs as Debian lets it, take turns."""
    sample = bundled("events") / "onestla.toml"
    with stage(read_event(sample.read_bytes(), str(sample))) as scene:
        scene.folder.chmod(0o755)
        scene.exported()
        packing = NGINX.lines.replace("access_log", PACKING)
        with (
            scene.mirroring(str(scene.site)) as copy,
            NGINX.serving(scene.site, scene.folder / "nginx", NGINX.lines) as plain,
            NGINX.serving(scene.site, scene.folder / "packing", packing) as packed,
        ):
            rates = _medians([f"{address.rstrip('/')}{PATH}" for address in (copy.url, plain, packed)])
    ours, nginx, gzip = rates
    reference = f"{nginx:,.0f} answers/s (nginx, one process), {gzip:,.0f} where it packs them"
    return Figure("copy's programme page", f"{ours:,.0f} answers/s", reference, ours / nginx, SHARE)


def _medians(addresses: list[str]) -> list[float]:
    """Answers a second of each of `addresses`."""
    for address in addresses:
        load(address, CONNECTIONS, 1)
    rounds = [[load(address, CONNECTIONS, SECONDS).rate for address in addresses] for _ in range(ROUNDS)]
    return [median(column) for column in zip(*rounds, strict=True)]
