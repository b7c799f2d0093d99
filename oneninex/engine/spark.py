"""The engine on a Spark cluster that exists: the same statements, translated."""

from __future__ import annotations

import os
import re
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from oneninex.engine.dialect import in_spark
from oneninex.engine.errors import EngineError
from oneninex.engine.files import Files

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

_STANDALONE = re.compile(r"spark://([^:/,\s]+:\d+(?:,[^:/,\s]+:\d+)*)")
_OTHER = re.compile(r"local\[(?:\d+|\*)\]|yarn|k8s://\S+")
_SECONDS = 5
_CONFIG = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.ansi.enabled": "true",
    # A record with too few or too many cells is a fault also where few columns are asked for.
    "spark.sql.csv.parser.columnPruning.enabled": "false",
    "spark.sql.execution.arrow.maxRecordsPerBatch": "100000",
}


@contextmanager
def spark(master: str | None, timezone: str) -> Iterator[Spark]:
    """An application on the cluster, which is ended with the block."""
    if not master:
        raise EngineError("engine.no_master")
    try:
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession
    except ImportError as missing:
        raise EngineError("engine.not_installed", package="pyspark") from missing
    _look_for(master)
    builder: Any = SparkSession.builder
    builder = builder.master(master).appName("OneNineX rollup").config(map=_CONFIG)
    try:
        session = builder.config("spark.sql.session.timeZone", timezone).getOrCreate()
    except (PySparkException, OSError) as fault:
        raise EngineError("engine.no_session", master=master, reason=_first(fault)) from fault
    session.sparkContext.setLogLevel("OFF")
    try:
        yield Spark(session)
    finally:
        session.stop()


class Spark:
    """Statements in one session."""

    def __init__(self, session: SparkSession) -> None:
        self._session = session

    def define(self, name: str, source: str | Files | pa.Table, *, kept: bool = False) -> None:
        """Call a statement, files or a small table by a name."""
        with _faults():
            if isinstance(source, Files):
                frame = self._read(source)
            elif isinstance(source, pa.Table):
                frame = self._session.sql(_literal(source))
            else:
                frame = self._session.sql(in_spark(source))
            if kept:
                frame = frame.persist()
                frame.count()
            frame.createOrReplaceTempView(name)

    def fetch(self, statement: str) -> pa.Table:
        """The rows of a statement."""
        with _faults():
            return self._session.sql(in_spark(statement)).toArrow()

    def query_progress(self) -> float:
        """Percent of the tasks of the running stages, negative if there is none."""
        tracker = self._session.sparkContext.statusTracker()
        stages = [tracker.getStageInfo(number) for number in tracker.getActiveStageIds()]
        tasks = sum(stage.numTasks for stage in stages if stage)
        done = sum(stage.numCompletedTasks for stage in stages if stage)
        return 100 * done / tasks if tasks else -1.0

    def interrupt(self) -> None:
        """Stop every job of the session."""
        self._session.sparkContext.cancelAllJobs()

    def _read(self, files: Files) -> DataFrame:
        paths = [f"file://{name}" for name in files.names]
        if not files.are_text:
            return self._session.read.parquet(*paths)
        shape = ", ".join(f"`{name}` STRING" for name in files.columns)
        options = {"header": "true", "quote": '"', "escape": '"', "mode": "FAILFAST"}
        return self._session.read.options(**options).schema(shape).csv(paths)


def _literal(table: pa.Table) -> str:
    """A small table of texts and dates as a statement, which the planner sends to every worker."""
    kinds = {pa.string(): "string", pa.date32(): "date"}
    columns = ", ".join(
        f"cast({column.name}_ as {kinds[column.type]}) as {column.name}" for column in table.schema
    )
    rows = [", ".join(map(_cell, row.values())) for row in table.to_pylist()]
    names = ", ".join(f"{name}_" for name in table.column_names)
    values = ", ".join(f"({row})" for row in rows or [", ".join(["null"] * table.num_columns)])
    return f"select {columns} from values {values} as t({names}){'' if rows else ' where false'}"


def _cell(value: object) -> str:
    if value is None:
        return "null"
    return "'" + str(value).replace("\\", "\\\\").replace("'", "\\'") + "'"


def _look_for(master: str) -> None:
    """Refuse what is no master, and one that nobody answers for, before Spark waits a minute."""
    standalone = _STANDALONE.fullmatch(master)
    if not standalone and not _OTHER.fullmatch(master):
        raise EngineError("engine.wrong_master", master=master)
    java = os.environ.get("JAVA_HOME")
    if not (java and os.path.exists(os.path.join(java, "bin", "java"))) and not shutil.which(
        "java"
    ):
        raise EngineError("engine.no_java")
    if standalone and not any(map(_answers, standalone.group(1).split(","))):
        raise EngineError("engine.no_answer", master=master)


def _answers(address: str) -> bool:
    host, _, port = address.rpartition(":")
    try:
        with socket.create_connection((host, int(port)), _SECONDS):
            return True
    except (OSError, OverflowError):
        return False


@contextmanager
def _faults() -> Iterator[None]:
    """Faults of the files, and of the cluster, in words."""
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    try:
        yield
    except (PySparkException, Py4JError) as fault:
        words = str(fault)
        unreadable = re.search(r"MALFORMED|FAILED_READ_FILE|PATH_NOT_FOUND|PARQUET", words)
        key = "engine.unreadable" if unreadable else "engine.job_failed"
        raise EngineError(key, files=bool(unreadable), reason=_first(fault)) from fault


def _first(fault: Exception) -> str:
    return str(fault).strip().splitlines()[0][:300]
