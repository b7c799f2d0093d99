"""Synthetic returns of the plan's units: plausible, marked as demo data, same seed, same bytes."""

from pathlib import Path

from oneninex.demo import faulty, platform, returns, transmittal
from oneninex.demo.fit import NoParameters, folder_of
from oneninex.demo.parameters import PARAMETERS, load
from oneninex.demo.span import Span

__all__ = ["NoParameters", "folder_of", "write"]


def write(
    out: Path, seed: int = 1, months: int = 22, scale: int = 1, parameters: Path = PARAMETERS
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
    sent = returns.write(out, given, span, seed, scale)
    sent += platform.write(out, given, span, seed)
    revised = returns.write_revised(out / "revised", given, span, seed, scale)
    return [
        *(file.path for file in sent),
        transmittal.write(out, sent),
        *_revision(out / "revised", revised),
        *faulty.write(out / "faulty", given),
    ]


def _revision(folder: Path, files: list[transmittal.Sent]) -> list[Path]:
    return [*(file.path for file in files), transmittal.write(folder, files)] if files else []
