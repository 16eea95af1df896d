"""A copy as it runs: what it serves, where it follows, its doors and an onion of its own."""

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
from portal.domain.trust.mirror_errors import CopyError, DataOfOrigin
from portal.mirror.app import CopyShowing
from portal.mirror.client.banner import sentences
from portal.mirror.client.fetching import Progress, unheard
from portal.mirror.client.folder import Copy, Served
from portal.mirror.client.follow import Followed, follow
from portal.mirror.client.rebuild import Make
from portal.mirror.client.source import Source
from portal.mirror.monitor import AuditSide, addresses_of
from portal.server.background_tasks import beside
from portal.server.server import serve
from portal.server.sockets import closing
from portal.settings import Settings
from portal.tor.listeners import open_public_doors
from portal.tor.service import OnionSide, Say
from portal.tor.status import tell_status
from portal.web.error_log import told_safely

JITTER: Final = 0.2
"""By which part a round is longer or shorter, so that copies do not ask all at once."""
LOG: Final = logging.getLogger("portal")
CLOCK_ROUND: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Following:
    """How `copy` comes to new editions: from the first of `sources` that verifies, its pages by `make` where it can."""

    copy: Copy
    sources: Sequence[Source]
    make: Make


def first_served(following: Following, say: Say, progress: Progress) -> Served:
    """What the copy serves when it starts: the last good edition, or the first one, which is fetched now.

    Raises `CopyError` where there is none yet and no source has one.
    """
    served = following.copy.load()
    if served is not None:
        return served
    followed = follow_first(following, None, say, progress)
    if followed is None:
        raise CopyError
    return followed.served


def follow_first(following: Following, served: Served | None, say: Say, progress: Progress) -> Followed | None:
    """Follow the first source that verifies; None where none does. `say` hears why the others did not."""
    for source in following.sources:
        try:
            return follow(following.copy, source, served, progress, following.make)
        except CopyError as error:
            say(N_("%(address)s: nothing new was taken."), {"address": source.address})
            say(error.text, error.details)
    return None


async def run_copy(
    settings: Settings,
    following: Following,
    served: Served,
    say: Say,
    ready: Callable[[int], None],
    clock: Callable[[], datetime],
    *,
    audits: bool,
) -> None:
    """Serve `served` and what follows it until SIGINT or SIGTERM; `ready` hears of the TCP port.

    Where it `audits`, it looks at the other copies of the list.
    """
    onion = OnionSide(settings, say, clock)
    doors = open_public_doors(settings, onion, at_clearnet=False, at_onion=False)
    with closing([one.listener for one in doors]):
        showing = CopyShowing(served, sentences(), clock, following.copy, following.make)
        every = timedelta(minutes=settings.follow_minutes)
        keeping_up = keep_following(following, showing, say, random.SystemRandom(), every)
        telling = tell_status(settings.data, onion.view, say)
        audit = AuditSide(settings.data, lambda: showing.served.metadata, onion.way_through_tor, say, clock)
        auditing = [audit.run(lambda: others(showing.served, (settings.public_url, onion.address)))] if audits else []
        with ExitStack() as stopped:
            for source in following.sources:
                stopped.callback(source.close)  # what is being fetched must not keep the process
            async with beside(onion.run(), telling, keeping_up, keep_looking_at_clock(showing), *auditing):
                at_door = partial(showing.at_door, onion=onion.view, proof=onion.answer)
                await serve(at_door, doors, lambda: ready(doors[0].listener.getsockname()[1]))


class TellingOnce:
    """Hears what goes wrong in a round, and hands it on to `say` where the round before said something else."""

    def __init__(self, say: Say) -> None:
        self._say = say
        self._told: list[tuple[str, Mapping[str, object]]] = []
        self._heard: list[tuple[str, Mapping[str, object]]] = []

    def hear(self, text: str, details: Mapping[str, object]) -> None:
        """Take one message of the round."""
        self._heard.append((text, details))

    def tell(self) -> None:
        """End the round."""
        if self._heard != self._told:
            for text, details in self._heard:
                self._say(text, details)
        self._told, self._heard = self._heard, []


async def keep_following(
    following: Following,
    showing: CopyShowing,
    say: Say,
    chance: random.Random,
    every: timedelta,
) -> None:
    """Follow about `every` so often until cancelled.

    What a source does wrong in the same way is told once; a fault of our own is logged each time.
    """
    once = TellingOnce(say)
    while True:
        followed = None
        try:
            followed = await asyncio.to_thread(follow_first, following, showing.served, once.hear, unheard)
        except Exception as error:  # whatever it is, the next round may do better
            LOG.error("fault in following\n%s", told_safely(error))
        once.tell()
        if followed and followed.news != "same":
            await asyncio.to_thread(showing.show, followed.served)
            say(N_("Edition %(number)s is verified and served."), {"number": followed.served.edition})
        await asyncio.sleep(every.total_seconds() * chance.uniform(1 - JITTER, 1 + JITTER))


async def keep_looking_at_clock(showing: CopyShowing, pause: timedelta = CLOCK_ROUND) -> None:
    """Put the banner on every page once nobody vouches any longer for what is shown, until cancelled."""
    while True:
        await asyncio.to_thread(showing.look_at_clock)
        await asyncio.sleep(pause.total_seconds())


def others(served: Served, own: Collection[str | None]) -> list[str]:
    """The addresses of the copies in the list of the edition that is `served`, but for this copy's `own`."""
    listed = addresses_of(mirrors_from_json(served.files[MIRRORS_FILE].content))
    return [one for one in listed if one.rstrip("/") not in own][: MIRRORS * MIRROR_ADDRESSES]


def copy_of(settings: Settings) -> Copy:
    """The copy in the data folder. Raises `DataOfOrigin` where that is a portal's own."""
    if (settings.data / "programme.json").exists():
        raise DataOfOrigin(folder=settings.data)
    return Copy(settings.data / "copy")
