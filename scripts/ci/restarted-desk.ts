import { createCore, smallCoreCapacities, type Core } from '../../src/core/core.ts';
import { micros } from '../../src/base/units.ts';
import type { Decision } from '../../src/domain/decision.ts';
import type { Effect } from '../../src/domain/effect.ts';
import type { Input } from '../../src/domain/input.ts';
import { continueFileJournal } from '../../src/journal/continue-journal.ts';
import { createDecisionComparer } from '../../src/journal/diff.ts';
import { createFileJournal, type FileJournal, type FileJournalOptions } from '../../src/journal/file-journal.ts';
import { inspectDirectory } from '../../src/journal/inspect.ts';
import { recoverDesk } from '../../src/runtime/recovery.ts';
import { Sequencer } from '../../src/runtime/sequencer.ts';
import { nodeDisk } from '../../src/storage/file/node-disk.ts';
import { comparedState, type ComparedState } from '../../src/testing/reconcile/compared-state.ts';

// A desk in a process of its own, core and journal, whose venue and clock are its parent's: it goes on with the journal of its directory, takes inputs with their
// times, and answers when their records are on the disk. It ends by being killed. `restarted-desk.ts DIRECTORY` below `fork`.

/** What the parent asks: inputs to be taken, or all deadlines up to a time. */
export interface DeskRequest {
  readonly inputs: readonly { readonly at: number; readonly input: Input }[];
  readonly until?: number;
}

export interface DeskReply {
  /** Effects that may leave, in order. */
  readonly effects: readonly Effect[];
  readonly decisions: readonly Decision[];
  readonly state: ComparedState;
  /** Term that this process writes, 1 = the first. */
  readonly term: number;
  /** Time of the last record before this process. */
  readonly lastAt: number;
}

/** Row that the parent's versions trade in: 0 is the slice's custodian. */
const row = 1;
/** Deadlines in one advance. */
const mostTimers = 10_000;
const coreDigest = 'ab'.repeat(32);
const [directory] = process.argv.slice(2);
const shape: Omit<FileJournalOptions, 'term'> = {
  disk: nodeDisk(directory),
  directory: 'journal',
  origin: 'plimsoll/test',
  durability: 'group',
  coreDigest,
  segmentBytes: 1 << 20,
};

interface Opened {
  readonly core: Core;
  readonly journal: FileJournal;
  readonly term: number;
  readonly lastAt: number;
}

async function open(): Promise<Opened> {
  if ((await inspectDirectory(shape.disk, shape.directory)) !== 'unfinished') {
    const created = await createFileJournal({ ...shape, term: 1 });
    if (!created.ok) throw new Error(created.error.message);
    return { core: createCore(1, smallCoreCapacities), journal: created.value, term: 1, lastAt: 0 };
  }
  const recovered = await recoverDesk({ ...shape, capacities: smallCoreCapacities, same: createDecisionComparer() });
  if (!recovered.ok) throw new Error(recovered.error.message);
  const { core, found, at } = recovered.value;
  const term = found.header.term + 1;
  const journal = await continueFileJournal({ ...shape, term }, found);
  if (!journal.ok) throw new Error(journal.error.message);
  return { core, journal: journal.value, term, lastAt: at };
}

const { core, journal, term, lastAt } = await open();
let effects: Effect[] = [];
let decisions: Decision[] = [];
const sequencer = new Sequencer({
  core,
  journal,
  // an order is a view of the core's store: it is copied before it leaves
  leave: (effect) => effects.push('order' in effect ? { ...effect, order: { ...effect.order } } : effect),
  observe: (_seq, _at, _input, made) => decisions.push(...structuredClone(made)),
});
let now = lastAt;

function advance(until: number): void {
  for (let n = 0; n < mostTimers; n++) {
    const due = core.nextDeadline();
    if (due === undefined || due > until) break;
    now = Math.max(now, due);
    sequencer.submit(micros(now), { kind: 'timer', deadline: due });
  }
  now = until;
}

async function answer({ inputs, until }: DeskRequest): Promise<void> {
  for (const { at, input } of inputs) {
    now = Math.max(now, at);
    sequencer.submit(micros(now), input);
  }
  if (until !== undefined) advance(until);
  const failed = await sequencer.flush();
  if (failed !== undefined) throw new Error(failed);
  process.send?.({ effects, decisions, state: comparedState(core, row), term, lastAt } satisfies DeskReply);
  [effects, decisions] = [[], []];
}

process.on('message', (request: DeskRequest) => void answer(request));
// a parent that is gone asks nothing more
process.on('disconnect', () => process.exit(0));
process.send?.({ effects, decisions, state: comparedState(core, row), term, lastAt } satisfies DeskReply);
