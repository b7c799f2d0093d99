"""No name that somebody else chose leads out of the folder that it was given."""

from __future__ import annotations

import io
import stat
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oneninex.ingestion import archive
from oneninex.ingestion.findings import Refused
from oneninex.store import Store, raw_files
from oneninex.ui import safe_name

ODD = [
    "..",
    ".",
    "/",
    "\\",
    "C:",
    "~",
    "\0",
    "\n",
    "a",
    "报",
    ".csv",
    "%2e%2e",
    "\u202e",
    " ",
    "CON",
]
names = st.lists(st.sampled_from(ODD) | st.characters(codec="utf-8"), max_size=12).map("".join)
FEW = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@FEW
@given(given_name=names)
def test_an_uploads_name_is_one_part_of_a_path(given_name: str) -> None:
    name = safe_name(given_name)
    assert name not in ("", ".", "..")
    assert Path(name).name == name
    assert not set(name) & set("/\\\0")
    assert len(name.encode()) <= 255


@pytest.mark.filterwarnings("ignore:Duplicate name")
@FEW
@given(members=st.lists(names, min_size=1, max_size=4))
def test_no_member_of_an_archive_leaves_its_folder(
    members: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    top = tmp_path_factory.mktemp("archive")
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as package:
        for name in members:
            package.writestr(zipfile.ZipInfo(name.partition("\0")[0] or "a"), b"date,unit_id\n")
    path = top / "a.zip"
    path.write_bytes(content.getvalue())
    place = top / "in"
    place.mkdir()
    try:
        found = archive.unpack(path, place, 1_000_000)
    except Refused:
        found = []
    assert all(place in member.path.resolve().parents for member in found)
    assert {one.name for one in top.iterdir()} == {"a.zip", "in"}
    assert not [one for one in place.rglob("*") if one.is_symlink()]


@pytest.mark.parametrize("target", ["/etc/hostname", "../../a.zip"])
def test_a_link_in_an_archive_is_refused(tmp_path: Path, target: str) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as package:
        entry = zipfile.ZipInfo("a.csv")
        entry.external_attr = (stat.S_IFLNK | 0o777) << 16
        package.writestr(entry, target)
    with pytest.raises(Refused) as refused:
        archive.unpack(path, tmp_path, 1_000_000)
    assert refused.value.findings[0].code == "unsafe"


@FEW
@given(content=st.binary(max_size=40))
def test_a_raw_file_lies_in_the_store_whatever_it_holds(content: bytes, tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    raw_files.keep(store, content, raw_files.fingerprint(content))
    path = raw_files.path_of(store, raw_files.fingerprint(content))
    assert store.raw in path.resolve().parents
    assert path.read_bytes() == content
