"""A program that lets a mirror follow a folder again and again, each time struck at another of its writes.

`python interrupted_mirror.py MIRROR SOURCE WORK killed|full`: in WORK, the mirror MIRROR follows SOURCE in a process
that is killed at its n-th write, or whose disk is full from there on, for every n until it comes to its end. A line of
JSON for each n: what was served then, what was damaged, the error, and what was served after following once more.
"""

import errno
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Final

from portal.domain.trust.mirror_errors import MirrorError
from portal.mirror.client.fetching import ignore_progress, source_at
from portal.mirror.client.folder import MirrorFolder
from portal.mirror.client.follow import follow, nothing_rebuilt

ENDED, REFUSED, KILLED = 0, 3, 9
_WRITING: Final = os.O_WRONLY | os.O_RDWR
_CHANGES: Final = {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.link", "os.symlink", "os.truncate"}
_GROWS: Final = {"open", "os.mkdir", "os.link", "os.symlink"}


def strike_at(number: int, strike: Callable[[str], None]) -> None:
    """From the write `number` of this process on, call `strike` with the name of the event."""
    writes = count(1)

    def hear(event: str, args: tuple[object, ...]) -> None:
        is_write = event == "open" and isinstance(args[2], int) and args[2] & _WRITING
        if (is_write or event in _CHANGES) and next(writes) >= number:
            strike(event)

    sys.addaudithook(hear)


def kill(_: str) -> None:
    os._exit(KILLED)


def fill(event: str) -> None:
    if event in _GROWS:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def followed(folder: Path, source: Path) -> str:
    """Follow once; what was said against it."""
    mirror = MirrorFolder(folder)
    try:
        follow(mirror, source_at(str(source)), mirror.load(), ignore_progress, nothing_rebuilt, datetime.now(UTC))
    except MirrorError as error:
        return str(error)
    return ""


def in_child(folder: Path, source: Path, number: int, strike: Callable[[str], None]) -> tuple[int, str]:
    """Follow in a process that is struck; return its exit status and its error."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        strike_at(number, strike)
        error = followed(folder, source)
        os.write(writer, error.encode())
        os._exit(REFUSED if error else ENDED)
    os.close(writer)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    with os.fdopen(reader) as pipe:
        return status, pipe.read()


def strikes(mirror: Path, source: Path, work: Path, strike: Callable[[str], None]) -> Iterator[dict[str, object]]:
    """One line for each write."""
    for number in count(1):
        folder = work / str(number)
        shutil.copytree(mirror, folder, symlinks=True)
        status, error = in_child(folder, source, number, strike)
        after = MirrorFolder(folder).load()
        again = followed(folder, source)
        last = MirrorFolder(folder).load()
        yield {
            "status": status,
            "said": error,
            "served": after.edition if after else None,
            "damaged": after.damaged if after else None,
            "again": again,
            "last": last.edition if last else None,
            "left": sorted(path.name for path in folder.rglob("*.new")),
        }
        if status == ENDED:
            return
        shutil.rmtree(folder)


if __name__ == "__main__":
    how = {"killed": kill, "full": fill}[sys.argv[4]]
    for line in strikes(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]), how):
        sys.stdout.write(f"{json.dumps(line)}\n")
