"""Files on the disk: atomic writes, permissions, locks and free space."""

import fcntl
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

PRIVATE_FILE: Final = 0o600
PRIVATE_FOLDER: Final = 0o700
TEMPORARY: Final = ".new"
"""Suffix of the name of a file that is not whole yet."""
_ANYBODY_ELSE: Final = stat.S_IRWXG | stat.S_IRWXO


def free_mib(folder: Path) -> int:
    """Return how much this process may still write on the disk of `folder`, in MiB. Raises `OSError`."""
    disk = os.statvfs(folder)
    return disk.f_bavail * disk.f_frsize // 2**20


def is_open_to_others(path: Path) -> bool:
    """Return whether another user of the machine than the owner of `path` has any permission on it."""
    return bool(path.stat().st_mode & _ANYBODY_ELSE)


def close_to_others(path: Path) -> None:
    """Leave permissions on `path`, a folder or a file, to its owner alone."""
    if is_open_to_others(path):
        path.chmod(PRIVATE_FOLDER if path.is_dir() else PRIVATE_FILE)


def make_folder(folder: Path) -> None:
    """Make `folder` and those missing above it (0700). One that is there stays as it is."""
    for each in (*reversed(folder.parents), folder):  # `parents=True` would leave those above to the umask
        each.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)


def make_private_folder(folder: Path) -> None:
    """Make `folder` and those missing above it (0700), or close it to others if it is there."""
    make_folder(folder)
    close_to_others(folder)


def write_new_file(path: Path, content: bytes, mode: int = PRIVATE_FILE) -> None:
    """Write a new file with the permissions `mode`, whatever the umask, in place of what was left at `path`.

    A link at `path` is removed, not followed. The content is on the disk, the name only after `sync_folder`.
    """
    path.unlink(missing_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
    descriptor = os.open(path, flags, PRIVATE_FILE)
    with os.fdopen(descriptor, "wb") as file:
        os.fchmod(descriptor, mode)
        file.write(content)
        file.flush()
        os.fsync(descriptor)


def write_atomically(path: Path, content: bytes, mode: int = PRIVATE_FILE, *, writer: str = "portal") -> None:
    """Write `content` to `path`, down to the disk: a reader finds the earlier file or the whole new one.

    Processes that may write the same file at once need names of their own as `writer`.
    """
    temporary = path.with_name(f".{path.name}.{writer}{TEMPORARY}")
    try:
        write_new_file(temporary, content, mode)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Bring the names in `folder` down to the disk: without it a power cut may undo a rename."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the exclusive lock on the file `path`, among all processes, for the block."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, PRIVATE_FILE)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
