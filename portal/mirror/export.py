"""The public site as a folder that any web server can serve."""

import secrets
from pathlib import Path, PurePosixPath
from typing import Final

from portal.domain.errors import ExportFailed, ExportRefused
from portal.domain.limits import METADATA_KIB
from portal.mirror.client.metadata import is_plain
from portal.site.files import Files
from portal.storage.disk import write_atomically

LIST: Final = ".portal-export"
"""File that marks the folder as an export: the path of each of its files, one a line, in alphabetical order."""

_LIST_BYTES: Final = METADATA_KIB * 1024
"""The metadata, with more about each file, is no longer."""
_PUBLIC_FILE: Final = 0o644
_PUBLIC_FOLDER: Final = 0o755


def export(files: Files, folder: Path) -> int:
    """Write `files` into `folder`, empty, new or an earlier export, and return how many there are.

    A web server may be serving the folder meanwhile: every file changes at once, and those that only the earlier
    export had go last. Files of others in the folder stay. A run that was cut off is finished by the next. No link in
    the folder is followed. Raises `ExportRefused`, having written nothing, and
    `ExportFailed`.
    """
    try:
        earlier = _earlier_export(folder)
        _refuse_links(folder, earlier | set(files))
        for each in (*reversed(folder.parents), folder):
            _make_public_folder(each)
        _write_list(folder, earlier | set(files))
        for path, file in files.items():
            _write(folder, folder / path, file.content)
        for path in sorted(earlier - set(files)):
            _remove(folder, folder / path)
        _write_list(folder, set(files))
    except OSError as error:
        raise ExportFailed(reason=str(error)) from error
    return len(files)


def _earlier_export(folder: Path) -> set[str]:
    """Return the paths of the earlier export in `folder`, none where there is nothing yet."""
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return set()
    listed = folder / LIST
    if listed.is_symlink() or not listed.is_file() or listed.stat().st_size > _LIST_BYTES:
        raise ExportRefused(folder=folder)
    try:
        paths = set(listed.read_text(encoding="utf-8").splitlines())
    except UnicodeDecodeError:
        raise ExportRefused(folder=folder) from None
    if not all(is_plain(path) for path in paths):
        raise ExportRefused(folder=folder)
    return paths


def _refuse_links(folder: Path, paths: set[str]) -> None:
    """Raise `ExportRefused` where a folder below `folder` is a link: it leads to what belongs to others."""
    between = {folder / parent for path in paths for parent in PurePosixPath(path).parents[:-1]}
    if any(each.is_symlink() for each in between):
        raise ExportRefused(folder=folder)


def _write_list(folder: Path, paths: set[str]) -> None:
    _write(folder, folder / LIST, "".join(f"{path}\n" for path in sorted(paths)).encode())


def _write(folder: Path, path: Path, content: bytes) -> None:
    """Write `content` to `path`, atomically; the folders between are for everybody to read."""
    for parent in reversed(path.relative_to(folder).parents[:-1]):
        _make_public_folder(folder / parent)
    if not path.is_symlink() and path.is_file() and _has(path, content):
        return
    write_atomically(path, content, _PUBLIC_FILE, writer=f"portal-{secrets.token_hex(4)}")


def _has(path: Path, content: bytes) -> bool:
    """Return whether the file at `path`, which may be of any length, has this `content`."""
    return path.stat().st_size == len(content) and path.read_bytes() == content


def _make_public_folder(folder: Path) -> None:
    if not folder.is_dir():
        folder.mkdir(mode=_PUBLIC_FOLDER)
        folder.chmod(_PUBLIC_FOLDER)


def _remove(folder: Path, path: Path) -> None:
    """Remove a file of the earlier export, and the folders that it leaves empty."""
    path.unlink(missing_ok=True)
    for parent in path.relative_to(folder).parents[:-1]:
        if (folder / parent).is_dir() and not any((folder / parent).iterdir()):
            (folder / parent).rmdir()
