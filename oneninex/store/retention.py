"""Old snapshots go by the plan's rule: their databases, and facts that no kept one is made of.

What a snapshot was (its manifest) stays, and so does every file as it was sent. The order makes a
kill harmless: first it is written down which snapshots go, then their files are removed, and the
next run finishes what one left undone.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from oneninex.core import audit_log
from oneninex.domain.plan import Plan
from oneninex.domain.plan.config import Retention
from oneninex.store import case_log
from oneninex.store import manifest as manifests
from oneninex.store.atomic_io import disk_errors, exclusive, fsync, write_bytes
from oneninex.store.errors import StoreError
from oneninex.store.snapshot import Snapshot, Store


@dataclass
class Retained:
    """What a run kept and removed; of a dry run, what it would."""

    kept: dict[int, str] = field(default_factory=dict)  # snapshot to the rule that keeps it
    removed: list[int] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    bytes: int = 0
    audit_files: list[str] = field(default_factory=list)

    def document(self) -> dict[str, Any]:
        """As `retain --json` gives it."""
        kept = [{"snapshot": number, "why": why} for number, why in self.kept.items()]
        rest = ("removed", "files", "bytes", "audit_files")
        return {"kept": kept, **{name: getattr(self, name) for name in rest}}


def retain(
    store: Store, plan: Plan, trail: Path, *, dry_run: bool = False, now: datetime | None = None
) -> Retained:
    """Apply the rule; `trail` is the folder of the audit trail, which says what briefings name.

    Raises StoreLocked while somebody publishes, StoreDamaged for a manifest that cannot be read:
    what it names is not known then, and nothing is removed.
    """
    rule = plan.config.retention
    if rule is None:
        raise StoreError("store.no_retention")
    now = now or datetime.now(UTC)
    with disk_errors(), exclusive(store.lock):
        current = store.current()
        if current is None:
            return Retained()
        there = store.snapshots()
        named = _named(store, trail)
        done = Retained(kept=_kept(there, current, rule, plan, named, now))
        done.removed = [one.id for one in there if one.id not in done.kept]
        gone = store.removed() | dict.fromkeys(map(str, done.removed), f"{now:%Y-%m-%d}")
        paths = _files(store, {int(number) for number in gone})
        done.files = [str(path.relative_to(store.root)) for path in paths]
        done.bytes = sum(path.stat().st_size for path in paths)
        if not dry_run:
            _write(store, named, gone)
            _remove(paths)
            done.audit_files = audit_log.prune(trail, now - timedelta(days=rule.audit_days))
    return done


def _kept(
    there: list[Snapshot],
    current: Snapshot,
    rule: Retention,
    plan: Plan,
    named: set[int],
    now: datetime,
) -> dict[int, str]:
    """Each snapshot that stays, and why: current, named, recent or month."""
    zone = plan.config.zone
    days = {one.id: one.created_at.astimezone(zone).date() for one in there}
    today = now.astimezone(zone).date()
    last_of_month: dict[date, int] = {day.replace(day=1): one for one, day in days.items()}
    kept: dict[int, str] = {}
    for one, day in days.items():
        month = day.replace(day=1)
        if one == current.id:
            kept[one] = "current"
        elif one in named:
            kept[one] = "named"
        elif (today - day).days <= rule.all_days:
            kept[one] = "recent"
        elif last_of_month[month] == one and _months(month, today) <= rule.months:
            kept[one] = "month"
    return kept


def _months(month: date, today: date) -> int:
    return (today.year - month.year) * 12 + today.month - month.month


def _named(store: Store, trail: Path) -> set[int]:
    """Snapshots that a briefing or the case log names, and those noted by earlier runs."""
    told = {
        entry["snapshot"]
        for entry in audit_log.read(trail).entries
        if entry["event"] == "briefing" and isinstance(entry.get("snapshot"), int)
    }
    noted = {int(number) for number in store.retention_notes("named")}
    return told | noted | case_log.snapshots(store.root)


def _files(store: Store, gone: set[int]) -> list[Path]:
    """What is left of snapshots that go and belongs to none that stays."""
    there = manifests.numbers(store.snapshots_folder)
    read = {number: manifests.read(store.manifest_path(number)) for number in there}
    needed = {
        file.path for number, found in read.items() if number not in gone for file in found.files
    }
    facts = {file.path for number in gone & read.keys() for file in read[number].files} - needed
    paths = [store.database_path(number) for number in sorted(gone)]
    return [path for path in [*paths, *(store.root / name for name in sorted(facts))]
            if path.is_file()]  # fmt: skip


def _write(store: Store, named: set[int], gone: dict[str, str]) -> None:
    notes = {"named": sorted(named), "removed": gone}
    content = json.dumps(notes, indent=1, sort_keys=True).encode()
    if not store.notes_path.is_file() or store.notes_path.read_bytes() != content:
        write_bytes(store.notes_path, content)


def _remove(paths: Iterable[Path]) -> None:
    folders = set()
    for path in paths:
        path.unlink(missing_ok=True)
        folders.add(path.parent)
    for folder in folders:
        fsync(folder)
