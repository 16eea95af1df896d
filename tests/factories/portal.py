"""A portal for the tests: the whole application at its listener, on a real store, with a clock that they turn."""

import random
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

import httpx
from starlette.applications import Starlette

from portal.domain.edition.edition import Addresses
from portal.domain.event.event import Event
from portal.domain.language import Language
from portal.domain.organisers.organiser import Organiser, SignIn, with_passphrase, wrapped_for
from portal.domain.registration.hashing import Hasher
from portal.domain.registration.registration import Policy
from portal.domain.registration.sealing import public_key_of, unwrap
from portal.domain.times import whole_minute
from portal.domain.trust.mirror_audit import AuditResults
from portal.origin.app import at_listener, create_app
from portal.services import NO_SIGNATURES, Keys, Machine, OnionView, Services, Signatures
from portal.settings import Settings
from portal.storage.contract import Store
from portal.storage.embedded.store import EmbeddedStore, open_store
from portal.web.forms import URLENCODED
from portal.web.hashing_pool import ThreadedHasher
from portal.web.listeners import clearnet_listener
from portal.web.sign_in_cookie import COOKIE, new_id, secret_in, stored_id
from tests.factories.page import Page
from tests.factories.sample import EVENT
from tests.factories.tickets import CHEAP, CHEAP_CODES, KEYS, ORGANISERS_KEY
from tests.fakes.memory_store import memory_files

HOST: Final = "http://127.0.0.1:8000"
WORDS: Final[Mapping[Language, tuple[str, ...]]] = {
    "fr": ("abeille", "bouleau", "cerise", "dahlia", "érable"),
    "en": ("anchor", "biscuit", "cricket", "donkey", "ember"),
    "es": ("anchor", "biscuit", "cricket", "donkey", "ember"),
}
SETTINGS: Final = Settings(onion="off")
ORGANISER: Final = "Camille"
PASSPHRASE: Final = "six words that only they know"


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
    return ThreadedHasher(CHEAP, cores=2, queue=queue, code_costs=CHEAP_CODES)


@dataclass
class Harness:
    """A portal with its parts that a test may look at: its store, its clock, its onion, its signatures."""

    store: Store
    clock: Clock
    keys: Keys
    hasher: Hasher
    settings: Settings
    onion: OnionView = field(default_factory=lambda: OnionView("off", None))
    machine: Machine = field(default_factory=lambda: Machine("1.2.3", "3.11.7", 20_480))
    audit_results: AuditResults = field(default_factory=dict)
    organisers_hasher: Hasher = field(default_factory=cheap_hasher)
    known_browsers_hasher: Hasher = field(default_factory=cheap_hasher)
    signatures: Signatures = NO_SIGNATURES
    app: Starlette = field(init=False)
    client: httpx.AsyncClient = field(init=False)

    def services(self) -> Services:
        """Return the services that the application is made with."""
        return Services(
            settings=self.settings,
            store=self.store,
            hasher=self.hasher,
            ticket_hasher=self.hasher,
            organisers_hasher=self.organisers_hasher,
            known_browsers_hasher=self.known_browsers_hasher,
            keys=self.keys,
            clock=self.clock,
            rng=random.SystemRandom(),
            words=WORDS,
            onion=lambda: self.onion,
            machine=lambda: self.machine,
            audit_results=lambda: self.audit_results,
            signatures=self.signatures,
        )

    async def enter(self) -> None:
        """Start the application on the current edition and open it in a new browser."""
        edition = await self.store.edition()
        assert edition is not None
        self.app = create_app(self.services(), edition)
        self.client = self.another_browser()

    def another_browser(self, *, shows_organisers: bool = True) -> httpx.AsyncClient:
        """Return a new browser, at a listener that has the organisers' pages or has not."""
        listener = clearnet_listener(self.settings.public_url, shows_organisers=shows_organisers)
        return httpx.AsyncClient(
            transport=httpx.ASGITransport(app=at_listener(self.app, listener)), base_url=HOST, follow_redirects=False
        )

    async def sign_in(self, name: str = ORGANISER, passphrase: str = PASSPHRASE) -> None:
        """Sign the browser in as an organiser, added as a reader of pseudonyms unless known, without any page."""
        self.client.cookies.clear()
        await self.add_organiser(name, passphrase)
        organiser = await self.store.organiser(name)
        assert organiser is not None
        key = await self.organisers_hasher.verify(organiser.passphrase_hash, passphrase)
        assert key is not None
        id, minute = new_id(random.SystemRandom()), whole_minute(self.clock())
        wrapped_key = wrapped_for(unwrap(organiser.wrapped_key, key), secret_in(id))
        assert await self.store.open_sign_in(SignIn(stored_id(id), name, minute, minute, wrapped_key), organiser)
        self.app.state.rate_limits.known_browsers.remember(stored_id(id), name)
        self.client.cookies.set(COOKIE, id, domain="127.0.0.1")

    async def sign_in_by_form(self, name: str = ORGANISER, passphrase: str = PASSPHRASE) -> Page:
        """Sign in as `sign_in` does, on the page for it, and return the overview that follows."""
        self.client.cookies.clear()
        await self.add_organiser(name, passphrase)
        listener = await self.get("/en/organisers/")
        answer = await self.send(listener.action(), {**listener.fields(), "name": name, "passphrase": passphrase})
        assert (answer.status, answer.response.headers["location"]) == (303, "../../../en/organisers/")
        return await self.get("/en/organisers/")

    async def add_organiser(self, name: str, passphrase: str = PASSPHRASE, *, can_read: bool = True) -> None:
        """Make an organiser known, unless there is one of this name."""
        made = await self.organisers_hasher.hash(passphrase)
        await self.store.add_organiser(with_passphrase(Organiser(name, ""), made, ORGANISERS_KEY if can_read else None))

    async def get(self, path: str) -> Page:
        """Open a page."""
        return Page(await self.client.get(path))

    async def follow(self, answer: Page) -> Page:
        """Open the page that an answer leads to; the answer itself where it leads nowhere."""
        if answer.status != 303:
            return answer
        return Page(await self.client.get(answer.response.request.url.join(answer.response.headers["location"])))

    async def send(self, path: str, fields: Mapping[str, str], **headers: str) -> Page:
        """Send a form, as a browser does."""
        return await self.send_raw(path, urlencode(fields).encode(), **headers)

    async def send_raw(self, path: str, body: bytes, kind: str = URLENCODED, **headers: str) -> Page:
        """Send `body` as it is."""
        headers = {"origin": HOST, "content-type": kind} | headers
        return Page(await self.client.post(path, content=body, headers=headers))


async def first_edition(store: Store, event: Event = EVENT, policy: Policy | None = None) -> None:
    """Put `event` into an empty store and publish it."""
    draft = await store.initialise(event)
    await store.renew_sealing_key(public_key_of(ORGANISERS_KEY).hex())
    await store.publish(draft.revision, "", Addresses(), datetime(2026, 11, 1, 8, 0, tzinfo=UTC))
    if policy is not None:
        await store.set_policy(policy, random.Random(1))


@asynccontextmanager
async def open_harness(
    policy: Policy | None = None,
    *,
    event: Event = EVENT,
    hasher: Hasher | None = None,
    keys: Keys = KEYS,
    settings: Settings = SETTINGS,
    kind: type[EmbeddedStore] = EmbeddedStore,
) -> AsyncIterator[Harness]:
    """Open a portal in memory, with one edition of `event`; `kind` is the store's, for a store that fails."""
    store = kind(*memory_files())
    await store.open()
    await first_edition(store, event, policy)
    async with enter(Harness(store, Clock(), keys, hasher or cheap_hasher(), settings)) as harness:
        yield harness
    await store.close()


@asynccontextmanager
async def open_harness_on(data: Path, clock: Clock, policy: Policy | None = None) -> AsyncIterator[Harness]:
    """Open a portal whose store is the folder `data`, begun with the sample event when there is none yet."""
    store = await open_store(data)
    if not (data / "programme.json").exists():
        await first_edition(store, policy=policy)
    async with enter(Harness(store, clock, KEYS, cheap_hasher(), SETTINGS)) as harness:
        yield harness
    await store.close()


@asynccontextmanager
async def enter(harness: Harness) -> AsyncIterator[Harness]:
    """Open `harness` in a browser, closed at the end."""
    await harness.enter()
    try:
        yield harness
    finally:
        await harness.client.aclose()
