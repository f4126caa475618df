"""Tables in Parquet files."""

from __future__ import annotations

from typing import BinaryIO

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from datatools.columns import from_arrow, unique_names
from datatools.errors import UnreadableError
from datatools.progress import Progress, part


def read_parquet(source: BinaryIO, progress: Progress) -> pd.DataFrame:
    """Read the table, one group of rows after the other.

    Raises:
        UnreadableError: This is no Parquet file, or it has no rows.
    """
    source.seek(0)
    try:
        table = _table(source, part(progress, 0.0, 0.7))
    except (pa.ArrowException, OSError) as error:
        message = "This Parquet file is damaged or not complete: export it again and upload that."
        raise UnreadableError(message) from error
    if not table.num_rows or not table.num_columns:
        raise UnreadableError("The file has no rows: choose one with data.")
    typed = {}
    for place, name in enumerate(unique_names(table.column_names)):
        progress(0.7 + 0.3 * place / table.num_columns, "Preparing columns")
        typed[name] = from_arrow(table.column(place))
    return pd.DataFrame(typed)


def _table(source: BinaryIO, progress: Progress) -> pa.Table:
    file = pq.ParquetFile(source)
    groups = []
    for number in range(file.num_row_groups):
        groups.append(file.read_row_group(number))
        progress((number + 1) / file.num_row_groups, "Reading rows")
    return pa.concat_tables(groups) if groups else file.schema_arrow.empty_table()
