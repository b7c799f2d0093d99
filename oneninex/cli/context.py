"""The application that commands register with, and what its global options say."""

from __future__ import annotations

import getpass
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from oneninex.core import settings
from oneninex.core.escape import terminal
from oneninex.core.i18n import text
from oneninex.domain.plan import Plan
from oneninex.store import Store

app = typer.Typer(
    name="oneninex",
    help="OneNineX: the monitor of a city's data-labeling industry.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@dataclass(frozen=True)
class Context:
    """What the global options say."""

    store: Store
    plan_folder: Path
    lang: str

    @property
    def plan(self) -> Plan:
        """The plan, read when a command needs it."""
        return Plan.load(self.plan_folder)

    @property
    def who(self) -> str:
        """The person who publishes."""
        return os.environ.get("ONENINEX_USER") or getpass.getuser()

    def say(self, key: str, **values: object) -> None:
        """Print a message of the catalogue to the person."""
        typer.echo(terminal(text(key, self.lang, **values)))

    def complain(self, key: str, **values: object) -> None:
        """The same on standard error, for what went wrong."""
        typer.echo(terminal(text(key, self.lang, **values)), err=True)


@app.callback()
def _global(
    context: typer.Context,
    store: Annotated[Path | None, typer.Option(help="Folder of the store.")] = None,
    plan: Annotated[Path | None, typer.Option(help="Folder of the plan.")] = None,
    lang: Annotated[str | None, typer.Option(help="Language of the output: zh or en.")] = None,
) -> None:
    try:
        chosen = settings.load(store=store, plan=plan, lang=lang)
    except ValueError as reason:
        raise typer.BadParameter(" | ".join(settings.LANGS), param_hint="--lang") from reason
    context.obj = Context(Store(chosen.store), chosen.plan, chosen.lang)
