"""A Spark standalone cluster on loopback: a master and two workers out of the PyPI package."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from urllib.request import urlopen

MASTER = "org.apache.spark.deploy.master.Master"
WORKER = "org.apache.spark.deploy.worker.Worker"
HOST = "127.0.0.1"
WORKERS = 2
PATIENCE = 60
# Short runs: compile little, collect with one thread, shuffle into few parts.
JAVA = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xshare:auto"
DEFAULTS = f"""
spark.driver.host {HOST}
spark.driver.memory 600m
spark.sql.shuffle.partitions 2
spark.driver.extraJavaOptions {JAVA}
spark.executor.extraJavaOptions {JAVA}
"""


def missing() -> str | None:
    """Why there can be no cluster here, or None."""
    if find_spec("pyspark") is None:
        return "pyspark is not installed"
    if shutil.which("java") is None:
        return "no Java was found: scripts/java.sh installs one"
    return None


@contextmanager
def cluster(folder: Path, memory: str = "1g", executor: str = "600m") -> Iterator[str]:
    """The master's address; every process is stopped with the block, come what may.

    `memory` is what a worker may give to executors, `executor` what one takes as heap.
    """
    port, page = _free_port(), _free_port()
    started: list[subprocess.Popen] = []
    (folder / "spark-defaults.conf").write_text(f"{DEFAULTS}spark.executor.memory {executor}\n")
    try:
        web = ["--host", HOST, "--port", str(port), "--webui-port", str(page)]
        started.append(_launch(folder, "master", [MASTER, *web]))
        address = f"spark://{HOST}:{port}"
        _until(lambda: _state(page) is not None, started)
        for number in range(WORKERS):
            room = ["--host", HOST, "-c", "1", "-m", memory, "-d", str(folder / f"work{number}")]
            started.append(
                _launch(folder, f"worker{number}", [WORKER, address, *room, "--webui-port", "0"])
            )
        _until(lambda: (_state(page) or "").count('"ALIVE"') >= WORKERS + 1, started)
        yield address
    finally:
        for process in started:
            _stop(process)


def surroundings(folder: Path) -> dict[str, str]:
    """What a driver has to find in its environment to be reached by the workers."""
    return {"SPARK_LOCAL_IP": HOST, "SPARK_CONF_DIR": str(folder)}


def _launch(folder: Path, name: str, command: list[str]) -> subprocess.Popen:
    spec = find_spec("pyspark")
    assert spec
    assert spec.origin
    home = Path(spec.origin).parent
    daemon = {"SPARK_DAEMON_MEMORY": "256m", "SPARK_DAEMON_JAVA_OPTS": JAVA}
    environment = {**os.environ, **surroundings(folder), **daemon, "SPARK_HOME": str(home)}
    with (folder / f"{name}.log").open("wb") as log:
        return subprocess.Popen(
            [str(home / "bin" / "spark-class"), *command],
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def _state(page: int) -> str | None:
    """What the master's page tells in JSON, once there is one."""
    try:
        with urlopen(f"http://{HOST}:{page}/json/", timeout=5) as answer:
            return answer.read().decode()
    except OSError:
        return None


def _until(ready, started: list[subprocess.Popen]) -> None:
    end = time.monotonic() + PATIENCE
    while not ready():
        assert all(process.poll() is None for process in started), "a part of the cluster ended"
        assert time.monotonic() < end, "the cluster did not come up"
        time.sleep(0.2)


def _stop(process: subprocess.Popen) -> None:
    """End a process with its children: executors are children of the workers."""
    for kind in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, kind)
            process.wait(10)
            return
        except ProcessLookupError:
            return
        except subprocess.TimeoutExpired:
            continue


def _free_port() -> int:
    with socket.socket() as door:
        door.bind((HOST, 0))
        return door.getsockname()[1]
