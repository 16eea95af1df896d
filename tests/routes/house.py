"""A portal for the tests: the whole application behind its door, on a real store, with a clock that they turn."""

import random
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

import httpx

from portal.app import create_app, through_door
from portal.domain.edition import Addresses
from portal.domain.event import Event
from portal.domain.hashing import Hasher, argon2id
from portal.domain.language import Language
from portal.domain.registration import Policy
from portal.services import Keys, OnionView, Services
from portal.settings import Settings
from portal.storage.contract import Store
from portal.storage.embedded import memory_store
from portal.web.doors import clearnet_door
from portal.web.hashing import ThreadedHasher
from tests.routes.page import Page
from tests.site.sample import EVENT

HOST: Final = "http://127.0.0.1:8000"
WORDS: Final[Mapping[Language, tuple[str, ...]]] = {
    "fr": ("abeille", "bouleau", "cerise", "dahlia", "érable"),
    "en": ("anchor", "biscuit", "cricket", "donkey", "ember"),
}
KEYS: Final = Keys(event=b"e" * 32, forms=b"f" * 32)


@dataclass
class Clock:
    """A clock that stands still until it is turned."""

    now: datetime = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def turn(self, **by: float) -> None:
        """Forward by so many hours, minutes, seconds."""
        self.now += timedelta(**by)


def cheap_hasher(queue: int = 64) -> ThreadedHasher:
    """argon2id at the least that it costs."""
    return ThreadedHasher(argon2id(memory_kib=64, passes=1), cores=2, queue=queue)


@dataclass
class House:
    """The portal and what a test may look at from behind: its store, its clock, its onion."""

    store: Store
    clock: Clock
    keys: Keys
    hasher: Hasher
    settings: Settings
    onion: OnionView = field(default_factory=lambda: OnionView("off", None))
    client: httpx.AsyncClient = field(init=False)

    def services(self) -> Services:
        """What the application is made with."""
        chance = random.SystemRandom()
        return Services(
            self.settings, self.store, self.hasher, self.keys, self.clock, chance, WORDS, lambda: self.onion
        )

    async def enter(self) -> None:
        """Start the application on the edition in force and stand before its door, as a new browser."""
        edition = await self.store.edition()
        assert edition is not None
        app = create_app(self.services(), edition)
        door = clearnet_door(self.settings.public_url)
        self.client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app=through_door(app, door)), base_url=HOST, follow_redirects=False
        )

    async def get(self, path: str) -> Page:
        """Open a page."""
        return Page(await self.client.get(path))

    async def send(self, path: str, fields: Mapping[str, str], **headers: str) -> Page:
        """Send a form, as a browser does."""
        return Page(await self.client.post(path, data=dict(fields), headers={"origin": HOST, **headers}))


async def first_edition(store: Store, event: Event = EVENT, policy: Policy | None = None) -> None:
    """Put `event` into an empty store and publish it."""
    draft = await store.initialise(event)
    await store.publish(draft.revision, "", Addresses(), datetime(2026, 11, 1, 8, 0, tzinfo=UTC))
    if policy is not None:
        await store.set_policy(policy, random.Random(1))


@asynccontextmanager
async def open_house(
    policy: Policy | None = None, *, hasher: Hasher | None = None, keys: Keys = KEYS, public_url: str = ""
) -> AsyncIterator[House]:
    """A portal in memory, with one edition of the sample event."""
    store = memory_store()
    await first_edition(store, policy=policy)
    settings = Settings(public_url=public_url)
    house = House(store, Clock(), keys, hasher or cheap_hasher(), settings)
    await house.enter()
    try:
        yield house
    finally:
        await house.client.aclose()
        await store.close()
