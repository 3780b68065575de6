import { decisionTable } from './decision-table.ts';
import type { FieldList } from './field.ts';
import { inputTable } from './input-table.ts';

/** A table entry whose type is forgotten. */
export interface Entry {
  readonly kind: string;
  readonly of: 'input' | 'decision';
  readonly id: number;
  readonly version: number;
  /** Absent when the kind is one json value. */
  readonly fields?: FieldList;
}

/** Ids below are the journal's own; inputs have 16…255, decisions 256 and up. */
export const firstInputID = 16;
export const firstDecisionID = 256;

/** Both tables in one list, by id. */
export const entries: readonly Entry[] = [
  ...Object.entries(inputTable).map(([kind, message]): Entry => ({ kind, of: 'input', ...message })),
  ...Object.entries(decisionTable).map(([kind, message]): Entry => ({ kind, of: 'decision', ...message })),
].sort((a, b) => a.id - b.id);

export function entryOf(of: 'input' | 'decision', kind: string): Entry {
  const entry = entries.find((e) => e.of === of && e.kind === kind);
  if (entry === undefined) throw new Error(`schema: no ${of} of kind ${kind}`);
  return entry;
}

/** The words of an enumeration; `path` names the field, `order.side` inside a group. */
export function wordsOf(of: 'input' | 'decision', kind: string, path: string): readonly string[] {
  let fields = entryOf(of, kind).fields;
  for (const name of path.split('.')) {
    const field = fields?.[name];
    if (field?.type === 'enum') return field.values;
    fields = field?.type === 'group' ? field.fields : undefined;
  }
  throw new Error(`schema: ${kind}.${path} is no enumeration`);
}
