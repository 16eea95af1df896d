"""The command `portal` in a process that notes which modules of ours it enters.

`python -m tests.factories.traced FILE WORD…`: SIGUSR1 writes the paths to FILE, one a line, and begins a new list.
"""

import os
import signal
import sys
import threading
from pathlib import Path
from types import FrameType

from portal.cli.main import main
from tests.checkout import ROOT

OURS = tuple(f"{ROOT / package}{os.sep}" for package in ("portal", "onion"))


def trace(file: Path) -> None:
    """Note in every thread which modules have a function that is entered; the code of a module itself is none."""
    entered: set[str] = set()

    def note(frame: FrameType, event: str, argument: object) -> None:
        path = frame.f_code.co_filename
        if event == "call" and path.startswith(OURS) and frame.f_code.co_name != "<module>":
            entered.add(path)

    def write(number: int, frame: FrameType | None) -> None:
        lines = [f"{Path(path).relative_to(ROOT)}\n" for path in sorted(entered)]
        entered.clear()
        part = file.with_suffix(".part")
        part.write_text("".join(lines), encoding="utf-8")
        part.replace(file)

    signal.signal(signal.SIGUSR1, write)
    threading.setprofile(note)
    sys.setprofile(note)


if __name__ == "__main__":
    trace(Path(sys.argv[1]))
    sys.argv = ["portal", *sys.argv[2:]]
    main()
