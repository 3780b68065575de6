import { createHash } from 'node:crypto';
import { canonicalJson } from '../base/canonical.ts';
import type { EventSeq } from '../domain/ids.ts';
import type { Adoption, ExportedState, StrategyInstance } from '../ports/strategy.ts';

/** Largest state that a strategy may export. */
export const maxExportedBytes = 1_048_576;

/** A state before its hash is made. */
export type BareState = Omit<ExportedState, 'hash'>;

/** Why an instance does not go on from what it is offered; '' = it does. No answer is no yes. @throws what its `adopt` throws */
export function refusalOf(instance: StrategyInstance, adoption: Adoption): string {
  if (instance.adopt === undefined) return '';
  const answer = instance.adopt(adoption) as { readonly ok?: unknown; readonly error?: unknown } | undefined;
  if (answer?.ok === true) return '';
  const reasons = Array.isArray(answer?.error) ? answer.error.map(String).join('; ') : '';
  return reasons === '' ? 'its adopt neither accepted nor said why not' : reasons;
}

/** @throws RangeError when it is too large, TypeError when it is no state */
export function exportedState(instance: StrategyInstance, watermark: EventSeq): BareState | undefined {
  const state = instance.exportState?.();
  if (state === undefined) return undefined;
  if (typeof state.schema !== 'string' || !(state.bytes instanceof Uint8Array))
    throw new TypeError('exported state: expected a schema and its bytes');
  if (state.bytes.length > maxExportedBytes)
    throw new RangeError(`exported state: expected at most ${maxExportedBytes} bytes, was ${state.bytes.length}`);
  return { schema: state.schema, bytes: state.bytes, eventSeq: watermark };
}

/** SHA-256 over the canonical form of an exported state, hex. */
export function stateHashOf({ schema, bytes, eventSeq }: BareState): string {
  const { buffer, byteOffset, byteLength } = bytes;
  const text = Buffer.from(buffer, byteOffset, byteLength).toString('hex');
  return createHash('sha256')
    .update(canonicalJson({ schema, bytes: text, eventSeq }))
    .digest('hex');
}
