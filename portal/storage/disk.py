"""Files that only their owner may read, and that are there whole or not at all."""

import os
import stat
from pathlib import Path
from typing import Final

PRIVATE_FILE: Final = 0o600
PRIVATE_FOLDER: Final = 0o700
_ANYBODY_ELSE: Final = stat.S_IRWXG | stat.S_IRWXO


def free_mib(folder: Path) -> int:
    """How much this process may still write on the disk of `folder`, in MiB. Raises `OSError`."""
    disk = os.statvfs(folder)
    return disk.f_bavail * disk.f_frsize // 2**20


def is_open_to_others(path: Path) -> bool:
    """Whether another user of the machine than the owner of `path` may do anything with it."""
    return bool(path.stat().st_mode & _ANYBODY_ELSE)


def make_private_folder(folder: Path) -> None:
    """Make `folder` and those missing above it (0700), or close it to others if it is there."""
    for each in (*reversed(folder.parents), folder):  # `parents=True` would leave those above to the umask
        each.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
    close_to_others(folder)


def close_to_others(path: Path) -> None:
    """Take away what anybody but the owner may do with `path`, a folder or a file."""
    if is_open_to_others(path):
        path.chmod(PRIVATE_FOLDER if path.is_dir() else PRIVATE_FILE)


def write_private_file(path: Path, content: bytes) -> None:
    """Write a new file (0600, whatever the umask) down to the disk, in place of what was left at `path`.

    A link at `path` is removed, not followed. The name itself is on the disk after `sync_folder`.
    """
    path.unlink(missing_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
    descriptor = os.open(path, flags, PRIVATE_FILE)
    with os.fdopen(descriptor, "wb") as file:
        os.fchmod(descriptor, PRIVATE_FILE)
        file.write(content)
        file.flush()
        os.fsync(descriptor)


def sync_folder(folder: Path) -> None:
    """Bring the names in `folder` down to the disk: without it a power cut may take back a rename."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
