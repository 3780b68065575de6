import type { Core } from '../../../core/core.ts';
import type { Command, Verb } from '../../../domain/command.ts';
import type { Decision, RowChanged } from '../../../domain/decision.ts';
import type { DeploymentSpec, FreezeWindows } from '../../../domain/spec.ts';
import { two48 } from './rows.ts';
import type { Count, Fold, Say, Turn } from './turn.ts';

/** A cutover may take this long (decision 0047), microseconds: it does not begin so shortly before a window. */
const cutoverMicros = 500_000;
const minute = 60_000_000;
const day = 86_400_000_000;
/** Zones of this world are at a fixed distance from UTC (microseconds). */
const offsets: Readonly<Record<string, number>> = { UTC: 0, 'UTC-05': -5 * 60 * minute };
/** Verbs that never give anything: no window may hold them. */
const restricting: ReadonlySet<string> = new Set<Verb>([
  'pause',
  'halt',
  'rollback',
  'abort',
  'kill',
  'deny',
  'pauseStrategy',
  'stopStrategy',
]);

/** Whether one of the windows holds, by the checker's own calendar: from its first instant up to and without its end. */
export function holds(windows: FreezeWindows | undefined, at: number): boolean {
  if (windows === undefined) return false;
  if (windows.dated.some(({ from, to }) => at >= from && at < to)) return true;
  const local = at + offsets[windows.zone];
  // 1970 began with a Thursday
  const [weekday, inDay] = [(Math.floor(local / day) + 4) % 7, local % day];
  return windows.weekly.some(({ days, from, to }) => days.includes(weekday) && inDay >= from * minute && inDay < to * minute);
}

interface Frozen {
  readonly spec: DeploymentSpec;
  readonly row: number;
}

/**
 * FREEZE (decision 0047), from specs, inputs and records alone: inside a window of its deployment no version gets more capital and nothing is cut over, whoever asks; what restricts, and what a rollback gives
 * back to a standby, passes; and nobody is refused for a window that does not hold.
 */
export class FreezeFacts implements Fold {
  readonly #count: Count;
  readonly #deployments = new Map<number, Frozen>();
  /** Deployment that a row serves. */
  readonly #serves = new Map<number, Frozen>();
  readonly #swaps = new Map<number, DeploymentSpec>();
  readonly #caps = new Map<number, number>();
  readonly #answered = new Set<string>();

  constructor(count: Count) {
    this.#count = count;
  }

  take(turn: Turn, _core: Core | undefined, say: Say): void {
    const { decisions } = turn;
    let grown: RowChanged[] | undefined;
    for (const decision of decisions) {
      if (decision.kind === 'rowChanged') {
        if (this.#grows(decision)) (grown ??= []).push(decision);
      } else this.#decided(decision, turn, say);
    }
    for (const changed of grown ?? []) this.#mayGrow(changed, turn, say);
  }

  #grows({ row, cap }: RowChanged): boolean {
    const [before, now] = [this.#caps.get(row) ?? 0, cap.hi * two48 + cap.lo];
    this.#caps.set(row, now);
    return now > before;
  }

  #mayGrow({ row, reason }: RowChanged, { decisions, at }: Turn, say: Say): void {
    const serves = this.#serves.get(row);
    if (serves === undefined || !holds(serves.spec.freeze, at)) return;
    // the end of a rollback gives back what it has freed (RB5)
    if (decisions.some((one) => one.kind === 'lifecycleChanged' && one.row === row && one.from === 'Standby' && one.to === 'Active'))
      return;
    say('FREEZE', `row ${row} of ${serves.spec.deploymentID} got more capital inside a freeze window: ${reason}`);
  }

  #decided(decision: Decision, { input, at }: Turn, say: Say): void {
    switch (decision.kind) {
      case 'deploymentProposed':
        this.#deployments.set(decision.deployment, decision);
        this.#serves.set(decision.row, decision);
        return;
      case 'swapProposed': {
        const spec = this.#deployments.get(decision.deployment)?.spec;
        if (spec !== undefined) this.#swaps.set(decision.swap, spec);
        return;
      }
      case 'stageGranted': {
        const spec = this.#deployments.get(decision.deployment)?.spec;
        if (decision.stage < 0 || spec?.freeze === undefined) return;
        this.#count('FREEZE granted');
        if (holds(spec.freeze, at)) say('FREEZE', `${spec.deploymentID} was granted stage ${decision.stage} inside a freeze window`);
        return;
      }
      case 'swapFrozen':
      case 'swapCommitted': {
        const spec = this.#swaps.get(decision.swap);
        if (spec?.freeze === undefined) return;
        this.#count('FREEZE cutovers');
        const soon = decision.kind === 'swapFrozen' && holds(spec.freeze, at + cutoverMicros);
        if (soon || holds(spec.freeze, at))
          say('FREEZE', `${decision.kind} of ${spec.deploymentID} ${soon ? 'shortly before' : 'inside'} a freeze window`);
        return;
      }
      case 'gateJudged':
        if (decision.gate === 'freezeWindow') this.#judged(decision.deployment, decision.verdict, at, say);
        return;
      case 'commandAnswered':
        // a key that comes again gets its first answer again, whatever the time
        if (decision.code !== 'FREEZE_WINDOW' || input.kind !== 'command' || this.#answered.has(decision.commandID)) return;
        this.#answered.add(decision.commandID);
        this.#refused(input.command, at, say);
        return;
      default:
        return;
    }
  }

  #judged(deployment: number, verdict: string, at: number, say: Say): void {
    const spec = this.#deployments.get(deployment)?.spec;
    if (spec === undefined) return;
    this.#count(`FREEZE ${verdict}`);
    // a cutover waits from half a second before a window on
    const held = holds(spec.freeze, at) || (spec.blueGreen !== null && holds(spec.freeze, at + cutoverMicros));
    if ((verdict === 'pass') === held)
      say('FREEZE', `the freeze window of ${spec.deploymentID} was judged ${verdict}, it ${held ? 'holds' : 'does not hold'}`);
  }

  #refused(command: Command, at: number, say: Say): void {
    this.#count('FREEZE refused');
    if (restricting.has(command.verb)) say('FREEZE', `${command.verb} restricts and was refused for a freeze window`);
    if (!this.#specsOf(command).some((spec) => holds(spec.freeze, at)))
      say('FREEZE', `${command.verb} was refused for a freeze window that does not hold`);
  }

  #specsOf(command: Command): readonly DeploymentSpec[] {
    if (command.verb === 'deploy') return [command.spec];
    if ('deploymentID' in command)
      return [...this.#deployments.values()].map(({ spec }) => spec).filter(({ deploymentID }) => deploymentID === command.deploymentID);
    const served = [...this.#serves.values()].map(({ spec }) => spec);
    if (command.verb === 'setSlice') return served.filter(({ sliceID }) => sliceID === command.sliceID);
    if (command.verb !== 'allocate') return [];
    return served.filter(({ version }) => version === command.version);
  }
}
