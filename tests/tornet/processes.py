"""Whether a process that is no child of ours still runs."""

from pathlib import Path


def is_running(pid: int) -> bool:
    """Whether there is a process `pid` that has not ended; one that ended unreaped has (proc(5): state Z)."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"
