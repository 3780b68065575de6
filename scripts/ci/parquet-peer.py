"""Reads the Parquet files of parquet-peer.ts with pyarrow, compares every value, and writes them again for our reader.

Exit 0 when all columns were seen and none differs, 1 otherwise.
"""

import json
import pathlib
import struct
import sys

import pyarrow as pa
import pyarrow.parquet as pq

COLUMNS = 22
KINDS = {"double": pa.float64(), "day": pa.date32(), "time": pa.timestamp("us", tz="UTC"), "code": pa.uint8()}
PLAIN = {"double": pa.float64(), "day": pa.int32(), "time": pa.int64(), "code": pa.uint8()}


def bits(kind, value):
    return struct.pack("<d", value) if kind == "double" else int(value)


folder = pathlib.Path(sys.argv[1])
seen, failures = 0, 0
for path in sorted(folder.glob("*.json")):
    expected = json.loads(path.read_text())
    table = pq.read_table(path.with_suffix(".parquet"))
    arrays, fields = [], []
    for column in expected:
        name, kind, values = column["name"], column["kind"], column["values"]
        array = table[name].combine_chunks()
        plain = array.cast(PLAIN[kind]).to_pylist()
        same = array.type == KINDS[kind] and [bits(kind, one) for one in plain] == [bits(kind, one) for one in values]
        seen += 1
        if not same:
            failures += 1
            print(f"{path.stem} {name}: {array.type} differs from what was written")
        arrays.append(pa.array(values, PLAIN[kind]).cast(KINDS[kind]))
        fields.append(pa.field(name, KINDS[kind], nullable=False))
    pq.write_table(pa.Table.from_arrays(arrays, schema=pa.schema(fields)), path.with_suffix("").as_posix() + ".theirs.parquet", compression="snappy")
if seen != COLUMNS:
    failures += 1
    print(f"expected {COLUMNS} columns, saw {seen}")
print(f"pyarrow {pa.__version__}")
print(f"parquet-peer-write: {max(0, seen - failures)} passed, {failures} failed")
sys.exit(0 if failures == 0 else 1)
