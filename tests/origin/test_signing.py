"""The portal's side of the signatures: what the public sees while an edition waits, and after each kind of fault."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest
from starlette.applications import Starlette

from portal.domain.edition.edition import Addresses
from portal.domain.language import Text
from portal.mirror.client.metadata import PREFIX
from portal.mirror.signing.key_holders import enrolment, new_threshold
from portal.origin.app import at_listener, create_app
from portal.origin.signing import EditionSigner, edition_to_show, keep_signed
from portal.server.server import background_tasks
from portal.storage.embedded.store import EmbeddedStore
from portal.web.forms import URLENCODED
from portal.web.listeners import clearnet_listener
from tests.factories.origin import Holder, Origin
from tests.factories.portal import HOST, SETTINGS, Clock, Harness, cheap_hasher, first_edition
from tests.factories.tickets import KEYS
from tests.fakes.memory_store import memory_store
from tests.waiting import until

pytestmark = pytest.mark.anyio
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@dataclass
class Stage:
    """A portal in `data` whose edition 1 is signed, the door to it, and another holder."""

    side: EditionSigner
    store: EmbeddedStore
    app: Starlette
    client: httpx.AsyncClient
    billie: Holder
    data: Path

    async def publish(self) -> int:
        """Publish another edition; the number that the public sees then."""
        draft = await self.store.draft()
        event = replace(draft.event, lead=Text(f"Phrase {draft.revision}", f"Sentence {draft.revision}"))
        draft = await self.store.save_draft(event, draft.revision)
        edition = await self.store.publish(draft.revision, "", Addresses(), NOW)
        await self.app.state.current.show(edition)
        return self.seen()

    def seen(self) -> int:
        """The number of the edition that the public sees."""
        number: int = self.app.state.current.renderer.edition.number
        return number

    async def send(self, role: str, key: str, signature: str) -> httpx.Response:
        """Send a signature."""
        body = urlencode({"role": role, "key": key, "signature": signature}).encode()
        return await self.client.post("/tuf/signatures", content=body, headers={"content-type": URLENCODED})

    async def sign(self, role: str = "targets") -> httpx.Response:
        """Let the other holder fetch what waits, sign, and send the signature."""
        answer = await self.client.get(f"/tuf/waiting/{role}.json")
        signature = self.billie.signature(answer.content)
        return await self.send(role, signature.keyid, signature.signature)

    async def need_two(self) -> None:
        """Ask for two signatures from now on."""
        for edit in (enrolment(self.billie.key()), new_threshold(2)):
            self.side.repository.change_keys(edit)
        self.side.renew()
        await self.app.state.current.refresh_signatures()
        for role in ("root", "targets"):
            assert (await self.sign(role)).status_code == 200


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    store = memory_store()
    await store.open()
    await first_edition(store)
    edition = await store.edition()
    assert edition is not None
    side = EditionSigner(tmp_path / "data", lambda: datetime.now(UTC))
    side.begin()
    services = replace(Harness(store, Clock(), KEYS, cheap_hasher(), SETTINGS).services(), signatures=side)
    app = create_app(services, edition)
    transport = httpx.ASGITransport(app=at_listener(app, clearnet_listener("")))
    async with httpx.AsyncClient(transport=transport, base_url=HOST) as client:
        yield Stage(side, store, app, client, Holder(tmp_path / "billie", "Billie"), tmp_path / "data")
    await store.close()


async def test_one_key_signs_and_shows_at_once(stage: Stage) -> None:
    assert await stage.publish() == 2
    signing = stage.side.signing()
    assert signing is not None and (signing.edition, signing.next) == (2, None)
    answer = await stage.client.get("/tuf/timestamp.json")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")


async def test_pages_are_kept_as_they_are_from_when_a_second_holder_is_to_sign(stage: Stage) -> None:
    assert stage.side.repository.signed_files(1) is None
    await stage.need_two()
    files = stage.side.signed_files(1)
    assert files is not None
    assert files["fr/index.html"].content == (await stage.client.get("/fr/")).content


async def test_signed_page_that_the_origin_answers_itself_is_there_for_mirrors(stage: Stage) -> None:
    form, page = await stage.client.get("/fr/inscription/"), await stage.client.get("/fr/inscription/index.html")
    assert page.status_code == 200
    assert b"<form" in form.content
    assert b"<form" not in page.content


async def test_public_sees_the_edition_before_until_another_holder_signs(stage: Stage) -> None:
    await stage.need_two()
    assert await stage.publish() == 1
    answer = await stage.sign()
    assert (answer.status_code, answer.json(), stage.seen()) == (200, {"edition": 2, "missing": 0}, 2)
    assert (await stage.client.get("/tuf/waiting/targets.json")).status_code == 404


async def test_portal_that_starts_again_shows_the_edition_that_is_signed(stage: Stage) -> None:
    await stage.need_two()
    await stage.publish()
    again = EditionSigner(stage.data, lambda: datetime.now(UTC))
    again.begin()
    assert edition_to_show(await stage.store.editions(), again.signing()).number == 1
    await stage.sign()
    again.renew()
    assert edition_to_show(await stage.store.editions(), again.signing()).number == 2


async def test_signature_that_proves_nothing_is_refused(stage: Stage) -> None:
    await stage.need_two()
    assert (await stage.send("targets", "f" * 64, "00")).status_code == 409
    await stage.publish()
    for key, signature in (("f" * 64, "00"), (stage.billie.key().keyid, "00"), ("", "")):
        assert (await stage.send("targets", key, signature)).status_code == 403
    assert stage.seen() == 1


async def test_fault_of_the_keys_hinders_nobody_from_publishing(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    key = stage.data / "keys" / "holder.pem"
    content = key.read_bytes()
    key.write_bytes(b"")
    assert await stage.publish() == 2
    signing = stage.side.signing()
    assert signing is not None and signing.edition == 1
    assert [record.getMessage().splitlines()[0] for record in caplog.records] == ["the signatures wait"]
    key.write_bytes(content)
    assert await stage.publish() == 3
    assert (signing := stage.side.signing()) is not None and signing.edition == 3


async def test_edition_that_a_fault_left_unsigned_is_signed_later(stage: Stage) -> None:
    key = stage.data / "keys" / "holder.pem"
    content = key.read_bytes()
    key.write_bytes(b"")
    await stage.publish()
    key.write_bytes(content)
    async with background_tasks(keep_signed(stage.side, stage.app.state.current, stage.store, timedelta(seconds=0.01))):
        await until(lambda: (signing := stage.side.signing()) and signing.edition == 2)


async def test_fault_of_the_keys_shows_nothing_that_lacks_signatures(stage: Stage) -> None:
    await stage.need_two()
    (stage.data / "keys" / "holder.pem").write_bytes(b"")
    assert await stage.publish() == 1
    for path in (stage.data / "tuf").glob("*.targets.json"):
        path.write_bytes(b"")
    assert await stage.publish() == 1


async def test_running_portal_notices_what_was_done_beside_it(stage: Stage) -> None:
    await stage.need_two()
    await stage.publish()
    signature = stage.billie.signature(stage.side.files()[f"{PREFIX}waiting/targets.json"].content)
    Origin(stage.data).repository.add_signature("targets", signature)
    async with background_tasks(keep_signed(stage.side, stage.app.state.current, stage.store, timedelta(seconds=0.01))):
        await until(lambda: stage.seen() == 2)


async def test_organisers_are_told_how_many_signed(stage: Stage) -> None:
    await stage.need_two()
    await stage.publish()
    harness = Harness(stage.store, Clock(), KEYS, cheap_hasher(), SETTINGS)
    harness.client = stage.client
    page = await harness.sign_in_by_form()
    assert "Edition 2 is signed by 1 of 2." in page.text
