"""How much memory a process has taken."""

import resource
import sys
from pathlib import Path


def peak() -> int:
    """Bytes of memory that this process had at most.

    Linux's getrusage also counts what the process held that started this one, until its own
    program began: a test that starts a small process from a large one would measure itself.
    """
    if sys.platform.startswith("linux"):
        lines = Path("/proc/self/status").read_text(encoding="ascii", errors="replace").splitlines()
        return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) * 1024
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
