"""State of a process that is no child of ours."""

from pathlib import Path


def is_running(pid: int) -> bool:
    """Tell whether the process `pid` runs; a zombie has ended (proc(5): state Z)."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"
