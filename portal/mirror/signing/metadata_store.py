"""Metadata of an origin on its disk: published, or pending for lack of signatures, and the archive of signed files."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any, Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from tuf.api.exceptions import RepositoryError
from tuf.api.metadata import Metadata, Root, Snapshot, TargetFile, Targets, Timestamp

from portal.domain.trust.signing_errors import SignaturesDamaged
from portal.mirror.client.folder import media_type
from portal.mirror.client.metadata import TIMESTAMP
from portal.site.files import File, Files
from portal.storage.disk import make_folder, write_atomically

WAITING: Final = "waiting"
ARCHIVE: Final = "site.zip"
"""Signed files of an edition as the program made them then: a newer program makes others."""


@dataclass(frozen=True, slots=True)
class Published:
    """Metadata that everybody can fetch. `roots` are the bytes of every root, the first one first."""

    roots: tuple[bytes, ...]
    root: Metadata[Root]
    targets: Metadata[Targets] | None
    snapshot: Metadata[Snapshot] | None
    timestamp: Metadata[Timestamp] | None


class MetadataStore:
    """Folder `tuf` of a data folder. Files have the names that TUF gives them (specification 1.0 §6.2)."""

    def __init__(self, folder: Path) -> None:
        self.folder: Final = folder

    def make(self) -> None:
        """Make the folder."""
        make_folder(self.folder / WAITING)

    def stamp(self) -> tuple[int, ...]:
        """Return a value that changes whenever a file comes, goes or is replaced."""
        folders = [folder for folder in (self.folder, self.folder / WAITING) if folder.is_dir()]
        return tuple(folder.stat().st_mtime_ns for folder in folders)

    def is_begun(self) -> bool:
        """Return whether there is a root of trust."""
        return (self.folder / "1.root.json").exists()

    def published(self) -> Published:
        """Return what is published: what the timestamp leads to. Raises `SignaturesDamaged`."""
        roots = list[bytes]()
        while (path := self.folder / f"{len(roots) + 1}.root.json").exists():
            roots.append(path.read_bytes())
        timestamp = self._read(TIMESTAMP, Timestamp)
        version = timestamp.signed.snapshot_meta.version if timestamp else 0
        snapshot = self._read(f"{version}.snapshot.json", Snapshot)
        version = snapshot.signed.meta["targets.json"].version if snapshot else 0
        targets = self._read(f"{version}.targets.json", Targets)
        root = self._read(f"{len(roots)}.root.json", Root)
        if root is None or (timestamp and not (snapshot and targets)):
            raise SignaturesDamaged(file=self.folder)
        return Published(tuple(roots), root, targets, snapshot, timestamp)

    def pending_root(self) -> Metadata[Root] | None:
        """Return the root that lacks signatures."""
        return self._read(f"{WAITING}/root.json", Root)

    def pending_targets(self) -> Metadata[Targets] | None:
        """Return the targets that lack signatures."""
        return self._read(f"{WAITING}/targets.json", Targets)

    def pending_edition(self) -> bytes | None:
        """Return the file `edition.json` of the pending targets."""
        return self.read(f"{WAITING}/edition.json")

    def read(self, name: str) -> bytes | None:
        """Return the content of the file `name`; None where there is none."""
        path = self.folder / name
        return path.read_bytes() if path.exists() else None

    def put_pending(self, name: str, content: bytes) -> None:
        """Keep a pending file: `root.json`, `targets.json`, `edition.json`, `site.zip`."""
        write_atomically(self.folder / WAITING / name, content)

    def drop_pending(self, *names: str) -> None:
        """Remove pending files."""
        for name in names:
            (self.folder / WAITING / name).unlink(missing_ok=True)

    def put(self, name: str, content: bytes) -> None:
        """Publish one file."""
        write_atomically(self.folder / name, content)

    def sweep(self) -> None:
        """Remove what only earlier timestamps named."""
        published = self.published()
        kept = {name_of(metadata) for metadata in (published.targets, published.snapshot) if metadata}
        if published.targets:
            kept.add(archive_of(published.targets))
        for kind in ("*.targets.json", "*.snapshot.json", f"*.{ARCHIVE}"):
            for path in self.folder.glob(kind):
                if path.name not in kept:
                    path.unlink()

    def _read(self, name: str, kind: type[Any]) -> Metadata[Any] | None:
        path = self.folder / name
        try:
            content = path.read_bytes()
            metadata: Metadata[Any] = _targets_of(content) if kind is Targets else Metadata.from_bytes(content)
        except FileNotFoundError:
            return None
        except RepositoryError:
            raise SignaturesDamaged(file=path) from None
        if not isinstance(metadata.signed, kind):
            raise SignaturesDamaged(file=path)
        return metadata


@lru_cache(maxsize=2)
def _targets_of(content: bytes) -> Metadata[Any]:
    """Parse the long list of the files of an edition, in force or pending, once. Nobody changes what it returns."""
    return Metadata.from_bytes(content)


def name_of(metadata: Metadata[Any]) -> str:
    """Return the name of the file of `metadata`: with its version, but for the timestamp."""
    signed = metadata.signed
    return f"{signed.type}.json" if isinstance(signed, Timestamp) else f"{signed.version}.{signed.type}.json"


def archive_of(targets: Metadata[Targets]) -> str:
    """Return the name of the archive of the files of `targets`, which is not public: each file has its own address."""
    return f"{targets.signed.version}.{ARCHIVE}"


def pack(files: Files) -> bytes:
    """Return `files` as a ZIP archive without times: the same files give the same bytes."""
    content = BytesIO()
    with ZipFile(content, "w") as archive:
        for path in sorted(files):
            archive.writestr(ZipInfo(path), files[path].content, ZIP_DEFLATED)
    return content.getvalue()


def unpack(content: bytes, targets: Mapping[str, TargetFile]) -> Files | None:
    """Return the files of `targets` from an archive of `pack`, as they were signed; None where any of them differs."""
    # Whatever a damaged archive raises, the pages can be made.
    with suppress(Exception), ZipFile(BytesIO(content)) as archive:
        return {path: _read(archive, path, target) for path, target in targets.items()}
    return None


def _read(archive: ZipFile, path: str, target: TargetFile) -> File:
    with archive.open(path) as file:
        content = file.read(target.length + 1)  # a byte more than it may have: it will be refused
    target.verify_length_and_hashes(content)
    return File(content, media_type(path))
