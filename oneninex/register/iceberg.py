"""An Iceberg table over files of the store: metadata that names them where they lie."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from oneninex.engine import EngineError
from oneninex.store.manifest import FactFile

if TYPE_CHECKING:
    from pyiceberg.table import Table


def write(table: Path, schema: pa.Schema, root: Path, files: list[FactFile]) -> None:
    """Make `table` in the layout of a catalog that is a folder: metadata/vN.metadata.json."""
    opened = _empty(table, schema)
    opened.add_files([(root / file.path).resolve().as_uri() for file in files])


def _empty(folder: Path, schema: pa.Schema) -> Table:
    try:
        from pyiceberg.catalog.noop import NoopCatalog
        from pyiceberg.io import load_file_io
        from pyiceberg.partitioning import UNPARTITIONED_PARTITION_SPEC
        from pyiceberg.schema import Schema, assign_fresh_schema_ids
        from pyiceberg.serializers import ToOutputFile
        from pyiceberg.table import CommitTableResponse, Table
        from pyiceberg.table.metadata import TableMetadata, new_table_metadata
        from pyiceberg.table.sorting import UNSORTED_SORT_ORDER
        from pyiceberg.table.update import update_table_metadata
        from pyiceberg.types import (
            BooleanType,
            DateType,
            DoubleType,
            LongType,
            NestedField,
            StringType,
            TimestampType,
        )  # fmt: skip
    except ImportError as missing:
        raise EngineError("engine.not_installed", package="pyiceberg") from missing

    kinds = {
        pa.string(): StringType(), pa.int64(): LongType(), pa.float64(): DoubleType(),
        pa.date32(): DateType(), pa.bool_(): BooleanType(), pa.timestamp("us"): TimestampType(),
    }  # fmt: skip
    location = folder.resolve().as_uri()
    io = load_file_io({}, location)
    (folder / "metadata").mkdir(parents=True)

    def keep(metadata: TableMetadata, version: int) -> str:
        name = f"{location}/metadata/v{version}.metadata.json"
        ToOutputFile.table_metadata(metadata, io.new_output(name))
        (folder / "metadata" / "version-hint.text").write_text(str(version))
        return name

    class Folder(NoopCatalog):
        """Keeps each version of one table beside the last."""

        version = 1

        def commit_table(self, table, requirements, updates):  # type: ignore[no-untyped-def]
            for requirement in requirements:
                requirement.validate(table.metadata)
            changed = update_table_metadata(table.metadata, updates)
            self.version += 1
            where = keep(changed, self.version)
            return CommitTableResponse(metadata=changed, metadata_location=where)

    fields = [
        NestedField(number, column.name, kinds[column.type], required=False)
        for number, column in enumerate(schema, 1)
    ]
    metadata = new_table_metadata(
        schema=assign_fresh_schema_ids(Schema(*fields)),
        partition_spec=UNPARTITIONED_PARTITION_SPEC,
        sort_order=UNSORTED_SORT_ORDER,
        location=location,
    )
    where = keep(metadata, 1)
    return Table(("oneninex", folder.name), metadata, where, io, Folder("oneninex"))
