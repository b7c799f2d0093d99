"""`doctor`: what is wrong with this installation, and how to mend it."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from oneninex.cli import render
from oneninex.cli.context import Context, app
from oneninex.core import audit_log, settings
from oneninex.core.i18n import text
from oneninex.domain.plan import PlanError
from oneninex.ingestion import identity
from oneninex.store import StoreError, maintenance

LEAST_FREE = 2_000_000_000  # bytes: a long import works in as much
_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_DARWIN_BROWSER = "/Applications/Google Chrome.app"


@dataclass(frozen=True)
class Found:
    """What one look found: `state` is good, note (works, but look at it) or fault."""

    about: str
    state: str
    message: str
    values: dict[str, Any] = field(default_factory=dict)


@app.command()
def doctor(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
) -> None:
    """Say what is wrong here and how to mend it; exit code 1 when something is."""
    found = [one for look in LOOKS for one in look(context.obj)]
    lang = context.obj.lang
    rows = [
        {
            "about": text(f"doctor.about.{one.about}", lang),
            "state": text(f"doctor.state.{one.state}", lang),
            "message": text(f"doctor.{one.message}", lang, **one.values),
        }
        for one in found
    ]
    if as_json:
        states = [{**row, "state": one.state} for row, one in zip(rows, found, strict=True)]
        render.rows(states, "json", None, lang)
    else:
        for row in rows:
            typer.echo(text("doctor.line", lang, **row))
    raise typer.Exit(int(any(one.state == "fault" for one in found)))


def _python(context: Context) -> Iterator[Found]:
    version = ".".join(map(str, sys.version_info[:3]))
    state = "good" if sys.version_info >= (3, 11) else "fault"
    yield Found("python", state, f"python_{state}", {"version": version})


def _plan(context: Context) -> Iterator[Found]:
    try:
        plan = context.plan
        _ = plan.divisions  # reads the map as a publication does
    except PlanError as fault:
        yield Found("plan", "fault", "plan_fault", {"message": fault.message(context.lang)})
    else:
        yield Found("plan", "good", "plan_good", {"units": plan.units.num_rows})


def _store(context: Context) -> Iterator[Found]:
    """Whether there is data, every file is as published, and the checks hold."""
    store = context.store
    try:
        current = store.current()
        if current is None:
            yield Found("store", "note", "store_empty", {"path": store.root})
            return
        if damaged := maintenance.damage(store):
            yield Found("store", "fault", "store_damaged", {"files": ", ".join(damaged)})
            return
        if failed := maintenance.failed_checks(store):
            yield Found("store", "fault", "store_checks", {"check": failed[0][0]})
            return
    except StoreError as fault:
        words = text(fault.key, context.lang, **fault.values)
        yield Found("store", "fault", "store_fault", {"message": words})
        return
    yield Found("store", "good", "store_good", {"snapshot": current.id})
    ahead = current.created_at - datetime.now(UTC)
    if ahead > timedelta(minutes=5):
        yield Found("clock", "fault", "clock_behind", {"moment": f"{current.created_at:%F %T %Z}"})


def _trail(context: Context) -> Iterator[Found]:
    """Whether the audit trail can be written, and is as it was written."""
    folder = settings.audit_folder(context.store.root)
    place = next(path for path in (folder, *folder.parents) if path.exists())
    broken = audit_log.read(folder).broken
    if broken:
        yield Found("trail", "fault", "trail_broken", {"lines": ", ".join(broken[:5])})
    elif not _may_write(place):
        yield Found("trail", "fault", "trail_closed", {"path": place})
    else:
        yield Found("trail", "good", "trail_good", {"path": folder})


def _may_write(place: Path) -> bool:
    return os.access(place, os.W_OK | os.X_OK)


def _permissions(context: Context) -> Iterator[Found]:
    """Whether an import may write here."""
    place = context.store.root
    while not place.exists():
        place = place.parent
    state = "good" if os.access(place, os.W_OK | os.X_OK) else "note"
    yield Found("permissions", state, f"permissions_{state}", {"path": place})
    if context.store.root.exists() and context.store.root.stat().st_mode & 0o077:
        yield Found("permissions", "note", "permissions_open", {"path": context.store.root})


def _disk(context: Context) -> Iterator[Found]:
    place = context.store.root
    while not place.exists():
        place = place.parent
    free = shutil.disk_usage(place).free
    state = "good" if free >= LEAST_FREE else "fault"
    values = {"free": f"{free / 1e9:,.1f}", "least": f"{LEAST_FREE / 1e9:,.0f}"}
    yield Found("disk", state, f"disk_{state}", values)


def _key(context: Context) -> Iterator[Found]:
    """The key that makes pseudonyms: there, and nobody else's to read."""
    path = identity.key_path()
    if os.environ.get(identity.VARIABLE):
        yield Found("key", "good", "key_given", {"variable": identity.VARIABLE})
    elif not path.exists():
        yield Found("key", "note", "key_absent", {"path": path})
    elif stat.S_IMODE(path.stat().st_mode) & 0o077:
        yield Found("key", "fault", "key_open", {"path": path})
    else:
        yield Found("key", "good", "key_good", {"path": path})


def _fonts(context: Context) -> Iterator[Found]:
    """Whether documents can show Chinese; macOS always can."""
    listing = shutil.which("fc-list")
    if sys.platform == "darwin":
        state = "good"
    elif listing is None:
        state = "note"
    else:
        asked = [listing, ":lang=zh", "family"]
        state = "good" if subprocess.run(asked, capture_output=True, check=False).stdout else "note"
    yield Found("fonts", state, f"fonts_{state}")


def _browser(context: Context) -> Iterator[Found]:
    """Only the tests need one here; readers bring their own."""
    there = any(map(shutil.which, _BROWSERS)) or os.path.exists(_DARWIN_BROWSER)
    state = "good" if there or os.environ.get("BROWSER_PATH") else "note"
    yield Found("browser", state, f"browser_{state}")


LOOKS: tuple[Callable[[Context], Iterator[Found]], ...] = (
    *(_python, _plan, _store, _trail, _permissions, _disk, _key, _fonts, _browser),
)
