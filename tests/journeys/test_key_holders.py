"""The journey of two key holders: one runs the portal, the other has a laptop; no edition is out before both signed."""

import asyncio
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from portal.mirror.client.metadata import INDEX
from portal.mirror.signing.key_holders import enrolment, new_threshold
from portal.origin.app import is_dynamic
from portal.site.edition_files import edition_files
from portal.storage.embedded.store import open_store
from tests.factories.command_line import CONFIRMED, publish, typed, wait_for
from tests.factories.origin import Holder, Origin
from tests.factories.origin_process import serving
from tests.waiting import PATIENCE

PAGE = "en/programme/"


def test_edition_is_out_once_the_second_holder_has_read_and_signed_it(tmp_path: Path) -> None:
    server, laptop = tmp_path / "server", tmp_path / "laptop"
    for folder in (server, laptop):
        folder.mkdir()
    typed(server, "init")
    assert "is public" in typed(laptop, "key", "new", "Billie")
    with serving(server) as running:
        typed(server, "key", "enrol", str(laptop / "data" / "keys" / "holder.pub"))
        fingerprint = next(line for line in typed(server, "key", "list").splitlines() if line.startswith("    "))
        assert "is signed by 1 of 2" in typed(server, "key", "threshold", "2")
        wait_for(f"{running.url}tuf/waiting/root.json", "signatures")
        output = typed(laptop, "sign", running.url, answers=CONFIRMED)
        assert fingerprint in output
        assert "  - Signatures needed: now 2, instead of 1." in output.splitlines()
        assert "Your signature has reached the portal.\n" in output
        assert "Signatures needed: 2 of 2. Newest signed edition: 1." in typed(server, "key", "list")

        asyncio.run(publish(server / "data"))
        wait_for(f"{running.url}tuf/waiting/edition.json", "Another sentence")
        assert "Another sentence" not in httpx.get(f"{running.url}en/", timeout=PATIENCE).text
        output = typed(laptop, "sign", running.url, answers="y\n")
        assert "Edition 2, “La phrase a changé.”, makes these changes to edition 1:" in output
        assert re.search(r"  - The sentence under the name: “.*” becomes “Another sentence”\.", output)
        assert "Another sentence" in httpx.get(f"{running.url}en/", timeout=PATIENCE).text
        assert "Nothing is waiting for a signature." in typed(laptop, "sign", running.url)


async def signed_by_two(data: Path, billie: Holder) -> None:
    """Let two holders sign edition 1 of the portal in `data` as another version of the program made it."""
    store = await open_store(data)
    edition = await store.edition()
    await store.close()
    assert edition is not None
    home, made = f"{PAGE}{INDEX}", edition_files(edition)
    other = replace(made[home], content=made[home].content.replace(b"</title>", b" (another version)</title>"))
    origin = Origin(data)
    answered = {path for path in made if is_dynamic(f"/{path.removesuffix(INDEX)}")}
    origin.repository.sign({**made, home: other}, answered, 1)
    for edit in (enrolment(billie.key()), new_threshold(2)):
        origin.repository.change_keys(edit)
    origin.repository.sign({**made, home: other}, answered, 1)  # as it does at its next look, where several sign
    for role in ("root", "targets"):
        billie.sign(origin, role)


def test_portal_that_was_upgraded_is_true_before_and_after_it_is_signed_anew(tmp_path: Path) -> None:
    typed(tmp_path, "init")
    asyncio.run(signed_by_two(tmp_path / "data", Holder(tmp_path / "laptop", "Billie")))
    with serving(tmp_path) as running:
        for is_signed in (False, True):
            assert "is true: edition 1" in typed(tmp_path, "verify", running.url)
            assert ("another version" in httpx.get(f"{running.url}{PAGE}", timeout=PATIENCE).text) is not is_signed
            output = typed(tmp_path, "sign", running.url, "--data", "laptop", answers=CONFIRMED)
            assert ("Nothing is waiting for a signature." in output) is is_signed


@pytest.fixture(scope="module")
def waited_for(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str, Path]]:
    """A portal that waits for the signature of a second holder: its folder, its address, and the holder's folder."""
    server, laptop = (tmp_path_factory.mktemp(name) for name in ("server", "laptop"))
    typed(server, "init")
    typed(laptop, "key", "new", "Billie")
    typed(server, "key", "enrol", str(laptop / "data" / "keys" / "holder.pub"))
    typed(server, "key", "threshold", "2")
    with serving(server) as running:
        yield server, running.url, laptop


@pytest.mark.parametrize("answers", ["n\n", "", "y\nn\n"], ids=["another fingerprint", "nobody there", "not this"])
def test_holder_who_does_not_agree_signs_nothing(
    waited_for: tuple[Path, str, Path], tmp_path: Path, answers: str
) -> None:
    server, url, laptop = waited_for
    shutil.copytree(laptop, tmp_path, dirs_exist_ok=True)
    assert "Your signature" not in typed(tmp_path, "sign", url, answers=answers)
    assert "is signed by 1 of 2" in typed(server, "key", "list")
