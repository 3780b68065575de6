import { fork, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prng } from '../../src/base/prng.ts';
import { lots, micros, ticks } from '../../src/base/units.ts';
import type { Decision } from '../../src/domain/decision.ts';
import type { Effect } from '../../src/domain/effect.ts';
import type { Input } from '../../src/domain/input.ts';
import { breakClasses, type BreakClass } from '../../src/domain/statement.ts';
import { programBeside } from '../../src/testing/program-beside.ts';
import { ComparedDesk } from '../../src/testing/reconcile/compared-desk.ts';
import type { ComparedState } from '../../src/testing/reconcile/compared-state.ts';
import { divergences, type Planted } from '../../src/testing/reconcile/divergences.ts';
import type { StatingVenue } from '../../src/testing/reconcile/stating-venue.ts';
import { Checks } from './checks.ts';
import type { DeskReply, DeskRequest } from './restarted-desk.ts';

// A desk in a process of its own is killed with orders working, its venue goes on in this one and comes to differ from it, and another process goes on with the
// journal: the difference is found and ended by its rule, nothing is invented, what the desk had is taken back or filled and nothing else, and a second comparison
// changes nothing more. `reconcile-restarts.ts [count of each class] [seed]`.
const count = Number(process.argv[2] ?? 1);
const seed = process.argv[3] ?? '1';
/** Longest time of the desk's until nothing is unsettled, and between two looks (microseconds). */
const longest = 300_000_000;
const breath = 400_000;
/** Exchanges in one breath. */
const mostWords = 1_000;
/** A process that does not answer is no desk (ms). */
const answerMillis = 30_000;

/** Ended by what the venue answers about the orders of a start, before its statement is compared: there is nothing left to be a break. */
const answeredFirst: ReadonlySet<BreakClass> = new Set([
  'orphan',
  'lostOrder',
  'limbo',
  'cumQty',
  'orderQty',
  'leaves',
  'price',
  'venueSilent',
]);

/** The desk's process, spoken to one request at a time. */
class DeskProcess {
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;
  #hear: (reply: DeskReply | undefined) => void = () => undefined;
  readonly first: Promise<DeskReply>;

  constructor(directory: string) {
    const program = programBeside(import.meta.url, './restarted-desk');
    this.#child = fork(program.at(-1) ?? '', [directory], {
      execArgv: program.slice(0, -1),
      serialization: 'advanced',
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    this.first = this.#answer();
    this.#child.on('message', (reply: DeskReply) => this.#hear(reply));
    this.#ended = new Promise((resolve) =>
      this.#child.once('close', () => {
        this.#hear(undefined);
        resolve();
      }),
    );
  }

  #answer(): Promise<DeskReply> {
    return new Promise((resolve, reject) => {
      const guard = setTimeout(() => this.#hear(undefined), answerMillis);
      this.#hear = (reply) => {
        clearTimeout(guard);
        if (reply === undefined) reject(new Error('the desk ended without an answer'));
        else resolve(reply);
      };
    });
  }

  ask(request: DeskRequest): Promise<DeskReply> {
    const answer = this.#answer();
    this.#child.send(request);
    return answer;
  }

  kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    return this.#ended;
  }
}

/** The restarted desk between its process and the venue here. */
class RestartedDesk {
  readonly #desk: DeskProcess;
  readonly #venue: StatingVenue;
  #feedSeq = 1_000_000;
  at: number;
  state: ComparedState;
  readonly decisions: Decision[] = [];
  readonly effects: Effect[] = [];

  constructor(desk: DeskProcess, venue: StatingVenue, at: number, { state }: DeskReply) {
    this.#desk = desk;
    this.#venue = venue;
    this.at = at;
    this.state = state;
  }

  /** Takes inputs and carries effects to the venue and its words back until there are none. */
  async say(inputs: readonly Input[], until?: number): Promise<void> {
    let words = inputs;
    for (let n = 0; n < mostWords; n++) {
      const request = { inputs: words.map((input) => ({ at: this.at, input })), ...(n === 0 && until !== undefined ? { until } : {}) };
      const { effects, decisions, state } = await this.#desk.ask(request);
      if (n === 0 && until !== undefined) this.at = until;
      this.state = state;
      this.decisions.push(...decisions);
      this.effects.push(...effects);
      words = effects.flatMap((effect) => this.#venue.take(effect, micros(this.at)));
      if (words.length === 0) return;
    }
    throw new Error(`desk and venue do not come to an end in ${mostWords} words`);
  }

  async wait(by: number): Promise<void> {
    for (let left = by; left > 0; left -= breath) {
      await this.say([], this.at + Math.min(left, breath));
      await this.say([this.#mark(0), this.#mark(1)]);
    }
  }

  async settle(): Promise<void> {
    const until = this.at + longest;
    while (!(this.state.settled || this.state.dueAt === 0) && this.at < until) await this.wait(Math.max(1_000, this.state.dueAt - this.at));
  }

  async compare(): Promise<void> {
    await this.say([{ kind: 'reconcile', reason: 'person', venue: -1, every: 0 }]);
    await this.settle();
  }

  #mark(listing: number): Input {
    this.#feedSeq += 1;
    const [bid, ask, last] = [ticks(9_999), ticks(10_001), ticks(10_000)];
    const [bidQty, askQty] = [lots(1_000), lots(1_000)];
    return {
      kind: 'mark',
      listing,
      feed: 0,
      feedSeq: this.#feedSeq,
      bid,
      bidQty,
      ask,
      askQty,
      last,
      eventTime: micros(this.at),
      eventSeq: this.#feedSeq,
    };
  }
}

/** One desk, killed with a divergence behind it. @returns what is wrong. */
async function checkOne(kind: BreakClass, n: number, directory: string, hide: (venue: StatingVenue) => void): Promise<readonly string[]> {
  const faults: string[] = [];
  const must = (holds: boolean, text: string): void => void (holds || faults.push(text));
  const world = new ComparedDesk(prng(`${seed}/${kind}/${n}`));
  world.work();
  world.work();
  const planted = divergences[kind](world);
  const before = new DeskProcess(directory);
  must((await before.first).term === 1, 'the first process found a journal');
  const turns = world.desk.turns.map(({ at, input }) => ({ at, input }));
  const { state } = await before.ask({ inputs: turns });
  must(String(state.positions) === String(world.positionsHere()), 'the process has another state than the desk that it was told of');
  await before.kill();
  const { venue } = world;
  hide(venue);
  venue.canceled.length = 0;
  const there = venue.working();
  const after = new DeskProcess(directory);
  try {
    const first = await after.first;
    must(first.term === 2, `the second process has term ${first.term}`);
    must(String(first.state.working) === String(state.working), 'the orders of before are not those that the journal gives back');
    const desk = new RestartedDesk(after, venue, world.desk.at + 2_000_000, first);
    await checkRestarted(desk, venue, planted, there, must);
  } finally {
    await after.kill();
  }
  return faults;
}

type Must = (holds: boolean, text: string) => void;

async function checkRestarted(
  desk: RestartedDesk,
  venue: StatingVenue,
  planted: Planted,
  there: readonly string[],
  must: Must,
): Promise<void> {
  const kind = planted.class;
  await desk.say([{ kind: 'start', term: 2, coreDigest: 'ab'.repeat(32), text: 'the desk before it was killed' }]);
  must(desk.state.mode === 'CANCEL_ONLY', `its row is ${desk.state.mode} before the venue is compared`);
  await desk.say([{ kind: 'reconcile', reason: 'start', venue: -1, every: 0 }]);
  await desk.wait(2_000_000);
  await desk.settle();
  const found = desk.decisions.some((one) => one.kind === 'breakChanged' && one.class === kind && one.state === 'found');
  must(found || answeredFirst.has(kind), 'was not found');
  if (planted.ends === 'open' && found) must(desk.state.openBreaks.length > 0, 'is not open any more, and nobody ended it');
  if (planted.ends === 'resolved' || !found) must(desk.state.openBreaks.length === 0, `leaves ${desk.state.openBreaks.join()} open`);
  const sent = desk.decisions.filter((one) => one.kind === 'orderSent' || one.kind === 'replaceSent');
  must(sent.length === 0, `${sent.length} orders were invented`);
  // an instance that begins anew knows none of its orders: they are taken back, and none is left out or made up
  must(desk.state.working.length === 0, `here still works ${desk.state.working.join('; ')}`);
  must(venue.working().length === 0, `at the venue still works ${venue.working().join('; ')}`);
  const known = new Set([...there.map((line) => line.split(' ')[0]), ...planted.takesBack.map(String)]);
  must(
    venue.canceled.every((id) => known.has(String(id))),
    `took back ${venue.canceled.join()}, of which the venue had ${[...known].join()}`,
  );
  await checkTwice(desk, venue, must);
  planted.heal();
  await desk.compare();
  must(desk.state.openBreaks.length === 0, `stays open after the venue agrees: ${desk.state.openBreaks.join()}`);
  must(desk.state.mode === 'ACTIVE', `is ${desk.state.mode} with no break open`);
  must(
    String(desk.state.positions) === String(venue.positions),
    `holds ${String(desk.state.positions)}, the venue ${String(venue.positions)}`,
  );
}

async function checkTwice(desk: RestartedDesk, venue: StatingVenue, must: Must): Promise<void> {
  const [decided, acted] = [desk.decisions.length, desk.effects.length];
  const before = desk.state;
  const canceled = venue.canceled.length;
  await desk.compare();
  const changed = desk.decisions
    .slice(decided)
    .filter((one) => one.kind === 'breakChanged' && (one.state !== 'correcting' || one.attempts < 2));
  must(changed.length === 0, `the second comparison changed ${changed.length} breaks`);
  const effects = desk.effects.slice(acted).filter(({ kind }) => kind === 'send' || kind === 'replace' || kind === 'cancel');
  must(effects.length === 0 && venue.canceled.length === canceled, `the second comparison sent ${effects.map(({ kind }) => kind).join()}`);
  must(String(desk.state.positions) === String(before.positions), 'the second comparison moved a position');
  must(String(desk.state.openBreaks) === String(before.openBreaks), 'the second comparison left other breaks');
}

const asItIs = (): void => undefined;
const hideFills = (venue: StatingVenue): void => {
  venue.fills = [];
  venue.positions.fill(0);
};

const checks = new Checks();
const root = mkdtempSync(join(tmpdir(), 'plimsoll-reconcile-'));
const began = performance.now();
try {
  for (const kind of breakClasses) {
    const faults: string[] = [];
    for (let n = 0; n < count; n++) {
      const wrong = await checkOne(kind, n, join(root, `${kind}-${n}`), asItIs);
      faults.push(...wrong.map((text) => `${n}: ${text}`));
    }
    checks.check(`${kind}: ${count} killed desks found it and ended it as its rule says`, faults.length === 0, faults.join('\n  '));
  }
  const blind = await checkOne('unownedFill', 0, join(root, 'hidden'), hideFills);
  checks.check(
    'planted: a difference that the venue does not state is missed, and the check says so',
    blind.includes('was not found'),
    blind,
  );
  console.log(
    `${count * breakClasses.length} desks killed and restarted, seed ${seed}, ${((performance.now() - began) / 1_000).toFixed(0)} s`,
  );
} catch (error) {
  checks.check('the step came to its end', false, String(error));
} finally {
  rmSync(root, { recursive: true, force: true });
}
checks.close('reconcile-restarts');
