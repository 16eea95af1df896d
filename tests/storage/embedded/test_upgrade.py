"""A data folder of format 1, written by the portal of November 2026, opened by this one: all of it is still good."""

import json
import random
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest

from portal.domain.draft.checklist import Mark
from portal.domain.errors import DataDamaged
from portal.domain.registration.hashing import Argon2, CodeCosts, code_keys, key_of
from portal.domain.registration.registration import Counts, Policy
from portal.domain.registration.sealing import open_with_passphrase_key, open_with_private_key, unwrap
from portal.domain.registration.ticket_code import INVITATION, SET_UP, code_digest
from portal.origin.installation import code_costs_of, hasher_of, open_installation
from portal.settings import Settings
from portal.storage.embedded import upgrade
from portal.storage.embedded.data_file import Tables
from portal.storage.embedded.database import Database
from portal.storage.embedded.store import EmbeddedStore, open_store
from tests.checkout import ROOT
from tests.factories.data_folder import FILES
from tests.factories.stores import EVENT
from tests.fakes.memory_store import sealed

pytestmark = pytest.mark.anyio

FIXTURES: Final = ROOT / "tests" / "fixtures"
KNOWN: Final[dict[str, Any]] = json.loads((FIXTURES / "data_format_1.json").read_text("utf-8"))
"""The codes, passphrases and pseudonyms of the folder, which it does not hold."""
COST: Final = Settings(argon2_memory_kib=8_192, argon2_passes=1)
NOW: Final = datetime(2026, 11, 23, 13, tzinfo=UTC)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Return the folder, with the backups beside the files."""
    folder = tmp_path / "data"
    shutil.copytree(FIXTURES / "data_format_1", folder)
    for name in FILES:
        shutil.copy(folder / name, folder / name.replace(".json", ".last-good.json"))
    for key in (folder / "keys").iterdir():
        key.chmod(0o600)
    return folder


def id_of(data: Path, code: str, purpose: bytes = b"") -> str:
    """Return the id under which this portal looks for a code."""
    return code_keys(code_digest((data / "keys" / "event").read_bytes(), code, purpose)).id


async def private_key_of(store: EmbeddedStore, name: str) -> bytes | None:
    """Return the organisers' private key as an organiser opens it by their passphrase."""
    organiser = await store.organiser(name)
    assert organiser is not None
    key = key_of(organiser.passphrase_hash, KNOWN["organisers"][name])
    return unwrap(organiser.wrapped_key, key) if key else None


async def test_tickets_open_as_before_with_their_pseudonyms(data: Path) -> None:
    store = await open_store(data)
    for person in KNOWN["registrations"]:
        found = await store.registration(id_of(data, person["code"]))
        assert found is not None
        key = key_of(found.passphrase_hash, person["passphrase"])
        assert key is not None
        assert (open_with_passphrase_key(found.sealed_pseudonym, key), found.state) == (
            person["pseudonym"],
            person["state"],
        )
        assert key_of(found.passphrase_hash, "not the one of this ticket") is None
    assert (await store.counts(), await store.policy()) == (Counts(2, 1, 1), Policy(capacity=3))
    await store.close()


async def test_every_organiser_signs_in_and_reads_every_pseudonym(data: Path) -> None:
    store = await open_store(data)
    for name in KNOWN["organisers"]:
        private_key = await private_key_of(store, name)
        assert private_key is not None
        read = [open_with_private_key(each.sealed_pseudonym, private_key) for each in await store.registrations()]
        assert sorted(map(str, read)) == sorted(person["pseudonym"] for person in KNOWN["registrations"])
    await store.close()


async def test_invitations_set_up_codes_journal_and_editions_are_there(data: Path) -> None:
    store = await open_store(data)
    assert [await store.has_invitation(id_of(data, code, INVITATION)) for code in KNOWN["invitations"]] == [True, True]
    code = await store.set_up_code(id_of(data, KNOWN["set_up_code"], SET_UP), NOW)
    assert code is not None
    assert (code.name, code.giver, code.wrapped_key) == ("Dominique", "Camille", "")
    assert [entry.organiser for entry in await store.journal()] == ["Camille"]
    assert [(edition.number, edition.comment) for edition in await store.editions()] == [
        (2, "La deuxième édition."),
        (1, "La première édition."),
    ]
    assert (await store.draft()).event == (await store.editions())[0].event
    await store.close()


async def test_keys_that_old_backups_hold_are_to_be_replaced(data: Path) -> None:
    store = await open_store(data)
    organisers = [await store.organiser(name) for name in KNOWN["organisers"]]
    hashes = [each.passphrase_hash for each in [*await store.registrations(), *organisers] if each is not None]
    cost = hasher_of(COST)
    assert [cost.is_outgrown(stored) for stored in hashes] == [True] * 6
    await store.close()


async def test_folder_holds_no_pseudonym_no_hash_and_no_id_of_before(data: Path) -> None:
    before = {name: json.loads((data / name).read_bytes())["tables"] for name in FILES}
    traces = {
        "Ada",
        "Zoë",
        *before["registrations.json"]["registrations"],
        *before["registrations.json"]["invitations"],
    }
    for records in (before["registrations.json"]["registrations"], before["organisers.json"]["organisers"]):
        traces |= {record["passphrase_hash"].rpartition("$")[2] for record in records.values()}
    await (await open_store(data)).close()
    left = {name: content.decode("utf-8") for name, content in contents_of_files(data).items()}
    assert [(name, trace) for name, content in left.items() for trace in traces if trace in content] == []
    assert all(content.startswith('{"format":2,') for content in left.values())


def contents_of_files(data: Path) -> dict[str, bytes]:
    """Return the data files and their backups."""
    return {path.name: path.read_bytes() for path in data.glob("*.json")}


async def test_upgraded_folder_is_opened_again_without_a_change(data: Path) -> None:
    await (await open_store(data)).close()
    before = contents_of_files(data)
    await (await open_store(data)).close()
    assert contents_of_files(data) == before


async def test_upgrade_takes_no_more_cores_than_the_settings(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    counts: list[int] = []

    def threads(count: int) -> ThreadPoolExecutor:
        counts.append(count)
        return ThreadPoolExecutor(count)

    monkeypatch.setattr(upgrade, "ThreadPoolExecutor", threads)
    async with open_installation(Settings(data=data, cores=3)):
        assert set(counts) == {3}


class Killed(Exception):
    """The process ends here."""


STEPS: Final = {"before anything": 0, "after the programme": 1, "after the organisers": 2}


@pytest.mark.parametrize("done", STEPS.values(), ids=STEPS.keys())
async def test_upgrade_that_is_cut_off_goes_on_at_the_next_start(
    done: int, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    upgrade_database, left = Database.upgrade, done

    async def cut_off(database: Database, convert: Callable[[Tables], Tables]) -> None:
        nonlocal left
        if left == 0:
            raise Killed
        left -= 1
        await upgrade_database(database, convert)

    with monkeypatch.context() as patch:
        patch.setattr(Database, "upgrade", cut_off)
        with pytest.raises(Killed):
            await open_store(data)
    store = await open_store(data)
    private_key = await private_key_of(store, "Camille")
    assert private_key is not None
    read = {open_with_private_key(each.sealed_pseudonym, private_key) for each in await store.registrations()}
    assert read == {"", "Ada", "Zoë 🌻"}
    await store.close()


async def test_organisers_of_an_older_backup_than_the_registrations_are_refused(data: Path) -> None:
    old = (data / "organisers.json").read_bytes()
    await (await open_store(data)).close()
    for name in ("organisers.json", "organisers.last-good.json"):
        (data / name).write_bytes(old)
    before = contents_of_files(data)
    with pytest.raises(DataDamaged) as raised:
        await open_store(data)
    assert raised.value.details["reason"] == (
        "it is older than the registrations beside it: bring all files back from the same backup"
    )
    assert contents_of_files(data) == before


async def test_backup_of_before_the_upgrade_that_is_brought_back_under_a_running_portal_is_never_written_over(
    data: Path,
) -> None:
    old = contents_of_files(data)
    store = await open_store(data)
    for name, content in old.items():
        (data / name).write_bytes(content)
    for change in (
        store.erase_registration(id_of(data, KNOWN["registrations"][0]["code"]), random.Random(1)),
        store.mark(Mark.EVENT_CHECKED),
        store.remove_organiser("Camille"),
        store.save_draft(EVENT, 1),
    ):
        with pytest.raises(DataDamaged) as raised:
            await change
        assert raised.value.details["reason"] == "an earlier portal wrote it: start this one again, which upgrades it"
    assert contents_of_files(data) == old
    await store.close()
    again = await open_store(data)
    assert (await again.counts(), len(await again.registrations())) == (Counts(2, 1, 1), 4)
    await again.close()


async def test_portal_whose_making_was_cut_off_before_the_upgrade_is_made_now(tmp_path: Path) -> None:
    (tmp_path / "registrations.json").write_bytes(sealed({}).replace(b'"format":2', b'"format":1'))
    store = await open_store(tmp_path)
    await store.initialise(EVENT)
    await store.mark(Mark.EVENT_CHECKED)
    await store.close()
    assert {content[:12] for content in contents_of_files(tmp_path).values()} == {b'{"format":2,'}


def rewrite(data: Path, name: str, tables: Tables) -> None:
    """Put `tables` into a file of format 1 and its copy."""
    content = sealed(tables).replace(b'"format":2', b'"format":1')
    for file in (name, name.replace(".json", ".last-good.json")):
        (data / file).write_bytes(content)


async def test_folder_without_an_organiser_who_could_read_is_left_as_it_is(data: Path) -> None:
    rewrite(data, "organisers.json", {})
    before = contents_of_files(data)
    with pytest.raises(DataDamaged) as raised:
        await open_store(data)
    assert raised.value.details["reason"] == (
        "it names no organiser who could read the pseudonyms: add one with the portal that wrote it"
    )
    assert contents_of_files(data) == before


async def test_pseudonym_beside_a_hash_of_no_passphrase_is_read_by_organisers_and_by_no_known_key(data: Path) -> None:
    tables = json.loads((data / "registrations.json").read_bytes())["tables"]
    record = {"passphrase_hash": "", "pseudonym": "Ada", "state": "seated"}
    rewrite(data, "registrations.json", {**tables, "invitations": {}, "registrations": {"a" * 64: record}})
    store = await open_store(data)
    (kept,), private_key = await store.registrations(), await private_key_of(store, "Camille")
    await store.close()
    assert private_key is not None
    assert open_with_private_key(kept.sealed_pseudonym, private_key) == "Ada"
    assert (kept.passphrase_hash, open_with_passphrase_key(kept.sealed_pseudonym, b"\0" * 32)) == ("", None)


async def test_short_codes_cost_more_only_where_an_earlier_portal_gave_them(data: Path, tmp_path: Path) -> None:
    costs = []
    for folder in (data, tmp_path / "new"):
        store = await open_store(folder)
        if folder != data:
            await store.initialise(EVENT)
            await store.renew_sealing_key("e" * 64)
        costs.append(await code_costs_of(store))
        await store.close()
    assert costs == [CodeCosts(Argon2(8_192, 1), Argon2(65_536, 2)), CodeCosts(Argon2(8_192, 1), Argon2(8_192, 1))]


async def test_two_folders_get_keys_of_their_own(data: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    shutil.copytree(data, other)
    keys = []
    for folder in (data, other):
        store = await open_store(folder)
        keys.append(await store.sealing_key())
        await store.close()
    assert None not in keys
    assert len(set(keys)) == 2


async def test_edition_kept_before_there_were_fingerprints_is_read_without(data: Path) -> None:
    store = await open_store(data)
    edition = await store.edition()
    await store.close()
    tables = json.loads((data / "programme.json").read_bytes())["tables"]
    assert tables["editions"]["2"]["addresses"].pop("fingerprint")
    for name in ("programme.json", "programme.last-good.json"):
        (data / name).write_bytes(sealed(tables))
    again = await open_store(data)
    assert edition is not None
    assert await again.edition() == replace(edition, addresses=replace(edition.addresses, fingerprint=None))
    await again.close()
