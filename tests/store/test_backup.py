"""A copy that is made while imports go on is a store by itself."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path

from oneninex.store import Store, maintenance, query
from tests.store.conftest import labeling


def test_a_copy_made_while_imports_go_on_is_whole(store: Store, publish, tmp_path: Path):
    publish([labeling(items=1)])
    copied = tmp_path / "copies"
    stop = threading.Event()
    made: list[tuple[Path, int]] = []

    def back_up() -> None:
        while not stop.is_set():
            target = copied / str(len(made))
            target.mkdir(parents=True)
            pointer = shutil.copy2(store.root / "CURRENT", target / "CURRENT")
            at = int(Path(pointer).read_text())
            shutil.copytree(
                store.root,
                target,
                dirs_exist_ok=True,
                ignore=shutil.ignore_patterns("CURRENT", ".*"),
            )
            made.append((target, at))
            stop.wait(0.3)

    copier = threading.Thread(target=back_up)
    copier.start()
    try:
        for items in range(2, 5):
            publish([labeling(items=items)], name=f"{items}.csv")
    finally:
        stop.set()
        copier.join()

    assert made
    for folder, snapshot in made:
        copy = Store(folder)
        current = copy.current()
        assert current
        assert current.id == snapshot
        assert copy.damage() == []
        assert maintenance.failed_checks(copy) == []
        (row,) = query("output_by_unit_month", snapshot=current, unit_id="U1").to_pylist()
        assert row["items"] == snapshot
