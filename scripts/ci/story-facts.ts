import type { Decision } from '../../src/domain/decision.ts';
import { isTerminal, type OrdStatus } from '../../src/domain/order.ts';
import { readJournal, type JournalEnd } from '../../src/journal/reader.ts';
import { nodeDisk } from '../../src/storage/file/node-disk.ts';

/** What a kept journal says about its orders and its rollbacks, read record by record and folded by nothing of the product. */
export interface StoryFacts {
  readonly end: JournalEnd;
  readonly orders: number;
  /** Orders whose last recorded state is not terminal. */
  readonly open: readonly number[];
  /** Record of the first engaged kill latch; 0 = none. */
  readonly killSeq: number;
  /** Records of orders and replaces sent after it. */
  readonly sentAfterKill: readonly number[];
  readonly triggers: readonly { readonly seq: number; readonly row: number }[];
  /** Records of orders and replaces of a row sent after its own trigger. */
  readonly sentAfterFence: readonly number[];
  readonly versionOf: ReadonlyMap<number, string>;
  /** Orders of the row taken back in RB2, and lots moved to the custodian, by row. */
  readonly canceledBy: ReadonlyMap<number, number>;
  readonly movedBy: ReadonlyMap<number, number>;
}

export async function storyFacts(directory: string): Promise<StoryFacts> {
  const states = new Map<number, OrdStatus>();
  const [triggers, sentAfterKill, sentAfterFence]: [{ seq: number; row: number }[], number[], number[]] = [[], [], []];
  const [versionOf, canceledBy, movedBy] = [new Map<number, string>(), new Map<number, number>(), new Map<number, number>()];
  let [killSeq, orders] = [0, 0];
  const take = (seq: number, decision: Decision): void => {
    switch (decision.kind) {
      case 'orderSent':
      case 'replaceSent': {
        const { clOrdID, row } = decision.order;
        if (decision.kind === 'orderSent') {
          orders++;
          states.set(clOrdID, 'pendingNew');
        }
        if (killSeq > 0) sentAfterKill.push(seq);
        if (triggers.some((trigger) => trigger.row === row)) sentAfterFence.push(seq);
        return;
      }
      case 'orderStateChanged':
        states.set(decision.clOrdID, decision.to);
        return;
      case 'killLatched':
        if (decision.engaged && killSeq === 0) killSeq = seq;
        return;
      case 'triggerFired':
        triggers.push({ seq, row: decision.row });
        return;
      case 'lifecycleChanged':
        versionOf.set(decision.row, decision.version);
        return;
      case 'rollbackStepDone':
        if (decision.step === 'RB2') canceledBy.set(decision.row, decision.count);
        return;
      case 'lotsTransferred':
        movedBy.set(decision.fromRow, (movedBy.get(decision.fromRow) ?? 0) + Math.abs(decision.position));
        return;
      default:
    }
  };
  const end = await readJournal(nodeDisk(directory), 'journal', (record) => {
    if (record.of === 'decision') take(record.seq, record.decision);
  });
  const open = [...states].filter(([, state]) => !isTerminal(state)).map(([clOrdID]) => clOrdID);
  return { end, orders, open, killSeq, sentAfterKill, triggers, sentAfterFence, versionOf, canceledBy, movedBy };
}
