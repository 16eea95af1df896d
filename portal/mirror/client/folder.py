"""Folder of a mirror: the editions that it serves, the files that it has fetched, the metadata that it trusts.

- `pinned.json`: the root of trust that was pinned when the mirror was begun.
- `trust/`: the metadata that TUF's client trusts; it may be ahead of what is served.
- `files/`: public files by their SHA-256, whoever sent them.
- `served/<n>/`: the metadata of an edition that was verified whole; the file `current` names the one that is served.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from tuf.api.exceptions import RepositoryError
from tuf.api.metadata import Metadata, Root, TargetFile, Targets, Timestamp

from portal.mirror.client.metadata import PREFIX, TIMESTAMP, edition_of, fingerprint_of, sha256_of
from portal.site.files import JSON, File, Files
from portal.storage.disk import TEMPORARY, make_folder, sync_folder, write_atomically

KEPT: Final = 2
"""Number of verified editions on the disk: the served edition, and the one before it."""
_CURRENT: Final = "current"
_PINNED: Final = "pinned.json"
_TYPES: Final = {
    "html": "text/html; charset=utf-8",
    "ics": "text/calendar; charset=utf-8",
    "json": JSON,
    "atom": "application/atom+xml; charset=utf-8",
    "xml": "application/xml; charset=utf-8",
    "png": "image/png",
    "txt": "text/plain; charset=utf-8",
}


@dataclass(frozen=True, slots=True)
class ServedEdition:
    """Edition as the mirror serves it: number, `files` of the site, `metadata` below `PREFIX`.

    It is vouched for `until` then. `damaged` are the paths whose files the disk has lost: they are not in `files`.
    """

    edition: int
    until: datetime
    files: Files
    metadata: Files
    damaged: tuple[str, ...]

    @property
    def timestamp(self) -> bytes:
        """Return the bytes of the timestamp."""
        return self.metadata[f"{PREFIX}{TIMESTAMP}"].content


class MirrorFolder:
    """Mirror in `folder`. Methods may raise `OSError`."""

    def __init__(self, folder: Path) -> None:
        self.folder: Final = folder
        self.lock: Final = folder / ".lock"
        self.trust: Final = folder / "trust"
        self._files: Final = folder / "files"
        self._served: Final = folder / "served"

    def begin(self, roots: tuple[bytes, ...]) -> None:
        """Pin the last of `roots`; those before it led to it."""
        self._make_folders()
        first = Metadata[Any].from_bytes(roots[-1]).signed.version - len(roots) + 1
        for number, root in enumerate(roots[:-1], first):
            write_atomically(self.trust / "root_history" / f"{number}.root.json", root)
        write_atomically(self.folder / _PINNED, roots[-1])

    def pinned(self) -> bytes | None:
        """Return the root of trust, None before `begin`; where the disk has lost it, the first of the verified ones."""
        verified = (path for folder in self._generations() for path in folder.glob("*.root.json"))
        paths = (self.folder / _PINNED, *sorted(verified, key=lambda path: int(path.name.partition(".")[0])))
        return next((path.read_bytes() for path in paths if _is_metadata(path)), None)

    def restore_trust(self, served: ServedEdition | None) -> None:
        """Put back what TUF's client must remember where the disk has lost it, so that nothing older can be offered."""
        self._make_folders()
        for path, file in (served.metadata if served else {}).items():
            name = path.removeprefix(PREFIX)
            kept = self.trust / ("root_history" if name.endswith(".root.json") else "") / _unversioned(name)
            if not _is_metadata(kept):
                write_atomically(kept, file.content)

    def targets(self) -> Targets:
        """Return the targets that TUF's client verified last."""
        return Metadata[Targets].from_bytes((self.trust / "targets.json").read_bytes()).signed

    def timestamp(self) -> bytes:
        """Return the bytes of the timestamp that TUF's client verified last."""
        return (self.trust / TIMESTAMP).read_bytes()

    def root(self) -> Root:
        """Return the root of trust that TUF's client verified last."""
        return Metadata[Root].from_bytes((self.trust / "root.json").read_bytes()).signed

    def fingerprint(self) -> str:
        """Return the fingerprint of that root."""
        return fingerprint_of((self.trust / "root.json").read_bytes())

    def has(self, target: TargetFile) -> bool:
        """Return whether the file of `target` is there as it was signed."""
        return self.read(target) is not None

    def read(self, target: TargetFile) -> bytes | None:
        """Return the file of `target` as it was signed; None where it is not there."""
        try:
            content = (self._files / sha256_of(target)).read_bytes()
        except OSError:
            return None
        return content if sha256(content).hexdigest() == sha256_of(target) else None

    def put(self, target: TargetFile, content: bytes) -> None:
        """Keep the file of `target`, which was verified."""
        write_atomically(self._files / sha256_of(target), content)

    def serve_verified(self) -> ServedEdition:
        """Serve, from now on and in one step, what TUF's client verified last and all of whose files are there.

        What neither this edition nor the one before it needs is removed.
        """
        sync_folder(self._files)
        newest = max((int(path.name) for path in self._generations()), default=0)
        folder = self._served / str(newest + 1)
        make_folder(folder)
        for name, content in self._verified_metadata():
            write_atomically(folder / name, content)
        sync_folder(self._served)
        write_atomically(self.folder / _CURRENT, folder.name.encode())
        served = self.load()
        assert served is not None  # noqa: S101 - it was written just now
        self._sweep()
        return served

    def _sweep(self) -> None:
        current = self._current()
        generations = sorted(self._generations(), key=lambda path: int(path.name))
        kept = [path for path in generations if current is None or int(path.name) <= int(current)][-KEPT:]
        for folder in generations:
            if folder not in kept:
                _remove(folder)
        needed = {sha256_of(target) for folder in kept if (found := _targets_in(folder)) for target in found.values()}
        for path in self._files.iterdir():
            if path.name not in needed:
                path.unlink()

    def load(self) -> ServedEdition | None:
        """Return the edition to serve: the current one, else the newest that is whole, else the newest of all."""
        current = self._current()
        order = sorted(self._generations(), key=lambda path: (path.name == current, int(path.name)), reverse=True)
        first: ServedEdition | None = None
        for folder in order:
            served = self._load(folder)
            if served and not served.damaged:
                return served
            first = first or served
        return first

    def _make_folders(self) -> None:
        for part in (self.trust / "root_history", self._files, self._served):
            make_folder(part)

    def _load(self, folder: Path) -> ServedEdition | None:
        try:
            metadata = {
                path.name: path.read_bytes() for path in sorted(folder.iterdir()) if not path.name.endswith(TEMPORARY)
            }
            until = Metadata[Timestamp].from_bytes(metadata[TIMESTAMP]).signed.expires
            targets = _targets_in(folder)
        except (OSError, KeyError, RepositoryError):
            return None
        if targets is None:
            return None
        contents = {path: self.read(target) for path, target in targets.items()}
        return ServedEdition(
            edition_of(Targets(targets=dict(targets))),
            until,
            {path: File(content, media_type(path)) for path, content in contents.items() if content is not None},
            {f"{PREFIX}{name}": File(content, JSON) for name, content in metadata.items()},
            tuple(path for path, content in contents.items() if content is None),
        )

    def _verified_metadata(self) -> Iterator[tuple[str, bytes]]:
        for path in (self.trust / "root_history").iterdir():
            if path.name.endswith(".root.json"):
                yield path.name, path.read_bytes()
        for name in ("targets.json", "snapshot.json"):
            content = (self.trust / name).read_bytes()
            yield f"{Metadata[Any].from_bytes(content).signed.version}.{name}", content
        yield TIMESTAMP, (self.trust / TIMESTAMP).read_bytes()

    def _generations(self) -> list[Path]:
        return [path for path in self._served.iterdir() if path.name.isdigit()] if self._served.is_dir() else []

    def _current(self) -> str | None:
        path = self.folder / _CURRENT
        return path.read_text() if path.exists() else None


def media_type(path: str) -> str:
    """Return the media type of the public file at `path`, by the extension of its name."""
    return _TYPES.get(path.rpartition(".")[2], "application/octet-stream")


def _targets_in(folder: Path) -> Mapping[str, TargetFile] | None:
    for path in folder.glob("*.targets.json"):
        try:
            return Metadata[Targets].from_bytes(path.read_bytes()).signed.targets
        except (OSError, RepositoryError):
            return None
    return None


def _is_metadata(path: Path) -> bool:
    try:
        Metadata[Any].from_bytes(path.read_bytes())
    except (OSError, RepositoryError):
        return False
    return True


def _unversioned(name: str) -> str:
    """Return the name that TUF's client gives to the metadata `name`: without its version, but for a root."""
    return name if name.endswith(".root.json") or name == TIMESTAMP else name.partition(".")[2]


def _remove(folder: Path) -> None:
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()
