import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { identitySession } from '../scripts/ci/identity/sessions.ts';
import { IdentityWorld } from '../scripts/ci/identity/world.ts';
import { createFileJournal } from '../src/journal/file-journal.ts';
import type { JournalFlush, JournalPort } from '../src/ports/journal.ts';
import { nodeDisk } from '../src/storage/file/node-disk.ts';
import { machine } from './lib/machine.ts';
import { hasFlag, numberOption } from './lib/options.ts';

/** Writes everything to the file; what is not measured does not wait for it. */
class LaterJournal implements JournalPort {
  readonly #file: JournalPort;
  waits = false;

  constructor(file: JournalPort) {
    this.#file = file;
  }

  get nextSeq(): number {
    return this.#file.nextSeq;
  }

  get durableSeq(): number {
    return this.waits ? this.#file.durableSeq : this.#file.nextSeq - 1;
  }

  appendInput(...record: Parameters<JournalPort['appendInput']>): void {
    this.#file.appendInput(...record);
  }

  appendDecision(...record: Parameters<JournalPort['appendDecision']>): void {
    this.#file.appendDecision(...record);
  }

  flush(): Promise<JournalFlush> {
    return this.#file.flush();
  }

  close(): Promise<JournalFlush> {
    return this.#file.close();
  }
}

/**
 * How long a version is frozen in a swap for its clone when nothing has to be canceled: from the decision to stop it to the moment at which the new one owns it and
 * has heard everything that was queued, the commit record synced to disk in between (durability group). Wall clock; a maker on the synthetic exchange with positions
 * and quotes to hand over. Usage: node --import tsx bench/swap.ts [--rounds N] [--json]
 */
const targetMillis = 10;
const rounds = numberOption('rounds', 100);
const parent = join(import.meta.dirname, '../.plimsoll');
mkdirSync(parent, { recursive: true });
const root = mkdtempSync(join(parent, 'bench-swap-'));
const session = identitySession(1);
if (session === undefined) throw new Error('bench: the synthetic session is there');
const frozen: number[] = [];
let [orders, lots] = [0, 0];
try {
  for (let n = 0; n < rounds + 3; n++) {
    const disk = nodeDisk(root);
    const created = await createFileJournal({
      disk,
      directory: `journal-${n}`,
      origin: 'bench',
      durability: 'group',
      coreDigest: '0'.repeat(64),
      term: 1,
    });
    if (!created.ok) throw new Error(created.error.message);
    let stoppedAt = 0;
    let took = NaN;
    const journal = new LaterJournal(created.value);
    const world = new IdentityWorld(session, {
      journal,
      onDecision: ({ kind }) => {
        if (kind === 'swapFrozen') stoppedAt = performance.now();
      },
      onEffect: (effect) => {
        // the queue is drained in the turn in which the effect leaves
        if (effect.kind === 'handover' && effect.verb === 'commit') setImmediate(() => (took = performance.now() - stoppedAt));
      },
    });
    world.runTo(600 + 13 * n);
    await journal.flush();
    journal.waits = true;
    await world.swapDurably();
    await new Promise((resolve) => void setImmediate(resolve));
    await journal.close();
    if (!world.committed) continue;
    // the first ones compile the code
    if (n >= 3) frozen.push(took);
    orders += world.handed.adopted;
    lots += world.handed.lots;
  }
} finally {
  rmSync(root, { recursive: true, force: true });
}
frozen.sort((a, b) => a - b);
const at = (share: number): number => Math.round(frozen[Math.min(frozen.length - 1, Math.floor(share * frozen.length))] * 1_000) / 1_000;
const report = {
  bench: 'swap',
  ...machine(),
  excluded: 'warm-up and dry run, which happen beside the trading',
  swaps: frozen.length,
  ordersAdopted: orders,
  listingsTransferred: lots,
  freezeMillisP50: at(0.5),
  freezeMillisP99: at(0.99),
  targetMillis,
};
if (hasFlag('json')) console.log(JSON.stringify(report));
else {
  console.log(
    `freeze of ${report.swaps} swaps, ${orders} orders adopted and ${lots} positions transferred; ${report.cpu} x ${report.cores}, Node ${report.node}`,
  );
  console.log(
    `p50 ${report.freezeMillisP50} ms, p99 ${report.freezeMillisP99} ms, target p99 < ${targetMillis} ms (the commit record synced to disk)`,
  );
}
