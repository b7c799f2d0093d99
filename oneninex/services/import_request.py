"""What is handed over for an import: files, with what their sender or the command line says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from oneninex.core.i18n import text
from oneninex.domain.plan import Plan
from oneninex.ingestion import transmittal
from oneninex.ingestion.batch import Options
from oneninex.ingestion.by_catch import is_by_catch
from oneninex.ingestion.findings import Refused
from oneninex.ingestion.source import name_of
from oneninex.ingestion.transmittal import Line, Transmittal

_STATED = ("unit_id", "enterprise_id", "project_id", "modality")


@dataclass(frozen=True)
class Incoming:
    """A file to import with what its sender or the command line says of it.

    Of a file out of an archive `path` is where it was unpacked and `shown` what it is called; of
    an archive that may not be unpacked `refusal` says why.
    """

    path: Path
    options: Options
    received_on: date
    reason: str = ""
    shown: Path | None = None
    refusal: Refused | None = None

    @property
    def stated(self) -> dict[str, str]:
        """The options that were given, as they are kept with the upload."""
        options = self.options
        more = {
            "kind": options.kind,
            "month": options.month and options.month.strftime("%Y-%m"),
            "one_person_per_file": "yes" if options.one_person_per_file else None,
        }
        return {**options.supplied, **{name: value for name, value in more.items() if value}}


def expand(paths: Iterable[Path], options: Options, plan: Plan, reason: str = "") -> list[Incoming]:
    """The files of `paths` in order of receipt; a folder counts for the files directly in it.

    A folder's transmittal.csv (报送清单) says when each file was received and, for exports of
    labeling platforms, which unit, enterprise, project and modality they belong to.
    """
    found = []
    for path in paths:
        if not path.is_dir() and is_by_catch(path.name):
            continue
        if not path.is_dir():
            found.append(_incoming(path, Line(), options, plan, reason))
            continue
        listed = _listed(path).lines
        for file in _returns(path):
            line = listed.get(name_of(file), Line())
            found.append(_incoming(file, line, options, plan, reason))
    return sorted(found, key=lambda f: f.received_on)


def notes(paths: Iterable[Path], lang: str) -> list[str]:
    """What is said of folders as such: lines of a list that go unused, folders that are not read.

    Files whose line cannot be used are imported as received today.
    """
    said = []
    for path in (path for path in paths if path.is_dir()):
        listed = _listed(path)
        said += [problem.told(lang) for problem in listed.problems]
        there = {name_of(file) for file in _returns(path)}
        said += [
            transmittal.Problem("no_such_file", line.row, "file", name).told(lang)
            for name, line in listed.lines.items()
            if name not in there
        ]
        below = sorted(name_of(p) for p in path.iterdir() if p.is_dir() and p.name[:1] != ".")
        if below:
            names = "、".join(below) if lang == "zh" else ", ".join(below)
            said.append(text("imports.folders_left", lang, folder=name_of(path), names=names))
        if not there:
            said.append(text("imports.no_file", lang, folder=name_of(path)))
    return said


def _returns(folder: Path) -> list[Path]:
    """The files of a folder that are to be read; a link is one, for intake to refuse."""
    return [
        path
        for path in sorted(folder.iterdir())
        if not path.is_dir()
        and not path.name.startswith(".")
        and not is_by_catch(path.name)
        and path.name != transmittal.NAME
    ]


def _listed(folder: Path) -> Transmittal:
    return transmittal.read(folder / transmittal.NAME)


def _incoming(file: Path, line: Line, options: Options, plan: Plan, reason: str) -> Incoming:
    today = datetime.now(plan.config.zone).date()
    listed = {name: line.values[name] for name in _STATED if line.values.get(name)}
    return Incoming(
        file,
        replace(options, **{**listed, **options.supplied}, max_bytes=plan.config.intake.max_bytes),
        line.received_on or today,
        reason or line.values.get("reason", ""),
    )
