"""Synthetic returns of the plan's units: plausible, marked as demo data, same seed, same bytes."""

from pathlib import Path

from oneninex.core.progress import Progress, nothing
from oneninex.demo import faulty, platform, returns, transmittal
from oneninex.demo.fit import NoParameters, folder_of
from oneninex.demo.parameters import PARAMETERS, load
from oneninex.demo.span import Span

__all__ = ["NoParameters", "folder_of", "write"]


def write(
    out: Path,
    seed: int = 1,
    months: int = 22,
    scale: int = 1,
    parameters: Path = PARAMETERS,
    progress: Progress = nothing,
) -> list[Path]:
    """Write the returns of the `months` months up to the last into `out`; returns every file.

    `out` holds the ordinary returns and their cover list, `out/revised` one correction with its
    reason, `out/faulty` one small file for each usual mistake. `scale` splits every enterprise's
    work into that many times more projects, hence rows. Raises ValueError for months or scale
    below 1, pydantic's ValidationError for a misspelt parameter.
    """
    if months < 1 or scale < 1:
        raise ValueError("months and scale must be at least 1")
    given = load(parameters)
    span = Span(given.demo.period.last_month, months)
    for folder in (out, out / "revised", out / "faulty"):
        folder.mkdir(parents=True, exist_ok=True)
    units = len(given.units)
    sent = returns.write(out, given, span, seed, scale, lambda done: progress("", done, units + 1))
    sent += platform.write(out, given, span, seed)
    progress("", units, units + 1)
    revised = returns.write_revised(out / "revised", given, span, seed, scale)
    files = [
        *(file.path for file in sent),
        transmittal.write(out, sent),
        *_revision(out / "revised", revised),
        *faulty.write(out / "faulty", given),
    ]
    progress("", units + 1, units + 1)
    return files


def _revision(folder: Path, files: list[transmittal.Sent]) -> list[Path]:
    return [*(file.path for file in files), transmittal.write(folder, files)] if files else []
