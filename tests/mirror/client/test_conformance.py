"""The cases of the TUF project's conformance suite for clients, against both of ours: `follow` and `verify`.

Delegations and target files with a hash in their names are left out: the portal has neither.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import Metadata
from tuf.ngclient import Updater
from tuf.ngclient._internal.trusted_metadata_set import TrustedMetadataSet

from portal.domain.limits import METADATA_KIB
from portal.domain.trust.mirror_errors import (
    MetadataMalformed,
    MirrorError,
    SignaturesUnfit,
    SourceMixed,
    SourceOlder,
    SourceRefuses,
    SourceStale,
    SourceTooLarge,
    SourceUnsigned,
    VouchedTooLong,
)
from portal.mirror.client.fetching import Source, ignore_progress
from portal.mirror.client.folder import MirrorFolder
from portal.mirror.client.follow import follow, nothing_rebuilt
from portal.mirror.client.metadata import PREFIX
from portal.mirror.client.tuf_client import roots_up_to, trusted_set, verified_metadata
from portal.origin.installation import now
from tests.fakes.tuf_changes import (
    FIRST_ROOT,
    Change,
    another_number,
    busy,
    expired,
    expired_before_the_timestamp,
    first_root_of_another_version,
    first_root_signed_by,
    further_signatures,
    gone,
    intermediate_root_expired,
    keys_replaced,
    listed_twice,
    mixed,
    no_hashes,
    no_metadata,
    no_targets_in_snapshot,
    of_another_kind,
    older,
    recovered,
    root_signed_by_the_new_keys_alone,
    signatures,
    signed_by_somebody_else,
    signed_by_the_keys_before_alone,
    signed_under_the_id_of_another_key,
    threshold_lowered_by_one_of_two,
    too_long,
    unknown_fields,
    unsigned,
    vouched_for_ever,
    wrong_meta,
)
from tests.fakes.tuf_repository import ALL, UNDER_ROOT, TufRepository
from tests.fakes.tuf_simulator import BASE

Versions = dict[str, int]
"""The version of each role that a client trusts."""

ACCEPTED: Final[dict[str, Change]] = {
    "everything is renewed": lambda repository: repository.release(*ALL),
    "nothing is renewed": lambda repository: None,
    "the timestamp alone is renewed": lambda repository: repository.release("timestamp"),
    "a root that is followed by another has expired": intermediate_root_expired,
    "the keys of the root are replaced": keys_replaced("root"),
    "the key of the timestamp is replaced": keys_replaced("timestamp"),
    "the key of the snapshot is replaced": keys_replaced("snapshot"),
    "the keys of the targets are replaced": keys_replaced("targets"),
    "keys that nobody knows sign as well": further_signatures,
    "there are fields that nobody knows": unknown_fields,
    "neither length nor hash is announced": no_hashes,
    "two of three sign the root, as it asks": signatures("root", 2, 2),
    "two of three sign the targets, as the root asks": signatures("targets", 2, 2),
    "the targets begin again under another key of the snapshot": recovered("targets"),
    "the snapshot begins again under other keys": recovered("snapshot"),
    "the timestamp begins again under another key": recovered("timestamp"),
}
REFUSED: Final[dict[str, tuple[Change, type[MirrorError]]]] = {
    "the root has expired": (expired("root"), SourceStale),
    "the snapshot has expired": (expired("snapshot"), SourceStale),
    "the targets have expired": (expired("targets"), SourceStale),
    "the root is not signed": (unsigned("root"), SignaturesUnfit),
    "the timestamp is not signed": (unsigned("timestamp"), SignaturesUnfit),
    "the snapshot is not signed": (unsigned("snapshot"), SignaturesUnfit),
    "the targets are not signed": (unsigned("targets"), SignaturesUnfit),
    "somebody else signs the root": (signed_by_somebody_else("root"), SignaturesUnfit),
    "somebody else signs the timestamp": (signed_by_somebody_else("timestamp"), SignaturesUnfit),
    "somebody else signs the snapshot": (signed_by_somebody_else("snapshot"), SignaturesUnfit),
    "somebody else signs the targets": (signed_by_somebody_else("targets"), SignaturesUnfit),
    "somebody else signs the root under the id of its key": (
        signed_under_the_id_of_another_key("root"),
        SignaturesUnfit,
    ),
    "somebody else signs the targets under the id of their key": (
        signed_under_the_id_of_another_key("targets"),
        SignaturesUnfit,
    ),
    "the root is signed by the keys before alone": (signed_by_the_keys_before_alone("root"), SignaturesUnfit),
    "the root is signed by the new keys alone": (root_signed_by_the_new_keys_alone, SignaturesUnfit),
    "the timestamp is signed by a key that was replaced": (
        signed_by_the_keys_before_alone("timestamp"),
        SignaturesUnfit,
    ),
    "the snapshot is signed by a key that was replaced": (signed_by_the_keys_before_alone("snapshot"), SignaturesUnfit),
    "the targets are signed by a key that was replaced": (signed_by_the_keys_before_alone("targets"), SignaturesUnfit),
    "one of three signs a root that asks for two": (signatures("root", 1, 2), SignaturesUnfit),
    "one of three signs targets that need two": (signatures("targets", 1, 2), SignaturesUnfit),
    "one of three signs a snapshot that needs two": (signatures("snapshot", 1, 2), SignaturesUnfit),
    "one of three signs a timestamp that needs two": (signatures("timestamp", 1, 2), SignaturesUnfit),
    "one of two lowers the number of signatures": (threshold_lowered_by_one_of_two, SignaturesUnfit),
    "the id of a key is listed twice": (listed_twice("signed", "roles", "root", "keyids"), MetadataMalformed),
    "a signature is listed twice": (listed_twice("signatures"), MetadataMalformed),
    "the root has another version than its file": (another_number("root"), SourceOlder),
    "the snapshot has another version than its file": (another_number("snapshot"), SourceOlder),
    "the targets have another version than their file": (another_number("targets"), SourceOlder),
    "the timestamp is missing": (gone("timestamp"), SourceUnsigned),
    "the snapshot is missing": (gone("snapshot"), SourceUnsigned),
    "the targets are missing": (gone("targets"), SourceUnsigned),
    "the newest root cannot be fetched for now": (busy, SourceRefuses),
    "the newest root is something else": (no_metadata("root"), MetadataMalformed),
    "the timestamp is something else": (no_metadata("timestamp"), MetadataMalformed),
    "the root is metadata of another kind": (of_another_kind("root"), MetadataMalformed),
    "the timestamp is metadata of another kind": (of_another_kind("timestamp"), MetadataMalformed),
    "the snapshot is metadata of another kind": (of_another_kind("snapshot"), MetadataMalformed),
    "the targets are metadata of another kind": (of_another_kind("targets"), MetadataMalformed),
    "the snapshot has another hash": (wrong_meta("snapshot", hashes={"sha256": "0" * 64}), SourceMixed),
    "the targets have another hash": (wrong_meta("targets", hashes={"sha256": "0" * 64}), SourceMixed),
    "the snapshot is longer than announced": (wrong_meta("snapshot", length=10, hashes=None), SourceTooLarge),
    "the targets are longer than announced": (wrong_meta("targets", length=10, hashes=None), SourceTooLarge),
    "the snapshot is shorter than announced": (wrong_meta("snapshot", length=10**9, hashes=None), SourceMixed),
    "the targets are shorter than announced": (wrong_meta("targets", length=10**9, hashes=None), SourceMixed),
    "the root is longer than any may be": (too_long("root", METADATA_KIB * 1024), SourceTooLarge),
    "the timestamp is longer than any may be": (too_long("timestamp", 16 * 1024), SourceTooLarge),
    "the snapshot is longer than any may be": (too_long("snapshot", METADATA_KIB * 1024), SourceTooLarge),
    "the targets are longer than any may be": (too_long("targets", METADATA_KIB * 1024), SourceTooLarge),
    "the snapshot is longer than any may be, as announced": (
        too_long("snapshot", METADATA_KIB * 1024, 10**9),
        SourceTooLarge,
    ),
    "the snapshot names no targets": (no_targets_in_snapshot, MetadataMalformed),
    "the targets are those of another edition": (mixed, SourceMixed),
    "it is vouched for longer than any portal vouches": (vouched_for_ever, VouchedTooLong),
}
ROLLBACKS: Final[dict[str, Change]] = {
    "the timestamp is older": older("timestamp"),
    "the snapshot is older": older("snapshot"),
    "the targets are older": older("targets"),
}


@dataclass(frozen=True)
class Mirror:
    """A mirror in a folder that follows the repository from its first root on."""

    folder: MirrorFolder

    def read(self, source: Source) -> Versions:
        """Follow `source`; the versions that are served then."""
        if self.folder.pinned() is None:
            self.folder.begin(roots_up_to(source, None))
        served = follow(self.folder, source, self.folder.load(), ignore_progress, nothing_rebuilt, now()).served
        names = [path.removeprefix(PREFIX).split(".") for path in served.metadata]
        versions = [(name[1], int(name[0])) for name in names if name[0].isdigit()]
        timestamp: Metadata[Any] = Metadata.from_bytes(served.timestamp)
        return {**dict(sorted(versions)), "timestamp": timestamp.signed.version}


def read_by_verify(source: Source) -> Versions:
    """Read the metadata of `source` as `verify` does, in whose result the timestamp and the root have no version."""
    signed = verified_metadata(source, roots_up_to(source, None)[-1], now())
    return {"snapshot": signed.snapshot.version, "targets": signed.targets.version}


def versions_of(repository: TufRepository) -> Versions:
    return {role: repository.role(role).version for role in ALL}


@pytest.fixture
def repository() -> TufRepository:
    return TufRepository()


@pytest.mark.parametrize("change", ACCEPTED.values(), ids=ACCEPTED.keys())
def test_newest_versions_are_trusted_where(repository: TufRepository, change: Change, tmp_path: Path) -> None:
    mirror = Mirror(MirrorFolder(tmp_path / "mirror"))
    assert mirror.read(repository.simulator.source) == dict.fromkeys(ALL, 1)
    change(repository)
    source, newest = repository.simulator.source, versions_of(repository)
    assert mirror.read(source) == newest
    assert Mirror(MirrorFolder(tmp_path / "new")).read(source) == newest
    assert read_by_verify(source) == {role: newest[role] for role in ("snapshot", "targets")}


def refused(read: Callable[[Source], Versions], source: Source, error: type[MirrorError]) -> None:
    with pytest.raises(MirrorError) as found:
        read(source)
    assert found.type is error


@pytest.mark.parametrize(("change", "error"), REFUSED.values(), ids=REFUSED.keys())
def test_mirror_that_follows_refuses_where(
    repository: TufRepository, change: Change, error: type[MirrorError], tmp_path: Path
) -> None:
    mirror = Mirror(MirrorFolder(tmp_path / "mirror"))
    mirror.read(repository.simulator.source)
    before = mirror.folder.load()
    change(repository)
    refused(mirror.read, repository.simulator.source, error)
    assert mirror.folder.load() == before


@pytest.mark.parametrize(("change", "error"), REFUSED.values(), ids=REFUSED.keys())
def test_mirror_that_begins_refuses_where(
    repository: TufRepository, change: Change, error: type[MirrorError], tmp_path: Path
) -> None:
    mirror = Mirror(MirrorFolder(tmp_path / "mirror"))
    change(repository)
    refused(mirror.read, repository.simulator.source, error)
    assert mirror.folder.load() is None


@pytest.mark.parametrize(("change", "error"), REFUSED.values(), ids=REFUSED.keys())
def test_verify_refuses_where(repository: TufRepository, change: Change, error: type[MirrorError]) -> None:
    change(repository)
    refused(read_by_verify, repository.simulator.source, error)


@pytest.mark.parametrize("change", ROLLBACKS.values(), ids=ROLLBACKS.keys())
def test_mirror_that_knows_better_refuses_where(repository: TufRepository, change: Change, tmp_path: Path) -> None:
    """Whoever has never seen the newer version cannot know of it: `verify` has no memory."""
    mirror = Mirror(MirrorFolder(tmp_path / "mirror"))
    repository.release(*UNDER_ROOT)
    mirror.read(repository.simulator.source)
    before = mirror.folder.load()
    change(repository)
    refused(mirror.read, repository.simulator.source, SourceOlder)
    assert mirror.folder.load() == before
    assert read_by_verify(repository.simulator.source) == {
        role: repository.role(role).version for role in ("snapshot", "targets")
    }


def test_expired_timestamp_is_refused_by_a_mirror_and_read_by_verify(repository: TufRepository, tmp_path: Path) -> None:
    until = repository.now - timedelta(hours=1)
    expired("timestamp")(repository)
    source = repository.simulator.source
    refused(Mirror(MirrorFolder(tmp_path / "mirror")).read, source, SourceStale)
    assert verified_metadata(source, roots_up_to(source, None)[-1], now()).until == until


@pytest.mark.parametrize("role", ["root", "snapshot", "targets"])
def test_role_that_expired_while_it_was_vouched_for_is_refused_by_verify(repository: TufRepository, role: str) -> None:
    expired_before_the_timestamp(role)(repository)
    refused(read_by_verify, repository.simulator.source, SourceStale)


FIRST_ROOTS: Final[dict[str, tuple[Change, type[MirrorError]]]] = {
    "it is not signed": (first_root_signed_by(), SignaturesUnfit),
    "somebody else signed it": (first_root_signed_by(CryptoSigner.generate_ed25519()), SignaturesUnfit),
    "it is of another kind": (lambda repository: repository.put("targets", FIRST_ROOT), MetadataMalformed),
    "it is no metadata": (
        lambda repository: repository.simulator.files.update({FIRST_ROOT: b"{}"}),
        MetadataMalformed,
    ),
    "it has another version than its file": (first_root_of_another_version, SourceOlder),
}


@pytest.mark.parametrize(("change", "error"), FIRST_ROOTS.values(), ids=FIRST_ROOTS.keys())
def test_first_root_is_refused_where(
    repository: TufRepository, change: Change, error: type[MirrorError], tmp_path: Path
) -> None:
    change(repository)
    refused(Mirror(MirrorFolder(tmp_path / "mirror")).read, repository.simulator.source, error)
    refused(read_by_verify, repository.simulator.source, error)


def test_both_clients_lean_on_the_same_internals_of_tuf(repository: TufRepository, tmp_path: Path) -> None:
    """`portal/mirror/client/tuf_client.py` and `roots.py` use them; a version that renames them fails here."""
    root = repository.simulator.files[FIRST_ROOT]
    updater = Updater(str(tmp_path), BASE, fetcher=repository.simulator, bootstrap=root)
    assert type(updater._trusted_set) is type(trusted_set(root)) is TrustedMetadataSet
    assert isinstance(updater._trusted_set.reference_time, datetime)
