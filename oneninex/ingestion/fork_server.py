"""Worker processes, forked from a lean process that has loaded the readers once.

The process that asks may have threads, a database and a web server; none of them is copied into
a worker. Objects are pickled on their way to a worker only; back come bytes.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from oneninex.core.settings import ROOT

MESSAGE_BYTES = 1 << 20
_MODULE = "oneninex.ingestion.sandbox"
_START = (
    "import sys; sys.path.insert(0, {root!r}); import {module}; "
    "from oneninex.ingestion.fork_server import serve; serve({descriptor})"
)


class WorkerFailed(RuntimeError):
    """The product failed to start a worker or to understand its answer."""


class _ForkServer:
    """The process that workers are forked from; started on first use, and again if it ended."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._control: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0

    def start(self) -> None:
        """Start the process, unless it runs; does not wait until it is ready."""
        with self._guard:
            self._ensure()

    def fork(self, channel: socket.socket) -> int:
        """Fork a worker that talks over `channel`; returns its process number."""
        try:
            return int(self._command({"task": "fork"}, channel.fileno()))
        except (OSError, ValueError) as fault:
            raise WorkerFailed("no worker could be started") from fault

    def end(self, pid: int) -> None:
        """Kill a worker and wait for its end; until then its number means no other process."""
        with suppress(OSError, ValueError):
            self._command({"task": "end", "pid": pid})

    def _command(self, request: dict[str, Any], *descriptors: int) -> bytes:
        with self._guard:
            control = self._ensure()
            try:
                socket.send_fds(control, [json.dumps(request).encode()], list(descriptors))
                if answer := control.recv(64):
                    return answer
            except OSError:
                self._control = None
                raise
            self._control = None
        raise ConnectionError("the fork server ended")

    def _ensure(self) -> socket.socket:
        running = self._process is not None and self._process.poll() is None
        if self._control is not None and running and self._owner == os.getpid():
            return self._control
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        code = _START.format(root=str(ROOT), module=_MODULE, descriptor=theirs.fileno())
        self._process = subprocess.Popen(
            [sys.executable, "-c", code],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
            start_new_session=True,  # Ctrl+C is for the process that waits
        )
        theirs.close()
        self._control, self._owner = ours, os.getpid()
        return ours


fork_server = _ForkServer()


class Worker:
    """A forked worker: a channel to it, its memory, its end."""

    def __init__(self, *given: object) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                self._pid = fork_server.fork(theirs)
            except WorkerFailed:
                ours.close()
                raise
        self.channel = Connection(ours.detach())
        try:
            self.channel.send(given)
        except OSError as fault:
            self.kill()
            raise WorkerFailed("a worker ended at its start") from fault

    def resident_bytes(self) -> int:
        """Bytes of memory that the worker holds; 0 where the system does not say."""
        try:
            pages = int(Path(f"/proc/{self._pid}/statm").read_text().split()[1])
        except (OSError, IndexError, ValueError):
            return 0
        return pages * resource.getpagesize()

    def kill(self) -> None:
        """End the process at once."""
        fork_server.end(self._pid)
        self.channel.close()


def serve(descriptor: int) -> None:
    """Fork and end workers as asked, until the process that asks is gone."""
    from oneninex.ingestion import sandbox

    workers: set[int] = set()
    with socket.socket(fileno=descriptor) as control:
        while True:
            message, descriptors, _, _ = socket.recv_fds(control, 1 << 12, 1)
            if not message:
                break
            request = json.loads(message)
            if request["task"] == "fork":
                pid = os.fork()
                if pid == 0:
                    control.close()
                    _run(sandbox.work, descriptors[0])
                workers.add(pid)
                os.close(descriptors[0])
                control.send(str(pid).encode())
            else:
                _end(workers, request["pid"])
                control.send(b"0")
    for pid in list(workers):
        _end(workers, pid)


def _end(workers: set[int], pid: int) -> None:
    if pid in workers:
        workers.discard(pid)
        with suppress(OSError):
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)


def _run(work: Any, descriptor: int) -> None:
    """Do the work in the forked process, which never returns from here."""
    code = 1
    try:
        with Connection(descriptor) as channel:
            work(channel, *channel.recv())
        code = 0
    except (EOFError, OSError):  # nobody waits any more
        code = 0
    except BaseException as fault:
        print(f"a worker failed: {type(fault).__name__}", file=sys.stderr, flush=True)
    finally:
        os._exit(code)
