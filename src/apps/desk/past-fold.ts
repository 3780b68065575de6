import { byteWriter, ReadError, readCanonical, type ByteReader } from '../../base/canonical.ts';
import { GraphMismatch, readGraphInto } from '../../base/graph-reader.ts';
import { writeGraph } from '../../base/graph-writer.ts';
import type { Decision } from '../../domain/decision.ts';
import type { Seq } from '../../domain/ids.ts';
import type { Input } from '../../domain/input.ts';
import type { Alert } from '../../ports/alert.ts';
import type { Micros } from '../../base/units.ts';
import { createDeskView, foldDecision, foldInput, type DeskView } from '../../projections/desk-view.ts';
import type { ReplayRecord } from '../../runtime/replay.ts';
import { alertOf } from './alert-tap.ts';
import { toldShape } from './generated/told-shape.ts';

/** What the whole journal tells beside the state. */
export interface Told {
  /** What people look at. */
  readonly view: DeskView;
  eventSeq: number;
  /** The last alerts, for channels that have not come so far. */
  readonly alerts: Alert[];
}

/** Most alerts of the past that are told again. */
const maxToldAlerts = 4_096;
/** Raised when the bytes around the graph change, or a field keeps its name and changes what it means; another list of fields has another digest. */
const toldFormat = 3;
const maxToldBytes = 1 << 28;

export function nothingTold(): Told {
  return { view: createDeskView(), eventSeq: 0, alerts: [] };
}

export function tellInput(told: Told, seq: Seq, at: Micros, input: Input): void {
  foldInput(told.view, seq, at, input);
  if ('eventSeq' in input) told.eventSeq = Math.max(told.eventSeq, input.eventSeq);
}

export function tellDecision(told: Told, seq: Seq, at: Micros, decision: Decision): void {
  foldDecision(told.view, seq, at, decision);
  const alert = alertOf(seq, at, decision);
  if (alert !== undefined && told.alerts.push(alert) > maxToldAlerts) told.alerts.shift();
}

/** An input and what was derived from it. */
export function tellStep(told: Told, record: ReplayRecord, decisions: readonly Decision[]): void {
  if (record.of !== 'input') return;
  const { seq, at } = record;
  tellInput(told, seq, at, record.input);
  for (let n = 0; n < decisions.length; n++) tellDecision(told, seq + 1 + n, at, decisions[n]);
}

/** What was told up to record `seq`, at which the journal's tree has this root (hex), by the build of this core digest (hex): what it keeps of a record is shaped as there. */
export function encodeTold(told: Told, seq: Seq, root: string, coreDigest: string): Uint8Array {
  const writer = byteWriter(1 << 16, maxToldBytes);
  writer.u32(toldFormat);
  writer.str(toldShape);
  writer.safeInt(seq);
  writer.str(root);
  writer.str(coreDigest);
  writeGraph(writer, told);
  return writer.view();
}

/** What was told up to that record of that journal; undefined = these bytes are of another one or of another build: the journal has to be read. */
export function decodeTold(bytes: Uint8Array, seq: Seq, root: string, coreDigest: string): Told | undefined {
  const told = nothingTold();
  const read = (reader: ByteReader): boolean => {
    if (
      reader.u32() !== toldFormat ||
      reader.str() !== toldShape ||
      reader.safeInt() !== seq ||
      reader.str() !== root ||
      reader.str() !== coreDigest
    )
      return false;
    readGraphInto(reader, told);
    return true;
  };
  try {
    const outcome = readCanonical(bytes, read);
    return outcome.ok && outcome.value ? told : undefined;
  } catch (error) {
    if (error instanceof GraphMismatch || error instanceof ReadError) return undefined;
    throw error;
  }
}
