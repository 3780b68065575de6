import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lots, micros, ticks } from '../../src/base/units.ts';
import type { Core } from '../../src/core/core.ts';
import { step } from '../../src/core/engine.ts';
import { createOutcome } from '../../src/core/outcome.ts';
import { modeOf } from '../../src/core/risk/order-gate.ts';
import type { Decision } from '../../src/domain/decision.ts';
import type { Input } from '../../src/domain/input.ts';
import { createDecisionComparer } from '../../src/journal/diff.ts';
import { recoverDesk } from '../../src/runtime/recovery.ts';
import { nodeDisk } from '../../src/storage/file/node-disk.ts';
import { smallShape } from '../../src/testing/journal/small-journal.ts';
import { programBeside } from '../../src/testing/program-beside.ts';
import { rolloutCapacities, type Turn } from '../../src/testing/rollout/rollout-desk.ts';
import { closeStep } from './live-command.ts';
import { rolloutStory, storyNames, type StoryName } from './rollout-ends/stories.ts';

// The crash table of rollout.md, section 5: the process of a desk is ended by kill -9 at each record that decides anything in a canary, a blue/green and a
// rollback, before its commit and after it; another process recovers the journal, starts and does what the row says. `rollout-ends.ts [STORY [TURN …]]`.
const entry = programBeside(import.meta.url, './rollout-ends-desk');
/** Decisions that come with every return and restrict or give nothing. */
const quiet: ReadonlySet<string> = new Set<Decision['kind']>(['evidenceTaken', 'gateJudged']);
const seen = new Map<string, number>();
/** Above every number that the story's feed gave. */
const firstFeedSeq = 100_000;
let [points, failed] = [0, 0];

/** A desk that goes on after its recovery. */
class Revived {
  readonly decided: Decision[] = [];
  readonly core: Core;
  #seq: number;
  #at: number;

  constructor(core: Core, seq: number, at: number) {
    this.core = core;
    this.#seq = seq;
    this.#at = at;
  }

  say(input: Input): readonly Decision[] {
    const outcome = createOutcome();
    step(this.core, ++this.#seq, micros(this.#at), input, outcome);
    this.#seq += outcome.decisions.length;
    this.decided.push(...outcome.decisions);
    return outcome.decisions;
  }

  /** Both listings have a price, and their feed speaks. */
  marks(): void {
    for (const listing of [0, 1]) {
      const feedSeq = firstFeedSeq + this.#seq;
      const [at, px, qty] = [micros(this.#at), ticks(10_000), lots(1_000)];
      const quote = { bid: ticks(9_999), bidQty: qty, ask: ticks(10_001), askQty: qty, last: px };
      this.say({ kind: 'mark', listing, feed: 0, feedSeq, ...quote, eventTime: at, eventSeq: feedSeq });
    }
  }

  advance(by: number): void {
    const until = this.#at + by;
    for (let due = this.core.nextDeadline(); due !== undefined && due <= until; due = this.core.nextDeadline()) {
      this.#at = Math.max(this.#at, due);
      this.say({ kind: 'timer', deadline: due });
    }
    this.#at = until;
  }
}

function capOf({ gate }: Core, row: number): number {
  return gate.cap.hi[row] * 2 ** 48 + gate.cap.lo[row];
}

function rowOf(core: Core, version: string): number {
  return core.gate.rowIx.get(`algo@main.USD/${version}`) ?? -1;
}

async function pointOf(name: StoryName, turns: readonly Turn[], turn: number, record: number): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'plimsoll-ends-'));
  try {
    const ended = spawnSync(process.execPath, [...entry, directory, name, String(turn), String(record)], {
      encoding: 'utf8',
    });
    if (ended.signal !== 'SIGKILL') return `expected an end by SIGKILL, was ${ended.status}: ${ended.stderr.slice(0, 300)}`;
    const { coreDigest } = smallShape;
    const same = createDecisionComparer();
    const found = await recoverDesk({ disk: nodeDisk(directory), directory: 'journal', capacities: rolloutCapacities, coreDigest, same });
    if (!found.ok) return `${found.error.code} ${found.error.message}`;
    const { lastSeq } = found.value.found.end;
    const acknowledged = Number(ended.stdout) || 0;
    if (lastSeq < acknowledged) return `record ${acknowledged} was acknowledged, the journal ends with ${lastSeq}`;
    const durable = turns.filter(({ seq }) => seq <= lastSeq).flatMap(({ decisions }) => decisions);
    const desk = new Revived(found.value.core, lastSeq, found.value.at);
    return started(name, desk, durable);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** The start, and the row of the table that the last durable record names. */
function started(name: StoryName, desk: Revived, durable: readonly Decision[]): string {
  const { core } = desk;
  const before = core.gate.rows.map(({ ix }) => ({ epoch: core.gate.epoch[ix], cap: capOf(core, ix), mode: modeOf(core.gate, ix) }));
  const said = desk.say({ kind: 'start', term: core.term + 1, coreDigest: 'd'.repeat(64), text: 'killed' });
  for (const { ix } of core.gate.rows) {
    if (core.gate.epoch[ix] <= before[ix].epoch) return `row ${ix} went through a start without a new epoch`;
    const mode = modeOf(core.gate, ix);
    if (mode !== 'CANCEL_ONLY' && !(mode === 'HALTED' && before[ix].mode === 'HALTED')) return `row ${ix} is ${mode} after a start`;
  }
  const has = (kind: Decision['kind']): boolean => durable.some((one) => one.kind === kind);
  if (name === 'blueGreen' && has('swapProposed') && !has('swapCommitted') && !said.some(({ kind }) => kind === 'swapAborted'))
    return 'the abort of the swap was not recorded by the start';
  desk.marks();
  desk.say({ kind: 'venuesCompared', breaks: 0, text: 'compared' });
  for (let n = 0; n < 4; n++) {
    desk.advance(500_000);
    desk.marks();
  }
  const row = rowOf(core, '1.0.0');
  switch (name) {
    case 'canary':
      note(`canary, ${durable.filter(({ kind }) => kind === 'stageGranted').length} rungs granted`);
      return row < 0 ? '' : afterRung(desk, row, before[row].cap);
    case 'blueGreen':
      return afterSwap(core, has('swapCommitted'), row, before);
    case 'reactivation':
      return afterWaking(desk, durable, row);
    case 'rollback':
      return afterRollback(desk, durable, row);
  }
}

/** An increase that is durable is applied by replay; one that is not needs gates that are judged after the start, in the step that grants it. */
function afterRung({ core, decided }: Revived, row: number, cap: number): string {
  const granted = decided.findIndex((one) => one.kind === 'stageGranted');
  const judged = decided.slice(0, granted + 1).filter((one) => one.kind === 'gateJudged' && one.verdict === 'pass');
  if (granted >= 0 && judged.length === 0) return 'the row was granted a stage and no gate was judged after the start';
  if (granted >= 0) note('canary, granted by fresh gates after the start');
  return granted >= 0 || capOf(core, row) === cap ? '' : `the row had ${cap} and has ${capOf(core, row)}`;
}

function afterSwap(core: Core, committed: boolean, blue: number, before: readonly { readonly cap: number }[]): string {
  const green = rowOf(core, '1.1.0');
  note(committed ? 'SwapCommitted: green owns' : 'up to SwapFrozen: blue goes on');
  const [owner, other] = committed ? [green, blue] : [blue, green];
  if (capOf(core, owner) === 0 || capOf(core, owner) !== before[owner].cap) return `row ${owner} owns and has ${capOf(core, owner)}`;
  if (modeOf(core.gate, owner) !== 'ACTIVE') return `row ${owner} owns and is ${modeOf(core.gate, owner)}`;
  if (other >= 0 && (capOf(core, other) !== 0 || modeOf(core.gate, other) === 'ACTIVE'))
    return `row ${other} does not own, has ${capOf(core, other)} and is ${modeOf(core.gate, other)}`;
  return '';
}

/** Each step has its record once, before the end or after it; what was fenced stays so. */
function afterRollback({ core, decided }: Revived, durable: readonly Decision[], row: number): string {
  const steps = [...durable, ...decided].flatMap((one) => (one.kind === 'rollbackStepDone' ? [one.step] : []));
  const begun = durable.some(({ kind }) => kind === 'triggerFired');
  note(begun ? `rollback, ${durable.filter(({ kind }) => kind === 'rollbackStepDone').length} steps done` : 'RollbackStarted not durable');
  if (!begun) return modeOf(core.gate, row) === 'HALTED' ? 'the row is HALTED and no record says why' : '';
  const twice = steps.filter((one, n) => steps.indexOf(one) !== n);
  if (twice.length > 0) return `done twice: ${twice.join(', ')}`;
  if (modeOf(core.gate, row) !== 'HALTED' || capOf(core, row) !== 0)
    return `the fenced row is ${modeOf(core.gate, row)} with ${capOf(core, row)}`;
  if (core.residualLots(row) !== 0) return `the fenced row keeps ${core.residualLots(row)} lots`;
  return core.rollout.open.length === 0 ? '' : 'the rollback is still under way two seconds later';
}

/** RB5 is done once: with its record the one that stood by is at work again, without it the capital is in reserve; the fenced version stays so. */
function afterWaking(desk: Revived, durable: readonly Decision[], blue: number): string {
  const { core, decided } = desk;
  const woken = durable.some((one) => one.kind === 'rollbackStepDone' && one.step === 'RB5' && one.count === 1);
  const fault = afterRollback(desk, durable, rowOf(core, '1.1.0'));
  if (fault !== '') return fault;
  if (!durable.some(({ kind }) => kind === 'triggerFired'))
    return capOf(core, blue) === 0 ? '' : 'nobody was rolled back and the old version has capital';
  note(woken ? 'reactivated: applied by replay' : 'reactivation not durable: reserve');
  if (!woken && decided.some((one) => one.kind === 'rollbackStepDone' && one.step === 'RB5' && one.count !== 0))
    return 'a start gave capital back by itself';
  const is = `${core.rollout.lifecycle[blue]} ${modeOf(core.gate, blue)} with ${capOf(core, blue)}`;
  if (woken) return is.startsWith('Active ACTIVE') && capOf(core, blue) > 0 ? '' : `the reactivated version is ${is}`;
  return is === 'Standby SIMULATED with 0' ? '' : `the version that stands by is ${is}`;
}

function note(what: string): void {
  seen.set(what, (seen.get(what) ?? 0) + 1);
}

const [wanted, ...only] = process.argv.slice(2);
for (const name of storyNames) {
  if (wanted !== undefined && wanted !== name) continue;
  const { turns, from } = rolloutStory(name);
  for (let turn = from; turn < turns.length; turn++) {
    const loud = turns[turn].decisions.findIndex(({ kind }) => !quiet.has(kind));
    if (loud < 0 || (only.length > 0 && !only.includes(String(turn)))) continue;
    for (const record of [loud, -1]) {
      points += 1;
      const fault = await pointOf(name, turns, turn, record);
      if (fault === '') continue;
      failed += 1;
      const kinds = turns[turn].decisions.map(({ kind }) => kind).join(', ');
      console.log(`FAILED  ${name}, turn ${turn} (${kinds}), ${record < 0 ? 'durable' : `at decision ${record}`}: ${fault}`);
    }
  }
}
console.log([...seen].map(([what, n]) => `${what} ${n}`).join(' · '));
closeStep('rollout-ends', points - failed, failed);
