import type { EventSeq, RowIx } from '../../domain/ids.ts';
import type { HandoverEvent, HandoverNotice } from '../../domain/swap.ts';
import { maxQueuedDeliveries } from './held-queue.ts';

function blank(swap: number, row: RowIx): HandoverNotice {
  return { kind: 'handover', swap, row, event: 'refused', eventSeq: 0, exported: '', taken: '', text: '' };
}

export function refusedNotice({ swap, to }: { readonly swap: number; readonly to: RowIx }, text: string): HandoverNotice {
  return { ...blank(swap, to), text: text.slice(0, 256) };
}

export function stoppedNotice(swap: number, from: RowIx, eventSeq: EventSeq): HandoverNotice {
  return { ...blank(swap, from), event: 'stopped', eventSeq };
}

/** A state went over: as it was exported, and as it was taken. */
export function takenNotice(
  swap: number,
  row: RowIx,
  event: HandoverEvent,
  { eventSeq, exported, taken }: Pick<HandoverNotice, 'eventSeq' | 'exported' | 'taken'>,
): HandoverNotice {
  return { ...blank(swap, row), event, eventSeq, exported, taken };
}

export function overflowNotice(swap: number, from: RowIx): HandoverNotice {
  const text = `the queue between the versions is full at ${maxQueuedDeliveries} events`;
  return { ...blank(swap, from), event: 'overflow', text };
}
