import type { Command } from '../../domain/command.ts';
import { risk } from '../rollout/rollout-desk.ts';
import { canary, rung } from '../rollout/rollout-specs.ts';
import { blueGreen } from '../rollout/swap-desk.ts';
import type { BoundaryDesk } from './boundary-desk.ts';

const reason = 'edge';
const minute = 60_000_000;
const promote: Command = { verb: 'promote', deploymentID: 'green', reason, waives: ['paper', 'agreement'] };

/** A version with capital, and one in its shadow that warms up for a minute. @returns the instant in which that began */
function shadow(b: BoundaryDesk): number {
  b.deploy(canary('blue', '1.0.0', { stages: [rung(1_000)] }));
  b.passTo(b.desk.at + 2 * minute, true);
  const plan = blueGreen('green', '1.0.0', '1.1.0', { autoProgress: false });
  b.deploy(plan.blueGreen === null ? plan : { ...plan, blueGreen: { ...plan.blueGreen, warmup: { days: 0, micros: minute } } });
  return b.of('swapPrepared').at(-1)?.at ?? 0;
}

/** It may be cut over in the microsecond in which it is warm, not before. */
export function warm(b: BoundaryDesk): void {
  const from = shadow(b);
  b.passTo(from + minute - 1, true);
  b.ask(promote, 'NOT_IN_THIS_PHASE');
  b.passTo(from + minute);
  b.ask(promote, 'OK');
}

const tried = (b: BoundaryDesk): number => b.host.steps.filter((step) => step === 'try').length;

/** Paused a microsecond before it is warm it has that microsecond before it when it is resumed. */
export function pausedBefore(b: BoundaryDesk): void {
  const from = shadow(b);
  b.passTo(from + minute - 1, true);
  b.by(risk, null, { verb: 'pause', deploymentID: 'green', reason }, 'OK');
  b.passTo(b.desk.at + minute, true);
  b.ask({ verb: 'resume', deploymentID: 'green', reason }, 'OK');
  if (tried(b) > 0) b.say('nothing due, and its adoption was tried a microsecond before it was warm');
  b.passTo(b.desk.at + 1);
  b.now();
  if (tried(b) !== 1) b.say(`nothing due, and its adoption was tried ${tried(b)} times when it was warm`);
}
