import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { identitySession } from '../scripts/ci/identity/sessions.ts';
import { IdentityWorld } from '../scripts/ci/identity/world.ts';
import { createFileJournal } from '../src/journal/file-journal.ts';
import type { JournalFlush, JournalPort } from '../src/ports/journal.ts';
import { nodeDisk } from '../src/storage/file/node-disk.ts';
import { projectRoot } from '../src/testing/tidy/tree.ts';
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
 * and quotes to hand over, both versions on the desk's thread and then in two host threads. Usage: node --import tsx bench/swap.ts [--rounds N] [--host-rounds N] [--json]
 */
const targetMillis = 10;
/** The first ones compile the code. */
const warmups = 3;
const rounds = numberOption('rounds', 100);
const hostRounds = numberOption('host-rounds', 20);
const parent = join(projectRoot, '.plimsoll');
mkdirSync(parent, { recursive: true });
const root = mkdtempSync(join(parent, 'bench-swap-'));
/** Events before the first swap and between two, round the session again; and left after the last one, to hand over in. */
const [first, apart, left] = [600, 13, 400];
const session = identitySession(1) ?? never();

/** Milliseconds of one freeze: the whole, up to the decision to commit, and from there to the synced record. */
interface Freeze {
  readonly whole: number;
  readonly handOver: number;
  readonly disk: number;
}

interface Handed {
  adopted: number;
  lots: number;
}

async function freezeOnce(n: number, hosts: number, handed: Handed): Promise<Freeze | undefined> {
  const created = await createFileJournal({
    disk: nodeDisk(root),
    directory: `journal-${hosts}-${n}`,
    origin: 'bench',
    durability: 'group',
    coreDigest: '0'.repeat(64),
    term: 1,
  });
  if (!created.ok) throw new Error(created.error.message);
  let [stoppedAt, decidedAt, syncedAt, endedAt] = [NaN, NaN, NaN, NaN];
  const journal = new LaterJournal(created.value);
  const world = new IdentityWorld(session, {
    journal,
    ...(hosts === 0 ? {} : { hosts }),
    onDecision: ({ kind }) => {
      if (kind === 'swapFrozen') stoppedAt = performance.now();
      if (kind === 'swapCommitted') decidedAt = performance.now();
    },
    onEffect: (effect) => {
      if (effect.kind !== 'handover' || effect.verb !== 'commit') return;
      syncedAt = performance.now();
      // the queue is drained in the turn in which the effect leaves
      setImmediate(() => (endedAt = performance.now()));
    },
  });
  world.runTo(first + ((apart * n) % (session.events.length - first - left)));
  if (hosts > 0) await hostsLoaded();
  await journal.flush();
  journal.waits = true;
  await world.swapDurably();
  await new Promise((resolve) => void setImmediate(resolve));
  await journal.close();
  await world.end();
  if (!world.committed) return undefined;
  handed.adopted += world.handed.adopted;
  handed.lots += world.handed.lots;
  return { whole: endedAt - stoppedAt, handOver: decidedAt - stoppedAt, disk: syncedAt - decidedAt };
}

/** Share of a processor that this process takes at most when its hosts lie still, the length of a look at it (ms), and looks at most. */
const stillShare = 0.2;
const lookMillis = 100;
const maxLooks = 100;

/** The host that is kept ready for the innocent loads its code for about a second, on the processors of a swap that would come in a desk's first moments alone. */
async function hostsLoaded(): Promise<void> {
  for (let look = 0; look < maxLooks; look++) {
    const before = process.cpuUsage();
    await sleep(lookMillis);
    const { user, system } = process.cpuUsage(before);
    if ((user + system) / 1_000 < stillShare * lookMillis) return;
  }
  throw new Error(`bench: expected the hosts to lie still within ${(maxLooks * lookMillis) / 1_000} s`);
}

function never(): never {
  throw new Error('bench: the synthetic session is there');
}

const micro = (value: number): number => Math.round(value * 1_000) / 1_000;

function quantiles(all: readonly number[]): { readonly p50: number; readonly p99: number } {
  const sorted = [...all].sort((a, b) => a - b);
  const at = (share: number): number => micro(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]);
  return { p50: at(0.5), p99: at(0.99) };
}

async function measure(count: number, hosts: number): Promise<object> {
  const handed: Handed = { adopted: 0, lots: 0 };
  const freezes: Freeze[] = [];
  for (let n = 0; n < count + warmups; n++) {
    const freeze = await freezeOnce(n, hosts, handed);
    if (freeze !== undefined && n >= warmups) freezes.push(freeze);
  }
  return {
    swaps: freezes.length,
    ordersAdopted: handed.adopted,
    listingsTransferred: handed.lots,
    whole: quantiles(freezes.map(({ whole }) => whole)),
    handOver: quantiles(freezes.map(({ handOver }) => handOver)),
    disk: quantiles(freezes.map(({ disk }) => disk)),
  };
}

try {
  const [thread, twoHosts] = [await measure(rounds, 0), await measure(hostRounds, 2)];
  const report = {
    bench: 'swap',
    ...machine(),
    excluded: 'warm-up and dry run, which happen beside the trading; loading of the spare host',
    targetMillis,
    thread,
    hosts: twoHosts,
  };
  if (hasFlag('json')) console.log(JSON.stringify(report));
  else {
    console.log(`freeze of a swap in ms, target p99 < ${targetMillis}; ${report.cpu} x ${report.cores}, Node ${report.node}`);
    for (const [name, measured] of Object.entries({ 'on one thread': thread, 'between two host threads': twoHosts }))
      console.log(`${name}: ${JSON.stringify(measured)}`);
  }
} finally {
  rmSync(root, { recursive: true, force: true });
}
