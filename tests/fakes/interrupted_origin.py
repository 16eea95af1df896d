"""A program that lets an origin publish an edition again and again, each time struck at another of its writes.

`python interrupted_origin.py ORIGINS WORK killed|full`: in WORK, the origin of `two_of_three` in ORIGINS publishes
edition 2, and another holder signs it, in a process that is killed at its n-th write, or whose disk is full from there
on, for every n until it comes to its end. One line of JSON for each n: which edition was in force afterwards and
whether its files were kept as they were signed, and the same after it was published and signed once more.
"""

import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

from portal.domain.errors import StorageError
from tests.factories.origin import Holder, Origin, site
from tests.fakes.interrupted_mirror import ENDED, REFUSED, fill, kill, strike_at


def publish(folder: Path) -> None:
    """Publish edition 2, and sign it where it waits."""
    origin = Origin(folder / "origin")
    if origin.publish(2).next:
        Holder(folder / "billie", "Billie").sign(origin)


def in_child(folder: Path, number: int, strike: Callable[[str], None]) -> int:
    """Publish in a process that is struck; return its exit status."""
    child = os.fork()
    if child == 0:
        strike_at(number, strike)
        try:
            publish(folder)
        except StorageError:
            os._exit(REFUSED)
        os._exit(ENDED)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def in_force(folder: Path) -> tuple[int, bool]:
    """Which edition is in force, and whether its files are kept."""
    repository = Origin(folder / "origin").repository
    number = repository.signing().edition
    kept = repository.signed_files(number)
    contents = {path: file.content for path, file in kept.items()} if kept else {}
    return number, contents == {path: file.content for path, file in site(number).items()}


def strikes(origins: Path, work: Path, strike: Callable[[str], None]) -> Iterator[dict[str, object]]:
    """One line for each write."""
    for number in count(1):
        folder = work / str(number)
        shutil.copytree(origins, folder)
        status = in_child(folder, number, strike)
        after = in_force(folder)
        publish(folder)
        yield {"status": status, "after": after, "last": in_force(folder)}
        if status == ENDED:
            return
        shutil.rmtree(folder)


if __name__ == "__main__":
    how = {"killed": kill, "full": fill}[sys.argv[3]]
    for line in strikes(Path(sys.argv[1]), Path(sys.argv[2]), how):
        sys.stdout.write(f"{json.dumps(line)}\n")
