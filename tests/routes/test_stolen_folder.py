"""Somebody who took the data folder, now or before its upgrade, at the portal that goes on: no ticket is theirs."""

from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

import anyio
import pytest
from argon2 import PasswordHasher

from portal.domain.registration.hashing import PassphraseKey, is_key_of, upgraded_key
from portal.domain.registration.registration import Counts
from portal.routes.public.ticket_page import TICKET_TOKEN
from portal.web.forms import Tokens
from tests.factories.page import Page
from tests.factories.portal import SETTINGS, Clock, Harness, open_harness, open_harness_on
from tests.factories.secrets_on_disk import secrets_on
from tests.factories.ticket_pages import CODE, FORM, PASSPHRASE, opened
from tests.factories.tickets import KEYS, hashed, sealed, ticket_id, unsealed

pytestmark = pytest.mark.anyio

CHANGES: Final[dict[str, tuple[str, Mapping[str, str]]]] = {
    "another pseudonym": ("pseudonym/", {"pseudonym": "Mallory"}),
    "another passphrase": ("passphrase/", {"passphrase": "words of nobody else"}),
    "its end": ("cancel/", {"confirmed": "seated"}),
}


async def keep(harness: Harness, made: PassphraseKey) -> str:
    """Keep the registration of Ada with the key of her passphrase; what the store has of that."""
    await harness.store.register(ticket_id(CODE), sealed("Ada", made.key), made.stored, harness.clock())
    return made.stored


def before_the_upgrade() -> PassphraseKey:
    """Return the key of a passphrase as the upgrade made it from a hash of data format 1, which was this key."""
    made = upgraded_key(PasswordHasher(1, 64, 1).hash(PASSPHRASE, salt=b"salt of the tests"))
    assert made is not None
    return made


async def forged(harness: Harness, key: bytes, change: str) -> Page:
    """Send a form with a capability that was signed by the key of the folder."""
    to, typed = CHANGES[change]
    payload = {"code": CODE, "id": ticket_id(CODE), "key": urlsafe_b64encode(key).decode("ascii")}
    token = Tokens(KEYS.forms, harness.clock).issue(TICKET_TOKEN.purpose, payload)
    return await harness.send(f"{FORM}{to}", {"csrf_token": token, **typed})


async def test_no_secret_of_the_folder_is_the_capability_of_a_ticket(tmp_path: Path) -> None:
    made = hashed(PASSPHRASE)
    async with open_harness_on(tmp_path, Clock()) as harness:
        stored = await keep(harness, made)
        found = {KEYS.event, KEYS.forms, *secrets_on(tmp_path)}
        assert len(found) > 100
        assert [key for key in found if is_key_of(stored, key)] == []
        assert (await forged(harness, made.key, "another pseudonym")).status == 200


@pytest.mark.parametrize("change", CHANGES)
async def test_key_in_a_backup_of_before_the_upgrade_is_no_capability(change: str) -> None:
    async with open_harness() as harness:
        stored = await keep(harness, before_the_upgrade())
        page = await forged(harness, before_the_upgrade().key, change)
        assert (page.status, page.heading) == (400, "My ticket")
        kept = await harness.store.registration(ticket_id(CODE))
        assert kept is not None
        assert (kept.passphrase_hash, unsealed(kept.sealed_pseudonym)) == (stored, "Ada")


@pytest.mark.parametrize("change", CHANGES)
async def test_owner_of_a_ticket_of_before_the_upgrade_does_all_that_its_page_offers(change: str) -> None:
    async with open_harness() as harness:
        await keep(harness, before_the_upgrade())
        ticket = await opened(harness)
        to, typed = CHANGES[change]
        page = await harness.send(ticket.action(to), ticket.fields(to) | dict(typed))
        assert (page.status, await harness.store.counts()) == (200, Counts(seated=0 if change == "its end" else 1))


async def test_ticket_of_before_the_upgrade_that_is_opened_twice_at_once_is_opened_twice() -> None:
    async with open_harness(settings=replace(SETTINGS, cores=4)) as harness:
        await keep(harness, before_the_upgrade())
        pages = list[Page]()

        async def open_it() -> None:
            pages.append(await opened(harness))

        async with anyio.create_task_group() as group:
            for _ in range(2):
                group.start_soon(open_it)
        assert [(page.status, page.facts()["Pseudonym"]) for page in pages] == [(200, "Ada")] * 2
