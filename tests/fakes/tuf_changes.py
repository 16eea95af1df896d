"""Changes of a TUF repository that a client has to accept or to refuse, one for each case of the table."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

from securesystemslib.signer import CryptoSigner, Signature
from tuf.api.exceptions import DownloadHTTPError
from tuf.api.metadata import Metadata, MetaFile

from portal.domain.limits import TIMESTAMP_HOURS
from portal.mirror.client.metadata import PREFIX
from tests.fakes.tuf_repository import ALL, UNDER_ROOT, TufRepository
from tests.fakes.tuf_simulator import Simulator

FIRST_ROOT: Final = f"{PREFIX}1.root.json"
Change = Callable[[TufRepository], object]


def expired(role: str) -> Change:
    def change(repository: TufRepository) -> None:
        repository.role(role).expires = repository.now - timedelta(hours=1)
        repository.release(*ALL)

    return change


def unsigned(role: str) -> Change:
    def change(repository: TufRepository) -> None:
        repository.signers[role].clear()
        repository.release(*ALL)

    return change


def signed_by_somebody_else(role: str) -> Change:
    def change(repository: TufRepository) -> None:
        repository.signers[role] = [CryptoSigner.generate_ed25519()]
        repository.release(*ALL)

    return change


def signed_under_the_id_of_another_key(role: str) -> Change:
    def change(repository: TufRepository) -> None:
        known, stranger = repository.signers[role][0].public_key.keyid, CryptoSigner.generate_ed25519()
        repository.signers[role].clear()
        repository.release(role)
        metadata: Metadata[Any] = Metadata(repository.role(role))
        signature = metadata.sign(stranger)
        metadata.signatures = {known: Signature(known, signature.signature)}
        repository.put_bytes(role, metadata.to_bytes())
        repository.release(*ALL[ALL.index(role) + 1 :])

    return change


def another_number(role: str) -> Change:
    """Publish version 3 of the `role` as number 2."""

    def change(repository: TufRepository) -> None:
        repository.release(*ALL[: ALL.index(role)])
        repository.role(role).version += 1
        name = repository.name(role)
        repository.role(role).version += 1
        repository.put(role, name)
        of_targets, of_snapshot = repository.snapshot.meta["targets.json"], repository.timestamp.snapshot_meta
        announced = {"targets": of_targets, "snapshot": of_snapshot}
        if role in announced:
            announced[role].version -= 1
        repository.release(*ALL[ALL.index(role) + 1 :])

    return change


def gone(role: str) -> Change:
    def change(repository: TufRepository) -> None:
        repository.release(*ALL)
        del repository.simulator.files[repository.name(role)]

    return change


def of_another_kind(role: str) -> Change:
    """Publish the metadata of another role, well signed by the keys of `role`, as `role`."""

    def change(repository: TufRepository) -> None:
        repository.release(*ALL[: ALL.index(role)])
        repository.role(role).version += 1
        other = repository.role("snapshot" if role == "targets" else "targets")
        metadata: Metadata[Any] = Metadata(other)
        metadata.sign(repository.signers[role][0])
        repository.put_bytes(role, metadata.to_bytes())
        repository.release(*ALL[ALL.index(role) + 1 :])

    return change


def keys_replaced(role: str) -> Change:
    def change(repository: TufRepository) -> None:
        before = repository.replace_keys(role)
        if role == "root":
            repository.signers[role] += before
        repository.release(*ALL)

    return change


def signed_by_the_keys_before_alone(role: str) -> Change:
    def change(repository: TufRepository) -> None:
        before = repository.replace_keys(role)
        if role != "root":
            repository.release("root")
        repository.signers[role] = before
        repository.release(*(name for name in ALL if name != "root" or role == "root"))

    return change


def root_signed_by_the_new_keys_alone(repository: TufRepository) -> None:
    repository.replace_keys("root")
    repository.release(*ALL)


def signatures(role: str, given: int, threshold: int) -> Change:
    """Let so many as `given` sign of three keys of the `role`, which needs `threshold` signatures."""

    def change(repository: TufRepository) -> None:
        before = repository.replace_keys(role, keys=3, threshold=threshold)
        signers = repository.signers[role][:given]
        repository.signers[role] = [*before, *signers] if role == "root" else signers
        repository.release(*ALL)

    return change


def threshold_lowered_by_one_of_two(repository: TufRepository) -> None:
    repository.signers["root"] += repository.replace_keys("root", keys=2, threshold=2)
    repository.release("root")
    repository.root.roles["root"].threshold = 1
    repository.signers["root"] = repository.signers["root"][:1]
    repository.release(*ALL)


def intermediate_root_expired(repository: TufRepository) -> None:
    expires, repository.root.expires = repository.root.expires, repository.now - timedelta(days=9)
    repository.release("root")
    repository.root.expires = expires
    repository.release(*ALL)


def further_signatures(repository: TufRepository) -> None:
    for signers in repository.signers.values():
        signers.insert(0, CryptoSigner.generate_ed25519())
    repository.release(*ALL)


def unknown_fields(repository: TufRepository) -> None:
    for role in ALL:
        repository.role(role).unrecognized_fields["custom-field"] = {"a": [1, "b"]}
    repository.release(*ALL)


def no_hashes(repository: TufRepository, length: int | None = None) -> None:
    repository.release("root", "targets")
    repository.snapshot.meta["targets.json"] = MetaFile(repository.targets.version, length)
    repository.release("snapshot")
    repository.timestamp.snapshot_meta = MetaFile(repository.snapshot.version, length)
    repository.release("timestamp")


def listed_twice(*path: str) -> Change:
    """Put the first item of a list in the newest root there twice."""

    def change(repository: TufRepository) -> None:
        repository.release(*ALL)
        name = repository.name("root")
        root = json.loads(repository.simulator.files[name])
        found = root
        for key in path:
            found = found[key]
        found.append(found[0])
        repository.simulator.files[name] = json.dumps(root).encode()

    return change


def wrong_meta(role: str, **altered: object) -> Change:
    """Announce another length or hash of `role`."""

    def change(repository: TufRepository) -> None:
        repository.release("root", "targets")
        if role == "targets":
            alter(repository.snapshot.meta["targets.json"])
        repository.release("snapshot")
        if role == "snapshot":
            alter(repository.timestamp.snapshot_meta)
        repository.release("timestamp")

    def alter(meta: MetaFile) -> None:
        for name, value in altered.items():
            setattr(meta, name, value)

    return change


def too_long(role: str, size: int, length: int | None = None) -> Change:
    """Make `role` longer than `size` bytes, well signed, and announced with this `length`."""

    def change(repository: TufRepository) -> None:
        repository.role(role).unrecognized_fields["custom-field"] = "x" * size
        no_hashes(repository, length)

    return change


def older(role: str) -> Change:
    """Release version 1 of the `role` again, well announced by what follows it."""

    def change(repository: TufRepository) -> None:
        repository.role(role).version = 0
        repository.release(*UNDER_ROOT[UNDER_ROOT.index(role) :])

    return change


def recovered(role: str) -> Change:
    """Let versions begin again, after the keys of the roles that announce them were replaced."""

    def change(repository: TufRepository) -> None:
        for replaced in {"targets": ("snapshot",), "snapshot": ("snapshot", "timestamp")}.get(role, ("timestamp",)):
            repository.replace_keys(replaced)
        repository.role(role).version = 0
        repository.release(*ALL)

    return change


def mixed(repository: TufRepository) -> None:
    repository.release(*ALL)
    before = repository.simulator.files[repository.name("targets")]
    repository.release(*UNDER_ROOT)
    repository.simulator.files[repository.name("targets")] = before


def no_targets_in_snapshot(repository: TufRepository) -> None:
    repository.release("targets")
    del repository.snapshot.meta["targets.json"]
    repository.release("snapshot", "timestamp")


def vouched_for_ever(repository: TufRepository) -> None:
    repository.timestamp.expires = repository.now + timedelta(hours=2 * TIMESTAMP_HOURS, days=1)
    repository.release("timestamp")


def no_metadata(role: str) -> Change:
    def change(repository: TufRepository) -> None:
        repository.release(*ALL)
        repository.simulator.files[repository.name(role)] = b"<html>Under construction</html>"

    return change


class Busy(Simulator):
    """A source that has too much to do for the roots."""

    def download_bytes(self, url: str, max_length: int) -> bytes:
        if url.endswith("2.root.json"):
            raise DownloadHTTPError("busy", 503)
        return super().download_bytes(url, max_length)


def busy(repository: TufRepository) -> None:
    repository.release(*ALL)
    repository.simulator = Busy(repository.simulator.files)


def expired_before_the_timestamp(role: str) -> Change:
    def change(repository: TufRepository) -> None:
        repository.timestamp.expires = repository.now - timedelta(hours=1)
        repository.role(role).expires = repository.now - timedelta(hours=2)
        repository.release(*ALL)

    return change


def first_root_signed_by(*signers: CryptoSigner) -> Change:
    def change(repository: TufRepository) -> None:
        repository.signers["root"] = list(signers)
        repository.put("root")

    return change


def first_root_of_another_version(repository: TufRepository) -> None:
    repository.root.version = 3
    repository.put("root", FIRST_ROOT)
