"""The metadata of an origin on its disk: what is published, and what waits for signatures."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tuf.api.exceptions import RepositoryError
from tuf.api.metadata import Metadata, Root, Snapshot, Targets, Timestamp

from portal.domain.trust.signing_errors import SignaturesDamaged
from portal.mirror.client.metadata import TIMESTAMP
from portal.mirror.signing.edition_archive import SITE_FILE
from portal.storage.disk import make_folder, write_atomically

WAITING: Final = "waiting"


@dataclass(frozen=True, slots=True)
class Published:
    """What everybody can fetch. `roots` are the bytes of every root, the first one first."""

    roots: tuple[bytes, ...]
    root: Metadata[Root]
    targets: Metadata[Targets] | None
    snapshot: Metadata[Snapshot] | None
    timestamp: Metadata[Timestamp] | None


class MetadataStore:
    """The folder `tuf` of a data folder. Files have the names that TUF gives them (specification 1.0 §6.2)."""

    def __init__(self, folder: Path) -> None:
        self.folder: Final = folder

    def make(self) -> None:
        """Make the folder."""
        make_folder(self.folder / WAITING)

    def stamp(self) -> tuple[int, ...]:
        """Changes whenever a file comes, goes or is replaced."""
        folders = [folder for folder in (self.folder, self.folder / WAITING) if folder.is_dir()]
        return tuple(folder.stat().st_mtime_ns for folder in folders)

    def is_begun(self) -> bool:
        """Whether there is a root of trust."""
        return (self.folder / "1.root.json").exists()

    def published(self) -> Published:
        """What is published; the timestamp decides what of the rest is. Raises `SignaturesDamaged`."""
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

    def waiting_root(self) -> Metadata[Root] | None:
        """The root that waits for signatures."""
        return self._read(f"{WAITING}/root.json", Root)

    def waiting_targets(self) -> Metadata[Targets] | None:
        """The targets that wait for signatures."""
        return self._read(f"{WAITING}/targets.json", Targets)

    def waiting_edition(self) -> bytes | None:
        """The file `edition.json` of the targets that wait."""
        return self.read(f"{WAITING}/edition.json")

    def read(self, name: str) -> bytes | None:
        """The file `name` as it is; None where there is none."""
        path = self.folder / name
        return path.read_bytes() if path.exists() else None

    def put_waiting(self, name: str, content: bytes) -> None:
        """Keep what waits: `root.json`, `targets.json`, `edition.json`, `site.zip`."""
        write_atomically(self.folder / WAITING / name, content)

    def drop_waiting(self, *names: str) -> None:
        """Forget what waited."""
        for name in names:
            (self.folder / WAITING / name).unlink(missing_ok=True)

    def put(self, name: str, content: bytes) -> None:
        """Publish one file."""
        write_atomically(self.folder / name, content)

    def sweep(self) -> None:
        """Remove what an earlier timestamp named."""
        published = self.published()
        kept = {name_of(one) for one in (published.targets, published.snapshot) if one}
        if published.targets:
            kept.add(site_of(published.targets))
        for kind in ("*.targets.json", "*.snapshot.json", f"*.{SITE_FILE}"):
            for path in self.folder.glob(kind):
                if path.name not in kept:
                    path.unlink()

    def _read(self, name: str, kind: type[Any]) -> Metadata[Any] | None:
        path = self.folder / name
        try:
            metadata: Metadata[Any] = Metadata.from_bytes(path.read_bytes())
        except FileNotFoundError:
            return None
        except RepositoryError:
            raise SignaturesDamaged(file=path) from None
        if not isinstance(metadata.signed, kind):
            raise SignaturesDamaged(file=path)
        return metadata


def name_of(metadata: Metadata[Any]) -> str:
    """The file in which `metadata` is published: with its version, but for the timestamp."""
    signed = metadata.signed
    return f"{signed.type}.json" if isinstance(signed, Timestamp) else f"{signed.version}.{signed.type}.json"


def site_of(targets: Metadata[Targets]) -> str:
    """The file in which the files of `targets` are kept; no copy gets it, for each of them has its own address."""
    return f"{targets.signed.version}.{SITE_FILE}"
