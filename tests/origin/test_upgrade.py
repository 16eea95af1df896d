"""Another version of the program makes other pages of the same edition: which of them the public sees, and when."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

import httpx
import pytest
from starlette.applications import Starlette
from tuf.api.exceptions import LengthOrHashMismatchError
from tuf.api.metadata import Metadata, Targets

from portal.domain.edition.edition import Addresses, Edition
from portal.mirror.client.metadata import INDEX, PREFIX
from portal.mirror.signing.key_holders import enrolment, new_threshold
from portal.origin.app import at_listener, create_app, is_dynamic
from portal.origin.signing import EditionSigner, keep_signed
from portal.routes.current_edition import TARGETS
from portal.server.server import background_tasks
from portal.site.edition_files import edition_files
from portal.site.files import File, Files
from portal.site.render import Renderer
from portal.storage.embedded.store import EmbeddedStore
from portal.web.forms import URLENCODED
from portal.web.listeners import clearnet_listener
from tests.factories.origin import Holder
from tests.factories.portal import HOST, SETTINGS, Clock, Harness, cheap_hasher, first_edition
from tests.factories.tickets import KEYS
from tests.fakes.memory_store import memory_store
from tests.waiting import until

pytestmark = pytest.mark.anyio

GONE: Final = "fr/parti/index.html"
"""A page that the earlier version had."""
STYLE: Final = "sha256-b2xkc3R5bGU="
"""The style of its pages."""


def made_before(edition: Edition) -> Files:
    """Return the files of `edition` as the earlier version made them."""
    style = Renderer(edition).style_hash
    made = {
        path: File(file.content.replace(style.encode(), STYLE.encode()), file.media_type)
        for path, file in edition_files(edition).items()
    }
    return {**made, GONE: made["fr/programme/index.html"]}


def answered(files: Files) -> set[str]:
    return {path for path in files if is_dynamic(f"/{path.removesuffix(INDEX)}")}


def now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Portal:
    """A portal in `data` whose edition 1 was signed as an earlier version of the program made it."""

    data: Path
    store: EmbeddedStore
    edition: Edition
    billie: Holder

    def signed(self, *, by_two: bool) -> None:
        """Sign what the earlier version made."""
        side, files = EditionSigner(self.data, now), made_before(self.edition)
        side.begin()
        side.sign(files, answered(files), 1)
        if by_two:
            for edit in (enrolment(self.billie.key()), new_threshold(2)):
                side.repository.change_keys(edit)
            side.sign(files, answered(files), 1)
            for role in ("root", "targets"):
                side.add(role, *self.signature(side, role))

    def signature(self, side: EditionSigner, role: str = "targets") -> tuple[str, str]:
        """Return the key of the other holder, and their signature over the pending edition."""
        signature = self.billie.signature(side.repository.files()[f"{PREFIX}waiting/{role}.json"].content)
        return signature.keyid, signature.signature

    def side(self) -> EditionSigner:
        """Return the signatures of the program that is started now."""
        side = EditionSigner(self.data, now)
        side.begin()
        return side

    def started(self, side: EditionSigner) -> Starlette:
        """Start the program of this version."""
        harness = Harness(self.store, Clock(), KEYS, cheap_hasher(), SETTINGS)
        return create_app(replace(harness.services(), signatures=side), self.edition)


@pytest.fixture
async def portal(tmp_path: Path) -> AsyncIterator[Portal]:
    store = memory_store()
    await store.open()
    await first_edition(store)
    edition = await store.edition()
    assert edition is not None
    yield Portal(tmp_path / "data", store, edition, Holder(tmp_path / "billie", "Billie"))
    await store.close()


def visiting(app: Starlette) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app=at_listener(app, clearnet_listener("")))
    return httpx.AsyncClient(transport=transport, base_url=HOST)


async def altered(client: httpx.AsyncClient, side: EditionSigner) -> list[str]:
    """Return the paths at which visitors get something else than the signed file."""
    content = next(file.content for path, file in side.files().items() if path.endswith(TARGETS))
    targets, found = Metadata[Targets].from_bytes(content).signed.targets, list[str]()
    for path, target in targets.items():
        is_answered = is_dynamic(f"/{path.removesuffix(INDEX)}")
        try:
            answer = await client.get(f"/{path if is_answered else path.removesuffix(INDEX)}")
            target.verify_length_and_hashes(answer.content)
        except LengthOrHashMismatchError:
            found.append(path)
    return found


async def test_public_sees_what_was_signed_until_the_holders_have_signed_anew(portal: Portal) -> None:
    portal.signed(by_two=True)
    side = portal.side()
    async with visiting(portal.started(side)) as client:
        assert (await altered(client, side), (await client.get("/fr/parti/")).status_code) == ([], 200)
        assert (signing := side.signing()) and signing.next and signing.next.signed_by == ("portal",)
        key, signature = portal.signature(side)
        body = urlencode({"role": "targets", "key": key, "signature": signature}).encode()
        answer = await client.post("/tuf/signatures", content=body, headers={"content-type": URLENCODED})
        assert answer.json() == {"edition": 1, "missing": 0}
        assert (await altered(client, side), (await client.get("/fr/parti/")).status_code) == ([], 404)
        assert (await client.get("/fr/")).content == edition_files(portal.edition)["fr/index.html"].content


async def test_each_page_may_use_its_own_style(portal: Portal) -> None:
    portal.signed(by_two=True)
    renderer = Renderer(portal.edition)
    async with visiting(portal.started(portal.side())) as client:
        page, ticket = await client.get("/fr/programme/"), await client.get("/fr/billet/")
        styles = (STYLE in page.text, STYLE in ticket.text, renderer.style_hash in ticket.text)
        assert styles == (True, False, True)
        for answer in (page, ticket):
            policy = answer.headers["content-security-policy"]
            assert STYLE in policy and renderer.style_hash in policy


async def test_one_key_signs_what_the_new_version_makes_at_once(portal: Portal) -> None:
    portal.signed(by_two=False)
    side = portal.side()
    async with visiting(portal.started(side)) as client:
        assert (await altered(client, side), (await client.get("/fr/parti/")).status_code) == ([], 404)
        assert STYLE not in (await client.get("/fr/")).headers["content-security-policy"]


@pytest.mark.parametrize("content", [None, b"", b"no archive"], ids=["missing", "empty", "damaged"])
async def test_what_is_made_is_shown_where_what_was_signed_is_lost(portal: Portal, content: bytes | None) -> None:
    portal.signed(by_two=True)
    (kept,) = (portal.data / "tuf").glob("*.site.zip")
    kept.unlink() if content is None else kept.write_bytes(content)
    side = portal.side()
    async with visiting(portal.started(side)) as client:
        assert GONE in await altered(client, side)
        side.add("targets", *portal.signature(side))
        assert await altered(client, side) == []


async def test_public_sees_what_was_signed_while_a_later_edition_waits(portal: Portal) -> None:
    portal.signed(by_two=True)
    side, later = portal.side(), made_before(replace(portal.edition, number=2))
    assert side.sign(later, answered(later), 2) is False
    async with visiting(portal.started(side)) as client:
        assert await altered(client, side) == []


def waiting_targets(side: EditionSigner) -> set[str]:
    """Return the paths of the edition that waits for signatures."""
    return set(Metadata[Targets].from_bytes(side.files()[f"{PREFIX}waiting/targets.json"].content).signed.targets)


async def test_edition_that_waits_is_made_anew_for_those_who_sign_with_the_new_version(portal: Portal) -> None:
    portal.signed(by_two=True)
    draft = await portal.store.draft()
    later = await portal.store.publish(draft.revision, "", Addresses("https://event.example"), portal.edition.published)
    side, files = portal.side(), made_before(later)
    side.sign(files, answered(files), 2)
    app = portal.started(side)
    async with background_tasks(keep_signed(side, app.state.current, portal.store, timedelta(seconds=0.01))):
        await until(lambda: GONE not in waiting_targets(side))
    assert (waiting_targets(side), app.state.current.renderer.edition.number) == (set(edition_files(later)), 1)


async def test_export_has_what_was_signed_until_the_holders_have_signed_anew(portal: Portal) -> None:
    portal.signed(by_two=True)
    side, made = portal.side(), edition_files(portal.edition)
    files = side.with_files(made, is_dynamic, 1)
    assert {path: files[path] for path in files if not path.startswith(PREFIX)} == made_before(portal.edition)
    side.add("targets", *portal.signature(side))
    files = side.with_files(made, is_dynamic, 1)
    assert {path: files[path] for path in files if not path.startswith(PREFIX)} == made


async def test_version_that_was_signed_and_comes_back_is_shown_as_long_as_it_is_in_force(portal: Portal) -> None:
    """Show an edition of another version once it is signed; until then, the files that are signed."""
    portal.signed(by_two=True)
    side = portal.side()
    side.sign(edition_files(portal.edition), answered(edition_files(portal.edition)), 1)
    side.add("targets", *portal.signature(side))
    earlier = made_before(portal.edition)
    side.sign(earlier, answered(earlier), 1)
    app = portal.started(side)
    async with visiting(app) as client:
        assert await altered(client, side) == []
        side.add("targets", *portal.signature(side))
        await app.state.current.refresh_signatures()
        assert (await altered(client, side), (await client.get("/fr/parti/")).status_code) == ([], 200)
