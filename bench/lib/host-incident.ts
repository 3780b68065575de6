import type { Input } from '../../src/domain/input.ts';
import type { Decision } from '../../src/domain/decision.ts';
import { readJournal } from '../../src/journal/reader.ts';
import { createDeskView, foldDecision, foldInput } from '../../src/projections/desk-view.ts';
import { nodeDisk } from '../../src/storage/file/node-disk.ts';

/** What the journal of a run says about its faults; times on the desk's clock. */
export interface Incident {
  readonly fenced: readonly string[];
  readonly innocents: number;
  /** Of the hosts' ends: from the notice until the last innocent that traded before had an order again (ms). */
  readonly tradeAgainMillis: number;
  /** From the decision to cancel to the venue's word, ms. */
  readonly cancelP50: number;
  readonly cancelP99: number;
  readonly cancelMax: number;
  readonly cancels: number;
}

/** Within this long after its host's end an innocent is expected to want something anyway (microseconds). */
const window = 10_000_000;

export async function incidentOf(directory: string, expected: boolean): Promise<Incident> {
  const fenced: string[] = [];
  const view = createDeskView();
  const cancelAt = new Map<number, number>();
  const waits: number[] = [];
  /** Row to the time at which its host was ended; cleared by its next order. */
  const ended = new Map<number, number>();
  const traded = new Set<number>();
  const gaps: number[] = [];
  const onInput = (at: number, input: Input): void => {
    if (input.kind === 'host' && input.event === 'overBudget')
      fenced.push(`${view.rows.get(input.row)?.version ?? ''} of row ${input.row}: ${input.text}`);
    if (input.kind === 'host' && input.event === 'ended' && traded.has(input.row)) ended.set(input.row, at);
    if (input.kind === 'intent' && ended.has(input.row) && input.action === 'new') {
      gaps.push(at - (ended.get(input.row) ?? at));
      ended.delete(input.row);
    }
    if (input.kind === 'report' && input.execType === 'canceled') {
      const sent = cancelAt.get(input.origClOrdID) ?? cancelAt.get(input.clOrdID);
      if (sent !== undefined) waits.push(at - sent);
    }
  };
  const onDecision = (at: number, decision: Decision): void => {
    if (decision.kind === 'orderSent') traded.add(decision.order.row);
    if (decision.kind === 'cancelSent') cancelAt.set(decision.target, at);
  };
  await readJournal(nodeDisk(directory), 'journal', (record) => {
    if (record.of === 'input') {
      foldInput(view, record.seq, record.at, record.input);
      onInput(record.at, record.input);
    } else {
      foldDecision(view, record.seq, record.at, record.decision);
      onDecision(record.at, record.decision);
    }
  });
  if (expected && fenced.length < 2)
    throw new Error(`bench/hosts.ts: expected the spinner and the leaker to be fenced, was ${fenced.join('; ')}`);
  waits.sort((a, b) => a - b);
  gaps.sort((a, b) => a - b);
  const millis = (list: readonly number[], share: number): number =>
    Math.round(list[Math.min(list.length - 1, Math.floor(list.length * share))] ?? 0) / 1_000;
  return {
    fenced,
    innocents: gaps.length,
    tradeAgainMillis: millis(
      gaps.filter((gap) => gap < window),
      1,
    ),
    cancelP50: millis(waits, 0.5),
    cancelP99: millis(waits, 0.99),
    cancelMax: millis(waits, 1),
    cancels: waits.length,
  };
}
