"""The ledger of releases: what readers have been shown, append-only, outside the snapshots.

One JSON file for each snapshot that released something. Each names the SHA-256 of the file
before it, and the manifest of a snapshot names the newest one, so that a missing or changed file
is found. Retention and garbage collection leave the folder alone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from oneninex.domain.releases import Ledger, Pattern, Release, Sender
from oneninex.store.atomic_io import sha256_of, write_bytes
from oneninex.store.errors import StoreDamaged
from oneninex.store.manifest import Manifest
from oneninex.store.snapshot import Store

_NAME = re.compile(r"([0-9]{8,})\.json")


def folder(store: Store) -> Path:
    """Where the ledger lies."""
    return store.root / "releases"


def files(store: Store, snapshot: int) -> list[Path]:
    """The files of the ledger up to a snapshot; later ones belong to no publication."""
    found = (_NAME.fullmatch(path.name) for path in folder(store).glob("*.json"))
    numbers = sorted(int(name[1]) for name in found if name)
    return [folder(store) / f"{n:08d}.json" for n in numbers if n <= snapshot]


def damage(store: Store, manifest: Manifest) -> list[str]:
    """Relative paths of the files that are absent, changed or not chained to the next one."""
    wrong, expected = [], manifest.ledger_sha256 or ""
    for path in reversed(files(store, manifest.snapshot)):
        if not expected or sha256_of(path) != expected:
            wrong.append(path)
        try:
            expected = json.loads(path.read_bytes())["previous"]
        except (OSError, ValueError, TypeError, KeyError, RecursionError):
            return [str(one.relative_to(store.root)) for one in {*wrong, path}]
    if expected:
        wrong.append(folder(store))
    return sorted(str(path.relative_to(store.root)) for path in wrong)


def read(store: Store, manifest: Manifest | None) -> Ledger:
    """The ledger as a snapshot left it; StoreDamaged when it is not whole.

    Without it nobody could say what is out, so that nothing more may be published.
    """
    ledger = Ledger()
    if manifest is None:
        return ledger
    if damaged := damage(store, manifest):
        raise StoreDamaged("store.ledger_damaged", files=", ".join(damaged))
    for path in files(store, manifest.snapshot):
        try:
            for item in _items(json.loads(path.read_bytes())):
                ledger.take(item)
        except (OSError, ValueError, TypeError, KeyError, AttributeError) as reason:
            raise StoreDamaged("store.ledger_damaged", files=path.name) from reason
    return ledger


def append(store: Store, manifest: Manifest, ledger: Ledger) -> str:
    """Write what a decision added; return the SHA-256 of the newest file.

    Comes before the rename that publishes the snapshot. A file of a publication that was killed
    in between is replaced by the next one: nobody has read it.
    """
    if not ledger.added:
        return manifest.ledger_sha256 or ""
    path = folder(store) / f"{manifest.snapshot:08d}.json"
    write_bytes(path, _content(manifest, ledger.added))
    return sha256_of(path)


def _content(manifest: Manifest, added: Iterable[Pattern | Release | int]) -> bytes:
    document: dict[str, Any] = {
        "snapshot": manifest.snapshot,
        "previous": manifest.ledger_sha256 or "",
        "entries": [_entry(item) for item in added],
    }
    return json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True, default=str).encode()


def _entry(item: Pattern | Release | int) -> dict[str, Any]:
    if isinstance(item, Pattern):
        return {"pattern": asdict(item)}
    if isinstance(item, Release):
        senders = {name: [one.unit, dict(one.amounts)] for name, one in item.senders.items()}
        fields = {name: value for name, value in vars(item).items() if name != "senders"}
        return {"release": {**fields, "values": dict(item.values), "senders": senders}}
    return {"verified_year": item}


def _items(document: dict[str, Any]) -> Iterable[Pattern | Release | int]:
    for entry in document["entries"]:
        if "pattern" in entry:
            fields = entry["pattern"]
            dated = {"period": date.fromisoformat(fields["period"])}
            yield Pattern(**{**fields, **dated, "shown": tuple(fields["shown"])})
        elif "release" in entry:
            fields = entry["release"]
            yield Release(
                **{
                    **fields,
                    "period": date.fromisoformat(fields["period"]),
                    "made_on": date.fromisoformat(fields["made_on"]),
                    "units": tuple(fields["units"]),
                    "senders": {name: Sender(*one) for name, one in fields["senders"].items()},
                }
            )
        else:
            yield int(entry["verified_year"])
