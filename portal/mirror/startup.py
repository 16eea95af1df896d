"""Start of a mirror: the edition that it serves, the sources that it follows, its listeners and its own onion."""

import asyncio
import logging
import random
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from portal.domain.edition.edition_file import MIRRORS_FILE, mirrors_from_json
from portal.domain.language import N_
from portal.domain.limits import MIRROR_ADDRESSES, MIRRORS
from portal.domain.trust.mirror_errors import DataOfOrigin, MirrorError
from portal.mirror.app import MirrorSite
from portal.mirror.client.banner import sentences
from portal.mirror.client.fetching import Progress, Source, ignore_progress
from portal.mirror.client.folder import MirrorFolder, ServedEdition
from portal.mirror.client.follow import FollowResult, Rebuild, follow
from portal.mirror.monitor import MirrorMonitor, addresses_of
from portal.server.server import background_tasks, serve
from portal.server.sockets import closing
from portal.settings import Settings
from portal.tor.listeners import open_public_listeners
from portal.tor.service import OnionPublisher, Say
from portal.tor.status import serve_status
from portal.web.error_log import DuplicateFilter, format_safely

JITTER: Final = 0.2
"""By which part a round is longer or shorter, so that mirrors do not fetch all at once."""
LOG: Final = logging.getLogger("portal")
CLOCK_ROUND: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Follower:
    """Mirror and the `sources` that it follows, best first; `rebuild` saves fetching, `clock` gives UTC."""

    mirror: MirrorFolder
    sources: Sequence[Source]
    rebuild: Rebuild
    clock: Callable[[], datetime]


def first_served(follower: Follower, say: Say, progress: Progress) -> ServedEdition:
    """Return the edition that the mirror serves when it starts: the last good one, or the first, which is fetched now.

    Raises `MirrorError` where there is none yet and no source has one.
    """
    served = follower.mirror.load()
    if served is not None:
        return served
    followed = follow_first(follower, None, say, progress)
    if followed is None:
        raise MirrorError
    return followed.served


def follow_first(follower: Follower, served: ServedEdition | None, say: Say, progress: Progress) -> FollowResult | None:
    """Follow the first source that verifies; None where none does. `say` is given the reasons of the others."""
    for source in follower.sources:
        try:
            return follow(follower.mirror, source, served, progress, follower.rebuild, follower.clock())
        except MirrorError as error:
            say(N_("%(address)s: nothing new was fetched."), {"address": source.address})
            say(error.text, error.details)
    return None


async def run_mirror(
    settings: Settings,
    follower: Follower,
    served: ServedEdition,
    say: Say,
    ready: Callable[[int], None],
    *,
    audits: bool,
) -> None:
    """Serve `served` and what follows it until SIGINT or SIGTERM; `ready` is called with the TCP port.

    Where it `audits`, it monitors the other mirrors of the list.
    """
    onion = OnionPublisher(settings, say, follower.clock)
    listeners = open_public_listeners(settings, onion, at_clearnet=False, at_onion=False)
    with closing([listener.sock for listener in listeners]):
        current = MirrorSite(served, sentences(), follower.clock, follower.mirror, follower.rebuild)
        every = timedelta(minutes=settings.follow_minutes)
        keeping_up = keep_following(follower, current, say, random.SystemRandom(), every)
        telling = serve_status(settings.data, onion.view, say)
        audit = MirrorMonitor(
            settings.data, lambda: current.served.metadata, onion.open_socks_port, say, follower.clock
        )
        auditing = (
            [audit.run(lambda: other_mirrors(current.served, (settings.public_url, onion.address)))] if audits else []
        )
        with ExitStack() as stopped:
            for source in follower.sources:
                stopped.callback(source.close)  # what is being fetched must not keep the process
            async with background_tasks(onion.run(), telling, keeping_up, watch_expiry(current), *auditing):
                app_at = partial(current.app_at, onion=onion.view, proof=onion.answer)
                await serve(app_at, listeners, lambda: ready(listeners[0].sock.getsockname()[1]))


async def keep_following(
    follower: Follower,
    current: MirrorSite,
    say: Say,
    rng: random.Random,
    every: timedelta,
) -> None:
    """Follow about `every` so often until cancelled.

    The same fault of a source is announced once; a fault of our own is logged each time.
    """
    messages, rounds = list[tuple[str, Mapping[str, object]]](), DuplicateFilter()

    def hear(text: str, details: Mapping[str, object]) -> None:
        messages.append((text, details))

    while True:
        followed = None
        messages.clear()
        try:
            followed = await asyncio.to_thread(follow_first, follower, current.served, hear, ignore_progress)
        except Exception as error:  # whatever it is, the next round may do better
            LOG.error("fault in following\n%s", format_safely(error))
        for message in messages if rounds.is_new(tuple(messages)) else ():
            say(*message)
        if followed and followed.news != "same":
            await asyncio.to_thread(current.show, followed.served)
            say(N_("Edition %(number)s is verified and served."), {"number": followed.served.edition})
        await asyncio.sleep(every.total_seconds() * rng.uniform(1 - JITTER, 1 + JITTER))


async def watch_expiry(current: MirrorSite, pause: timedelta = CLOCK_ROUND) -> None:
    """Put the banner on every page once nobody vouches any longer for what is shown, until cancelled."""
    while True:
        await asyncio.to_thread(current.check_expiry)
        await asyncio.sleep(pause.total_seconds())


def other_mirrors(served: ServedEdition, own: Collection[str | None]) -> list[str]:
    """Return the addresses of the mirrors in the list of the `served` edition, without this mirror's `own`."""
    listed = addresses_of(mirrors_from_json(served.files[MIRRORS_FILE].content))
    return [address for address in listed if address.rstrip("/") not in own][: MIRRORS * MIRROR_ADDRESSES]


def mirror_folder(settings: Settings) -> MirrorFolder:
    """Return the mirror in the data folder. Raises `DataOfOrigin` where that is a portal's own."""
    if (settings.data / "programme.json").exists():
        raise DataOfOrigin(folder=settings.data)
    return MirrorFolder(settings.data / "copy")
