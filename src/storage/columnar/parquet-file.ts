import type * as Hyparquet from 'hyparquet';
import type { DecodedArray, FileMetaData, SchemaElement } from 'hyparquet';
import type * as HyparquetThrift from 'hyparquet/src/thrift.js';
import type * as HyparquetWriter from 'hyparquet-writer';
import { err, ok, type Result } from '../../base/result.ts';
import { maxTableRows, type Column, type ColumnKind, type ColumnTable } from './column-table.ts';
import { fillTimes, readPlainColumn } from './plain-column.ts';

export type ParquetRefusal =
  | { readonly code: 'PARQUET_ABSENT'; readonly text: string }
  | { readonly code: 'PARQUET_DAMAGED'; readonly text: string }
  | { readonly code: 'PARQUET_COLUMN'; readonly column: string; readonly text: string };

/** What is said when the optional packages are not installed. */
export const parquetAbsentText =
  'Parquet files need the optional packages hyparquet and hyparquet-writer, which are not installed; raw files are read without them';
const absent: ParquetRefusal = { code: 'PARQUET_ABSENT', text: parquetAbsentText };

/** Type of a column in the file; days and times are annotated so that other programs show dates. */
const elements: Readonly<Record<ColumnKind, Omit<SchemaElement, 'name' | 'repetition_type'>>> = {
  double: { type: 'DOUBLE' },
  day: { type: 'INT32', converted_type: 'DATE' },
  time: { type: 'INT64', converted_type: 'TIMESTAMP_MICROS' },
  code: { type: 'INT32', converted_type: 'UINT_8' },
};

/** Rows of a group, at most. */
const rowsPerGroup = 1_000_000;
/** A column of a group is one page, so that it is read as one piece of memory (bytes). */
const pageBytes = 8 * rowsPerGroup;

/** Loaded on first use, once; undefined inside = not installed. */
let reading: Promise<readonly [typeof Hyparquet, typeof HyparquetThrift] | undefined> | undefined;
let writing: Promise<typeof HyparquetWriter | undefined> | undefined;

/** A Parquet file of the table. */
export async function writeParquet(table: ColumnTable): Promise<Result<Uint8Array, ParquetRefusal>> {
  writing ??= import('hyparquet-writer').catch(() => undefined);
  const writer = await writing;
  if (writer === undefined) return err(absent);
  const { columns } = table;
  const schema: SchemaElement[] = [
    { name: 'root', num_children: columns.length },
    ...columns.map(({ name, kind }) => ({ name, repetition_type: 'REQUIRED' as const, ...elements[kind] })),
  ];
  const columnData = columns.map((column) => ({ name: column.name, data: storedOf(column), ...packingOf(column) }));
  const kvMetadata = [
    { key: 'plimsoll.kind', value: table.kind },
    { key: 'plimsoll.instrumentID', value: table.instrumentID },
    { key: 'plimsoll.interval', value: String(table.interval) },
  ];
  const bytes = writer.parquetWriteBuffer({
    columnData,
    schema,
    kvMetadata,
    rowGroupSize: rowsPerGroup,
    pageSize: pageBytes,
    createdBy: 'plimsoll',
    statistics: true,
  });
  return ok(new Uint8Array(bytes));
}

/** Plain bytes for all but packed columns, which get a dictionary where that pays and Snappy. */
function packingOf(column: Column): { codec: 'SNAPPY' | 'UNCOMPRESSED'; encoding?: 'PLAIN' } {
  const isPacked = column.kind === 'code' || (column.kind === 'double' && column.packed === true);
  return isPacked ? { codec: 'SNAPPY' } : { codec: 'UNCOMPRESSED', encoding: 'PLAIN' };
}

function storedOf(column: Column): DecodedArray {
  switch (column.kind) {
    case 'double':
      return column.values;
    case 'time':
      return BigInt64Array.from(column.values, (value) => BigInt(value));
    case 'day':
      return column.values;
    case 'code':
      return Int32Array.from(column.values);
  }
}

/** Columns of a Parquet file by name, with the kinds that they were stored with; all of them, or those named. */
export async function readParquet(
  bytes: Uint8Array,
  names?: readonly string[],
): Promise<Result<ReadonlyMap<string, Column>, ParquetRefusal>> {
  reading ??= Promise.all([import('hyparquet'), import('hyparquet/src/thrift.js')]).catch(() => undefined);
  const modules = await reading;
  if (modules === undefined) return err(absent);
  const [reader, { deserializeTCompactProtocol }] = modules;
  const file = wholeBuffer(bytes);
  try {
    const metadata = reader.parquetMetadata(file);
    const opened = openColumns(metadata, names);
    if (!opened.ok) return opened;
    const columns = new Map(opened.value.map((column) => [column.name, column]));
    const packed = [...columns.values()].filter((column) => !readPlainColumn(file, metadata, column, deserializeTCompactProtocol));
    if (packed.length === 0) return ok(columns);
    await reader.parquetRead({
      file,
      metadata: plainMetadata(metadata),
      columns: packed.map((column) => column.name),
      onChunk: ({ columnName, columnData, rowStart }) => fill(columns.get(columnName), columnData, rowStart),
    });
    return ok(columns);
  } catch (error) {
    return err({ code: 'PARQUET_DAMAGED', text: error instanceof Error ? error.message : String(error) });
  }
}

function wholeBuffer({ buffer, byteOffset, byteLength }: Uint8Array): ArrayBuffer {
  if (buffer instanceof ArrayBuffer && byteOffset === 0 && byteLength === buffer.byteLength) return buffer;
  return new Uint8Array(buffer, byteOffset, byteLength).slice().buffer;
}

/** Empty columns of the right length and kind. */
function openColumns(metadata: FileMetaData, names: readonly string[] | undefined): Result<readonly Column[], ParquetRefusal> {
  const rows = Number(metadata.num_rows);
  if (!(rows >= 0 && rows <= maxTableRows))
    return err({ code: 'PARQUET_DAMAGED', text: `expected at most ${maxTableRows} rows, was ${rows}` });
  const leaves = metadata.schema.slice(1);
  const columns: Column[] = [];
  for (const name of names ?? leaves.map((leaf) => leaf.name)) {
    const leaf = leaves.find((one) => one.name === name);
    if (leaf === undefined) return err({ code: 'PARQUET_COLUMN', column: name, text: 'the file has no such column' });
    const kind = kindOf(leaf);
    if (kind === undefined)
      return err({ code: 'PARQUET_COLUMN', column: name, text: `expected doubles, dates, times or codes, was ${leaf.type ?? 'a group'}` });
    columns.push(columnOf(name, kind, rows));
  }
  return ok(columns);
}

function kindOf({ type, converted_type: annotation, repetition_type: repetition }: SchemaElement): ColumnKind | undefined {
  if (repetition !== 'REQUIRED') return undefined;
  if (type === 'DOUBLE') return 'double';
  if (type === 'INT64' && annotation === 'TIMESTAMP_MICROS') return 'time';
  if (type === 'INT32') return annotation === 'DATE' ? 'day' : annotation === 'UINT_8' ? 'code' : undefined;
  return undefined;
}

function columnOf(name: string, kind: ColumnKind, rows: number): Column {
  switch (kind) {
    case 'double':
    case 'time':
      return { name, kind, values: new Float64Array(rows) };
    case 'day':
      return { name, kind, values: new Int32Array(rows) };
    case 'code':
      return { name, kind, values: new Uint8Array(rows) };
  }
}

/** Without the annotations, so that days and times come as plain numbers and not as one object each. */
function plainMetadata(metadata: FileMetaData): FileMetaData {
  const plain = (element: SchemaElement): SchemaElement => {
    const { converted_type: _annotation, logical_type: _logical, ...rest } = element;
    return rest;
  };
  return { ...metadata, schema: metadata.schema.map(plain) };
}

function fill(column: Column | undefined, from: DecodedArray, start: number): void {
  if (column === undefined) return;
  const { values } = column;
  if (from instanceof BigInt64Array) {
    fillTimes(values, new Int32Array(from.buffer, from.byteOffset, from.length * 2), start);
  } else if (from instanceof Float64Array || from instanceof Int32Array) values.set(from, start);
  else for (let i = 0; i < from.length; i++) values[start + i] = Number(from[i]);
}
