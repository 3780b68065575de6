import type { Core } from '../../core/core.ts';
import { isTerminal, type OrdStatus } from '../../domain/order.ts';
import type { Decision } from '../../domain/decision.ts';
import type { DenialCode } from '../../domain/denial.ts';
import type { Intent } from '../../domain/input.ts';
import { orderByClOrdID } from '../../core/core.ts';
import { openCount } from '../../core/orders/order-store.ts';

/** Orders by row and tag, as their records name them: the newest of a tag. */
export interface IntentBook {
  readonly tags: Map<string, number>;
}

const keyOf = (row: number, tag: number): string => `${row} ${tag}`;

/** Takes in what was sent. */
export function noteOrders(_core: Core, book: IntentBook, decisions: readonly Decision[]): void {
  for (const one of decisions) {
    if (one.kind === 'orderSent' || one.kind === 'replaceSent') book.tags.set(keyOf(one.order.row, one.order.tag), one.order.clOrdID);
    // lots and orders that go to another version keep their numbers, and are found under it
    if (one.kind === 'swapCommitted') book.tags.clear();
  }
}

/** States in which nothing can be asked of an order any more. */
const isOver = (status: OrdStatus): boolean => isTerminal(status);

/** What the desk is due to deny an intent with before any check is asked: docs/reference/denials.md, of the sequence, the target and the room. Empty = the checks decide. */
export function dueIntent(core: Core, book: IntentBook, intent: Intent): readonly DenialCode[] {
  const row = core.gate.rows.at(intent.row);
  if (intent.row < 0 || row === undefined || row.custodian || intent.tag <= (core.lastTag[intent.row] ?? 0))
    return ['INTENT_SEQUENCE_BROKEN'];
  const { capacities } = core.orders;
  const room = capacities.openOrders - openCount(core.orders);
  if (intent.action === 'new') return room < (intent.ordType === 'bracket' ? 3 : 1) ? ['ORDER_CAPACITY_REACHED'] : [];
  if (intent.action === 'cancelAll') return [];
  const clOrdID = book.tags.get(keyOf(intent.row, intent.targetTag));
  const target = clOrdID === undefined ? undefined : orderByClOrdID(core, clOrdID);
  if (target === undefined) return ['UNKNOWN_TARGET'];
  if (intent.action === 'cancel') return isOver(target.ordStatus) ? ['TARGET_NOT_WORKING'] : [];
  const due: DenialCode[] = [];
  if (isOver(target.ordStatus) || target.ordStatus === 'pendingCancel' || target.ordStatus === 'unknown') due.push('TARGET_NOT_WORKING');
  if (target.ordStatus === 'pendingReplace') due.push('REPLACE_PENDING');
  if (room < 1) due.push('ORDER_CAPACITY_REACHED');
  return due;
}
