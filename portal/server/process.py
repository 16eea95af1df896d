"""Memory of this process: closed to core files and to the other processes of the same account."""

import ctypes
import resource
import sys
from typing import Final

_PR_SET_DUMPABLE: Final = 4


def protect_process_memory() -> None:
    """Refuse core files (RLIMIT_CORE, getrlimit(2)) and on Linux access from outside (PR_SET_DUMPABLE, prctl(2)).

    Only a process with CAP_SYS_PTRACE, as root has it, can read the memory after that. Programs that this one starts
    inherit the limit alone.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
