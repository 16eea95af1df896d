"""Push of an edition to a mirror, which accepts it by its signatures alone, whoever sends it.

The metadata comes first and is verified as that of a source; the response lists the SHA-256 of the missing files. Each
is accepted if the verified targets name it. The metadata once more, with nothing missing, puts the edition in force;
once `edition.json` is there, the mirror rebuilds what it can, and lists what is missing then.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final

from tuf.api.exceptions import DownloadHTTPError
from tuf.api.metadata import TargetFile

from portal.domain.edition.edition_file import EDITION_FILE
from portal.domain.limits import METADATA_KIB, ROOT_ROTATIONS
from portal.domain.trust.mirror_errors import FileAltered, MetadataMalformed, NoRunningMirror, OfferRefused
from portal.mirror.client.fetching import HttpFetcher, MemoryFetcher, Progress, Source
from portal.mirror.client.folder import MirrorFolder, ServedEdition
from portal.mirror.client.follow import MissingFiles, Rebuild, edition_to_bring_first, fetched
from portal.mirror.client.metadata import PREFIX, TIMESTAMP, sha256_of
from portal.mirror.client.tuf_client import as_mirror_errors, check_files, refresh, verified_metadata
from portal.storage.disk import locked

OFFER: Final = f"{PREFIX}offer"
"""Path to which metadata is posted; files are posted below it, by their SHA-256."""
OFFER_KIB: Final = 2 * METADATA_KIB
_BASE: Final = "offer:/"
_OK: Final = 200


@dataclass(frozen=True, slots=True)
class OfferAnswer:
    """Response to an offer: the SHA-256 of each `missing` file, or the edition that is `served` from now on."""

    missing: tuple[str, ...]
    served: ServedEdition | None


def accept_metadata(
    mirror: MirrorFolder, served: ServedEdition, body: bytes, rebuild: Rebuild, now: datetime
) -> OfferAnswer:
    """Verify the metadata in `body`, a JSON object of texts by name, and `rebuild` what is missing.

    Raises `MirrorError`.
    """
    try:
        brought = {f"{PREFIX}{name}": text.encode() for name, text in json.loads(body).items()}
    except (ValueError, AttributeError, RecursionError):
        raise MetadataMalformed from None
    if brought.get(f"{PREFIX}{TIMESTAMP}") == served.timestamp and not served.damaged:
        return OfferAnswer((), None)
    with as_mirror_errors(), locked(mirror.lock):
        refresh(mirror, Source("", _BASE, MemoryFetcher(_BASE, brought)), served, now)
        if mirror.timestamp() == served.timestamp and not served.damaged:  # the same metadata in other bytes
            return OfferAnswer((), None)
        missing = MissingFiles(mirror)
        for _ in missing.rebuild(rebuild):
            pass
        return OfferAnswer(missing.hashes, None if missing.hashes else mirror.serve_verified())


def is_missing(mirror: MirrorFolder, hash: str) -> bool:
    """Return whether the file with the SHA-256 `hash` is missing. Raises `MirrorError` if no targets name it."""
    with as_mirror_errors():
        return not mirror.has(_named(mirror, hash))


def accept_file(mirror: MirrorFolder, hash: str, content: bytes) -> None:
    """Keep a file whose SHA-256 is `hash`, if the verified targets name it. Raises `MirrorError`."""
    with as_mirror_errors(), locked(mirror.lock):
        target = _named(mirror, hash)
        if sha256(content).hexdigest() != hash:
            raise FileAltered(path=hash)
        mirror.put(target, content)


def _named(mirror: MirrorFolder, hash: str) -> TargetFile:
    target = check_files(mirror.targets()).get(hash)
    if target is None:
        raise FileAltered(path=hash)
    return target


def push(source: Source, to: Source, root: bytes, progress: Progress, now: datetime) -> int:
    """Hand the edition of `source`, the first root of which is `root`, to the mirror at `to`; returns its number.

    Raises `MirrorError`: `NoRunningMirror` where `to` answers something else than a mirror does.
    """
    signed = verified_metadata(source, root, now)
    metadata = _metadata_of(source)
    missing = _offer(to, metadata)
    targets = {sha256_of(target): target for target in signed.targets.targets.values()}

    def bring(hash: str) -> None:
        if hash not in targets:
            raise NoRunningMirror(address=to.address)
        with as_mirror_errors():
            _post(to, f"{OFFER}/{hash}", fetched(source, targets[hash]))

    if edition := edition_to_bring_first(missing, signed.targets.targets.get(EDITION_FILE)):
        bring(sha256_of(edition))
        missing = _offer(to, metadata)
    for done, hash in enumerate(missing, 1):
        bring(hash)
        progress(done, len(missing))
    if _offer(to, metadata):
        raise NoRunningMirror(address=to.address)
    return signed.edition


def _metadata_of(source: Source) -> bytes:
    """Fetch every file of metadata that `source` has, as one JSON object."""
    files: dict[str, str] = {}

    def take(name: str) -> str:
        left = OFFER_KIB * 1024 - sum(map(len, files.values()))
        files[name] = source.metadata(name, left).decode()
        return files[name]

    with as_mirror_errors():
        version = json.loads(take(TIMESTAMP))["signed"]["meta"]["snapshot.json"]["version"]
        version = json.loads(take(f"{version}.snapshot.json"))["signed"]["meta"]["targets.json"]["version"]
        take(f"{version}.targets.json")
        for number in range(1, ROOT_ROTATIONS + 1):
            try:
                take(f"{number}.root.json")
            except DownloadHTTPError:
                break
    return json.dumps(files).encode()


def _offer(to: Source, metadata: bytes) -> list[str]:
    """Post `metadata`; return the SHA-256 of each file that is missing there, once. Raises `MirrorError`."""
    try:
        answer = json.loads(_post(to, OFFER, metadata))
        return list(dict.fromkeys(hash for hash in answer["missing"] if isinstance(hash, str)))
    except (ValueError, TypeError, KeyError, RecursionError):
        raise NoRunningMirror(address=to.address) from None


def _post(to: Source, path: str, body: bytes) -> bytes:
    if not isinstance(to.fetcher, HttpFetcher):
        raise NoRunningMirror(address=to.address)
    status, answer = to.fetcher.post(f"{to.base}{path}", body)
    if status != _OK:
        raise OfferRefused(status=status)
    return answer
