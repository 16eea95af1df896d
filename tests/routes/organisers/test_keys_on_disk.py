"""A thief of the data folder, with every key that is in it: they get no key that opens pseudonyms."""

import base64
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from portal.domain.registration.hashing import key_of
from portal.domain.registration.sealing import public_key_of, recipient_key, unwrap
from portal.web.sign_in_cookie import secret_in
from tests.factories.portal import ORGANISER, PASSPHRASE, Clock, Harness, open_harness_on
from tests.factories.reading import TEAM, on_team, register
from tests.factories.secrets_on_disk import secrets_on
from tests.factories.tickets import KEYS, ORGANISERS_KEY, set_up_keys

pytestmark = pytest.mark.anyio

CODE: Final = "HUTEMVRWE"
NEW: Final = "words that nobody else has seen"


def wraps(data: Path) -> list[str]:
    """Return everything wrapped that is in the folder, the copies of its files included."""
    content = "".join(path.read_text("utf-8") for path in sorted(data.rglob("organisers*.json")))
    return re.findall(r'"wrapped_key":"([^"]+)"', content)


def forms(secret: bytes) -> Iterator[bytes]:
    """Yield `secret` as it is, in hexadecimal, and in base64 wherever it stands in what is encoded."""
    yield from (secret, secret.hex().encode(), secret.hex().upper().encode())
    for place in range(3):
        yield base64.b64encode(b"\0" * place + secret)[4:40]


def opened(data: Path, secret: bytes) -> list[bytes | None]:
    """Return what `secret` makes of each wrap in the folder that it opens."""
    return [key for wrapped in wraps(data) if (key := unwrap(wrapped, secret)) is not None]


async def cookie_of(harness: Harness) -> bytes:
    return secret_in(harness.client.cookies["sign_in"])


async def organisers_key(harness: Harness, name: str = ORGANISER, passphrase: str = PASSPHRASE) -> bytes:
    """Return the key of an organiser's passphrase."""
    organiser = await harness.store.organiser(name)
    assert organiser is not None
    key = key_of(organiser.passphrase_hash, passphrase)
    assert key is not None
    return key


async def test_folder_with_every_key_in_it_opens_no_wrap(tmp_path: Path) -> None:
    async with open_harness_on(tmp_path, Clock()) as harness:
        await register(harness, CODE, "Ada")
        await harness.sign_in()
        await on_team(harness, name="Noa")
        cookie, passphrase = await cookie_of(harness), await organisers_key(harness)
    (tmp_path / "keys").mkdir(exist_ok=True)
    (tmp_path / "keys" / "event").write_bytes(KEYS.event)
    (tmp_path / "keys" / "forms").write_bytes(KEYS.forms)
    assert len(set(wraps(tmp_path))) == 3  # of the organiser, of their sign-in, of the set-up code
    assert opened(tmp_path, cookie) == opened(tmp_path, passphrase) == [ORGANISERS_KEY] * 2  # in the file and its copy
    found = set(secrets_on(tmp_path))
    assert {KEYS.event, KEYS.forms, public_key_of(ORGANISERS_KEY), recipient_key(passphrase)} <= found
    assert [secret for secret in found if opened(tmp_path, secret)] == []
    assert ORGANISERS_KEY not in found


@pytest.mark.parametrize("secret", ["the private key", "the cookie", "the key of the passphrase"])
async def test_folder_has_no_trace_of_a_secret(tmp_path: Path, secret: str) -> None:
    async with open_harness_on(tmp_path, Clock()) as harness:
        await harness.sign_in()
        secrets = {
            "the private key": ORGANISERS_KEY,
            "the cookie": await cookie_of(harness),
            "the key of the passphrase": await organisers_key(harness),
        }
    for path in tmp_path.rglob("*"):
        content = path.read_bytes() if path.is_file() else b""
        assert [form for form in forms(secrets[secret]) if form in content] == []


async def test_set_up_code_is_opened_by_the_code_alone(tmp_path: Path) -> None:
    async with open_harness_on(tmp_path, Clock()) as harness:
        await harness.sign_in()
        page = await on_team(harness, name="Noa")
        code = str(page.found("//p[contains(@class, 'once')]")[0].text_content()).replace("-", "")
        (kept,) = await harness.store.set_up_codes(harness.clock())
    assert unwrap(kept.wrapped_key, set_up_keys(code).key) == ORGANISERS_KEY
    others = (bytes.fromhex(kept.id), set_up_keys(CODE).key, set_up_keys(code, KEYS.forms).key, KEYS.event)
    assert [unwrap(kept.wrapped_key, other) for other in others] == [None] * 4


async def test_used_set_up_code_opens_nothing(tmp_path: Path) -> None:
    async with open_harness_on(tmp_path, Clock()) as harness:
        await harness.sign_in()
        page = await on_team(harness, name="Noa")
        code = str(page.found("//p[contains(@class, 'once')]")[0].text_content()).replace("-", "")
        welcome = await harness.get("/en/organisers/welcome/")
        fields = welcome.fields("welcome/") | {"code": code, "passphrase": NEW}
        assert (await harness.send("/en/organisers/welcome/", fields)).status == 303
        key = await organisers_key(harness, "Noa", NEW)
    assert opened(tmp_path, set_up_keys(code).key) == []
    assert opened(tmp_path, key) == [ORGANISERS_KEY] * 2


async def sign_out(harness: Harness) -> None:
    page = await harness.get("/en/organisers/")
    await harness.send(page.action("sign-out/"), page.fields("sign-out/"))


async def change_passphrase(harness: Harness) -> None:
    token = (await harness.get("/en/organisers/me/")).fields("me/")["csrf_token"]
    fields = {"csrf_token": token, "present_passphrase": PASSPHRASE, "passphrase": NEW}
    assert (await harness.send("/en/organisers/me/", fields)).status == 303


async def remove(harness: Harness) -> None:
    await harness.sign_in("Sacha")
    question = await on_team(harness, action="remove", name=ORGANISER)
    assert (await harness.send(TEAM, question.fields("team/"))).status == 303


async def test_sign_in_that_was_ended_opens_nothing(tmp_path: Path) -> None:
    async with open_harness_on(tmp_path, Clock()) as harness:
        await harness.sign_in()
        cookie, key = await cookie_of(harness), await organisers_key(harness)
        await sign_out(harness)
    assert (opened(tmp_path, cookie), opened(tmp_path, key)) == ([], [ORGANISERS_KEY] * 2)


async def test_passphrase_that_was_changed_opens_nothing(tmp_path: Path) -> None:
    async with open_harness_on(tmp_path, Clock()) as harness:
        await harness.sign_in()
        key = await organisers_key(harness)
        await change_passphrase(harness)
        anew = await organisers_key(harness, passphrase=NEW)
    assert (opened(tmp_path, key), opened(tmp_path, anew)) == ([], [ORGANISERS_KEY] * 2)


async def test_organiser_who_was_removed_opens_nothing(tmp_path: Path) -> None:
    async with open_harness_on(tmp_path, Clock()) as harness:
        await harness.sign_in()
        cookie, key = await cookie_of(harness), await organisers_key(harness)
        await remove(harness)
        sachas = await organisers_key(harness, "Sacha")
    assert (opened(tmp_path, cookie), opened(tmp_path, key)) == ([], [])
    assert opened(tmp_path, sachas) == [ORGANISERS_KEY] * 2
