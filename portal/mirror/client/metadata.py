"""The four roles of TUF metadata (specification 1.0 §4), as this portal fills them.

root lists the keys; targets has the length and SHA-256 of every file of an edition; snapshot names the newest targets,
timestamp the newest snapshot. Key holders sign the first two, the portal itself the last two.
"""

import re
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import PurePosixPath
from typing import Any, Final

from securesystemslib.signer import Key, Signer
from tuf.api.metadata import Metadata, MetaFile, Root, Snapshot, TargetFile, Targets, Timestamp

from portal.domain.edition.edition_file import EDITION_FILE
from portal.domain.limits import TIMESTAMP_HOURS
from portal.site.files import Files

INDEX: Final = "index.html"
PREFIX: Final = "tuf/"
"""Folder of the metadata below the root of the site; the targets have the paths that they have for visitors."""
TIMESTAMP: Final = "timestamp.json"
"""Name of the timestamp, the only one without a version: clients fetch it first."""
VALIDITY: Final = timedelta(days=3 * 365)
"""For how long holders sign: longer than any preparation, for it is the timestamp that shows what is stale."""
TIMESTAMP_VALIDITY: Final = timedelta(hours=TIMESTAMP_HOURS)
HOLDERS_ROLES: Final = (Root.type, Targets.type)
PORTALS_ROLES: Final = (Snapshot.type, Timestamp.type)

_HASH: Final = "sha256"
_EDITION: Final = "edition"
_ANSWERED: Final = "answered_by_origin"


def is_plain(path: str) -> bool:
    """Return whether `path` names a file below a folder, in its shortest form (no `..`, no `//`)."""
    parts = PurePosixPath(path).parts
    return path.isprintable() and path == "/".join(parts) and path != "" and not {"/", ".."} & set(parts)


def for_visitors(path: str) -> str:
    """Return the address of the file at `path` for visitors: a page has that of its folder, `fr/programme/`."""
    return path.removesuffix(INDEX) if path.rpartition("/")[2] == INDEX else path


def fingerprint_of(root: bytes) -> str:
    """Return the fingerprint by which people know a root of trust: the SHA-256 of its file, 64 hexadecimal digits."""
    return sha256(root).hexdigest()


def first_root(holders: Iterable[Key], portal: Key, now: datetime) -> Root:
    """Return the root of trust, version 1: any of `holders` signs alone."""
    root = Root(version=1, expires=_end(now, VALIDITY), consistent_snapshot=True)
    for holder in holders:
        for role in HOLDERS_ROLES:
            root.add_key(holder, role)
    for role in PORTALS_ROLES:
        root.add_key(portal, role)
    return root


def next_root(root: Root, now: datetime) -> Root:
    """Return a duplicate of `root` with the next version, to be changed."""
    after = Root.from_dict(root.to_dict())
    after.version, after.expires = root.version + 1, _end(now, VALIDITY)
    return after


def targets_of(files: Files, dynamic: Collection[str], edition: int, version: int, now: datetime) -> Targets:
    """Return the targets of edition number `edition`, made of `files`.

    At the paths `dynamic` the origin itself has other responses, made for one person.
    """
    targets = Targets(version=version, expires=_end(now, VALIDITY))
    for path, file in files.items():
        target = TargetFile.from_data(path, file.content, [_HASH])
        custom = {_EDITION: edition} if path == EDITION_FILE else {_ANSWERED: True} if path in dynamic else None
        if custom:
            target.unrecognized_fields["custom"] = custom
        targets.targets[path] = target
    return targets


def reissued(targets: Targets, version: int, now: datetime) -> Targets:
    """Return the same targets under another version, to be signed again."""
    after = Targets.from_dict(targets.to_dict())
    after.version, after.expires = version, _end(now, VALIDITY)
    return after


def snapshot_of(targets: Metadata[Targets], version: int, now: datetime) -> Snapshot:
    """Return the snapshot that names `targets`, with its length and hash."""
    meta = {"targets.json": MetaFile.from_data(targets.signed.version, targets.to_bytes(), [_HASH])}
    return Snapshot(version=version, expires=_end(now, VALIDITY), meta=meta)


def timestamp_of(snapshot: Metadata[Snapshot], version: int, now: datetime) -> Timestamp:
    """Return the timestamp that names `snapshot`, with its length and hash."""
    meta = MetaFile.from_data(snapshot.signed.version, snapshot.to_bytes(), [_HASH])
    return Timestamp(version=version, expires=_end(now, TIMESTAMP_VALIDITY), snapshot_meta=meta)


def edition_of(targets: Targets) -> int:
    """Return the number of the edition of `targets`; 0 where it has none."""
    file = targets.targets.get(EDITION_FILE)
    custom = file.custom if file else None
    number = custom.get(_EDITION) if isinstance(custom, dict) else None
    return number if isinstance(number, int) else 0


def is_answered_by_origin(target: TargetFile) -> bool:
    """Return whether the origin itself has another response at the path of `target`."""
    return isinstance(target.custom, dict) and target.custom.get(_ANSWERED) is True


def sha256_of(target: TargetFile) -> str:
    """Return the hash of a target, 64 hexadecimal digits; "" when there is none."""
    found = target.hashes.get(_HASH, "")
    return found if re.fullmatch(r"[0-9a-f]{64}", found) else ""


def signed(payload: Any, signers: Iterable[Signer]) -> Metadata[Any]:  # noqa: ANN401 - any of the four
    """Return `payload` with the signature of each of `signers`."""
    metadata = Metadata(payload)
    for signer in signers:
        metadata.sign(signer, append=True)
    return metadata


def _end(now: datetime, lasting: timedelta) -> datetime:
    return (now + lasting).replace(microsecond=0)
