import { microsUnchecked } from '../../base/units.ts';
import type { Phase } from '../../domain/rollout.ts';
import type { PlainObject } from '../../domain/spec-parser/field-reader.ts';
import type { SpecDefaults } from '../../domain/spec-parser/spec-parser.ts';
import { createMemoryJournal } from '../../journal/memory-journal.ts';
import type { StrategyDefinition } from '../../ports/strategy.ts';
import type { DeploymentView } from '../../projections/desk-view.ts';
import { calmSource } from './calm-market.ts';
import { deskPeople } from './people.ts';
import { Session } from './session.ts';

export interface SimulationOptions {
  readonly seed: number;
  readonly strategies: readonly StrategyDefinition[];
  readonly totalCapital: string;
  readonly defaults: Partial<SpecDefaults>;
  /** Virtual microseconds after which a deployment that still goes on is left as it is. */
  readonly horizon: number;
  /** Hears how far it is, now and then. */
  readonly onProgress?: (virtualMicros: number, phase: string) => void;
}

export interface SimulatedGate {
  readonly gate: string;
  readonly verdict: string;
  readonly text: string;
}

/** How one deployment ended, and why. */
export interface SimulatedEnd {
  readonly deploymentID: string;
  readonly strategy: string;
  readonly algorithmID: string;
  readonly version: string;
  readonly phase: Phase | 'Refused';
  readonly reason: string;
  readonly stages: readonly { readonly name: string; readonly allocation: number; readonly afterMicros: number }[];
  /** What was judged last. */
  readonly gates: readonly SimulatedGate[];
  readonly orders: number;
  readonly fills: number;
}

export interface Simulation {
  /** The deployment, and those that followed it. */
  readonly ends: readonly SimulatedEnd[];
  readonly virtualMicros: number;
  /** It still went on at the horizon. */
  readonly timedOut: boolean;
}

/** A journal in memory re-derives nothing, so any digest will do. */
const noDigest = '0'.repeat(64);
const turnsPerLook = 4_096;
const looksPerWord = 64;

/** Runs a spec on the synthetic exchange, on a virtual clock and without people, until it ends: Healthy, Aborted, Degraded or Paused, or at the horizon. */
export async function simulate(spec: PlainObject, options: SimulationOptions): Promise<Simulation> {
  const { seed, strategies, totalCapital, horizon } = options;
  const source = calmSource(seed);
  const journal = createMemoryJournal({ origin: 'plimsoll', coreDigest: noDigest, term: 1, keep: false });
  const session = new Session({
    source,
    journal,
    coreDigest: noDigest,
    seed: String(seed),
    firmCapital: totalCapital,
    durability: 'group',
    strategies,
  });
  await session.open();
  await session.prepare(totalCapital);
  const answer = await session.deploy(spec, deskPeople.trader, options.defaults);
  if (!answer.accepted) {
    await session.close('the spec was refused');
    return { ends: [refusedEnd(spec, answer.code, answer.text)], virtualMicros: 0, timedOut: false };
  }
  const over = await runToEnd(session, source.startAt + horizon, options.onProgress);
  const virtualMicros = session.desk.now - source.startAt;
  await session.close('simulated to its end');
  const ends = [...session.view.deployments.values()].map((one) => endOf(session, one, source.startAt));
  return { ends, virtualMicros, timedOut: !over };
}

async function runToEnd(session: Session, until: number, onProgress: SimulationOptions['onProgress']): Promise<boolean> {
  const { desk, view } = session;
  const startAt = desk.now;
  for (let look = 1; ; look++) {
    if ([...view.deployments.values()].every(({ phase }) => isEnd(phase))) return true;
    if (desk.now >= until) return false;
    const state = await desk.advance(microsUnchecked(until), turnsPerLook, true);
    if (state !== 'running') return false;
    if (look % looksPerWord === 0) onProgress?.(desk.now - startAt, [...view.deployments.values()].map(({ phase }) => phase).join(', '));
  }
}

/** Nobody is there to resume, approve or close: these phases last. */
function isEnd(phase: Phase): boolean {
  return phase === 'Healthy' || phase === 'Aborted' || phase === 'Degraded' || phase === 'Paused';
}

function endOf(session: Session, deployment: DeploymentView, startAt: number): SimulatedEnd {
  const { deploymentID, spec, phase, reason, stages, gates, row } = deployment;
  const judged = [...gates.values()];
  const newest = Math.max(0, ...judged.map(({ atSeq }) => atSeq));
  const rowView = session.view.rows.get(row);
  return {
    deploymentID,
    strategy: spec.strategy,
    algorithmID: spec.algorithmID,
    version: spec.version,
    phase,
    reason: whyOf(session, row, phase, reason),
    stages: stages.map(({ name, allocation, at }) => ({ name, allocation: allocation / 10_000, afterMicros: at - startAt })),
    gates: judged.filter(({ atSeq }) => atSeq === newest).map(({ gate, verdict, text }) => ({ gate, verdict, text })),
    orders: rowView?.orders ?? 0,
    fills: rowView?.fills ?? 0,
  };
}

/** A rollback says what tripped it. */
function whyOf({ view }: Session, row: number, phase: Phase, reason: string): string {
  const trigger = view.rollbacks.find((one) => one.row === row)?.trigger;
  return trigger === undefined || (phase !== 'Aborted' && phase !== 'Degraded') ? reason : `${reason} by ${trigger.rule}: ${trigger.text}`;
}

function refusedEnd(spec: PlainObject, code: string, text: string): SimulatedEnd {
  const word = (name: string): string => {
    const value = spec[name];
    return typeof value === 'string' ? value : '';
  };
  return {
    deploymentID: word('deploymentId'),
    strategy: word('strategy'),
    algorithmID: word('algorithmId'),
    version: word('version'),
    phase: 'Refused',
    reason: `${code}: ${text}`,
    stages: [],
    gates: [],
    orders: 0,
    fills: 0,
  };
}
