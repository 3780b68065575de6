import type { FieldReader } from '../../domain/spec-parser/field-reader.ts';
import { oneLine } from '../desk/kill-note.ts';
import type { DeskView } from '../../projections/desk-view.ts';

/** What a verb sees of the desk while it is read: the view, and which slices there are. */
export interface VerbPlace {
  readonly view: DeskView;
  hasSlice(sliceID: string): boolean;
}

/** A reading that cannot become a command: its code and sentence. */
export interface Unread {
  readonly code:
    | 'UNKNOWN_DEPLOYMENT'
    | 'UNKNOWN_VERSION'
    | 'UNKNOWN_SLICE'
    | 'UNKNOWN_PROPOSAL'
    | 'UNKNOWN_GATE'
    | 'UNKNOWN_SCOPE'
    | 'AMBIGUOUS'
    | 'FIELDS';
  readonly text: string;
}

/** Of a reason, in characters. */
const longestReason = 256;

export function reasonOf(fields: FieldReader): string {
  const reason = fields.text('reason') ?? '';
  if (reason.length > longestReason) fields.fault('reason', `expected at most ${longestReason} characters, was ${reason.length}`);
  return reason;
}

/** The same of a verb that only takes authority away: words that cannot be shown, or are too many, are no reason to wait. They are made plain. */
export function plainReasonOf(fields: FieldReader): string {
  const given = fields.raw('reason');
  const plain = typeof given === 'string' ? oneLine(given) : '';
  return plain === '' ? reasonOf(fields) : plain;
}
