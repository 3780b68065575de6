import { parseIso } from '../../base/time.ts';
import type { Micros } from '../../base/units.ts';
import type { Command } from '../../domain/command.ts';
import { shown, type FieldReader } from '../../domain/spec-parser/field-reader.ts';
import { reasonOf, type Unread } from './verb-fields.ts';

/** `id`: the signal; `value`: its level; `knownAt`: ISO 8601 time at which it was so, left out: now. */
export function readSignal(fields: FieldReader): Command | Unread {
  const name = fields.text('id') ?? '';
  const value = fields.raw('value');
  const knownAt = timeOf(fields);
  const reason = reasonOf(fields);
  // JSON knows 1e999, which is no number that a journal can hold
  if (typeof value === 'number' && Number.isFinite(value)) return { verb: 'tellSignal', name, value, knownAt, reason };
  fields.fault('value', `expected a level in points, was ${shown(value)}`);
  return { code: 'FIELDS', text: 'value: expected a level in points' };
}

function timeOf(fields: FieldReader): Micros | null {
  const text = fields.text('knownAt');
  if (text === undefined) return null;
  const time = parseIso(text);
  if (time.ok) return time.value;
  fields.fault('knownAt', `expected a time like 2026-11-30T14:00:00Z, was ${text.slice(0, 80)}`);
  return null;
}
