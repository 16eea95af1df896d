"""The access of organisers: set-up codes, signing in, another passphrase."""

from typing import Final

from portal.domain.organisers.organiser import Organiser, SetUpCode, expiry, wrapped_for
from tests.factories.page import Page
from tests.factories.portal import PASSPHRASE, Harness
from tests.factories.ticket_pages import CODE
from tests.factories.tickets import ORGANISERS_KEY, set_up_keys

WELCOME: Final = "/en/organisers/welcome/"


OWN: Final = "words that Sacha put together"


async def given(harness: Harness, code: str = CODE, name: str = "Sacha") -> None:
    """Store a set-up code given by Louise, who can read pseudonyms."""
    await harness.store.add_organiser(Organiser("Louise", "$argon2id$", wrapped_key="wrapped for her key"))
    keys = set_up_keys(code)
    wrapped = wrapped_for(ORGANISERS_KEY, keys.key)
    kept = SetUpCode(keys.id, name, "Louise", expiry(harness.clock()), wrapped_key=wrapped)
    await harness.store.give_set_up_code(kept, harness.clock())


async def come(harness: Harness, code: str = CODE, passphrase: str = OWN) -> Page:
    """Send the form of the newcomer."""
    page = await harness.get(WELCOME)
    return await harness.send(WELCOME, page.fields("welcome/") | {"code": code, "passphrase": passphrase})


OVERVIEW: Final = "/en/organisers/"


async def send_sign_in(harness: Harness, name: str, passphrase: str) -> Page:
    """Sign in with this name and this passphrase."""
    page = await harness.get(OVERVIEW)
    return await harness.send(page.action(), page.fields() | {"name": name, "passphrase": passphrase})


ME: Final = "/en/organisers/me/"


NEW: Final = "words that nobody else has seen"


async def changed(harness: Harness, present: str = PASSPHRASE, new: str = NEW) -> Page:
    """Send the form of another passphrase."""
    token = (await harness.get(ME)).fields("me/")["csrf_token"]
    return await harness.follow(
        await harness.send(ME, {"csrf_token": token, "present_passphrase": present, "passphrase": new})
    )
