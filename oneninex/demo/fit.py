"""Whether the demo's parameters belong to a plan, said before anything is written."""

import tomllib
from pathlib import Path

from pydantic import ValidationError

from oneninex.demo.parameters import FILES, load
from oneninex.domain.plan import Plan


class NoParameters(ValueError):
    """The demo cannot be made for this plan.

    `key` of the catalogue says why, `values` fill it in.
    """

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key)
        self.key, self.values = key, values


def folder_of(plan: Plan) -> Path:
    """The folder of the plan's demo parameters; raises NoParameters where they do not serve."""
    folder, files = plan.demo, ", ".join(FILES)
    if folder is None:
        raise NoParameters("cli.demo_none", files=files)
    try:
        given = load(folder)
    except (OSError, tomllib.TOMLDecodeError, ValidationError, LookupError, ValueError) as fault:
        words = str(fault).splitlines()
        raise NoParameters(
            "cli.demo_unreadable", folder=folder, files=files, reason=" ".join(words[:3])
        ) from fault
    used = {
        "units.csv": {unit.unit_id for unit in given.units},
        "sectors.csv": {dataset.sector for dataset in given.datasets},
        "links.csv": {link for firm in given.enterprises for link in firm.links},
        "indicators.toml": {value.indicator_id for value in given.demo.indicator_values},
    }
    for file, table in zip(
        used, (plan.units, plan.sectors, plan.links, plan.indicators), strict=True
    ):
        if strange := sorted(used[file] - set(table.column(0).to_pylist())):
            codes = ", ".join(strange)
            raise NoParameters("cli.demo_strange", folder=folder, codes=codes, file=file)
    return folder
