import { suggest } from '../base/suggest.ts';
import { isoFromMicros } from '../base/time.ts';
import { microsUnchecked, type Micros } from '../base/units.ts';
import type { Command, CommandEnvelope } from '../domain/command.ts';
import type { Core } from './core.ts';
import { aloneAbove } from './risk/size-cut.ts';
import { refuseAlone } from './rollout/authority.ts';
import { accepted, refused, type CommandOutcome } from './rollout/deploy.ts';
import { hundredthsOf, mostPoints, takeSignal, volatilitySignal } from './signals.ts';

/** A person tells a level. One above which every version's sizes are cut is told by one person; any other lifts a cut, or keeps one from coming, and takes two. */
export function tellSignal(
  core: Core,
  asked: Extract<Command, { verb: 'tellSignal' }>,
  envelope: CommandEnvelope,
  at: Micros,
): CommandOutcome {
  const { name, value } = asked;
  const knownAt = asked.knownAt ?? at;
  const why = whyNotTaken(core, name, value, knownAt, at);
  if (why !== '') return refused('SIGNAL_NOT_TAKEN', why);
  if (hundredthsOf(value) <= aloneAbove(core.risk)) {
    const alone = refuseAlone(envelope);
    if (alone !== undefined) return alone;
  }
  const { level } = core.risk.volatility;
  takeSignal(core, { kind: 'signal', name, source: envelope.actor.personID, instrument: -1, value, knownAt }, at);
  const was = level < 0 ? 'it was never told before' : `it was ${level / 100}`;
  return accepted(`${name} is ${core.risk.volatility.level / 100} of ${isoFromMicros(knownAt).slice(0, 19)}Z, ${was}`);
}

function whyNotTaken({ risk }: Core, name: string, value: number, knownAt: Micros, at: Micros): string {
  if (name !== volatilitySignal)
    return `signal: expected ${volatilitySignal}, the only one that this desk is judged by, was ${name}${suggest(name, [volatilitySignal])}`;
  if (!(value >= 0 && value <= mostPoints)) return `${name}: expected 0…${mostPoints} points, was ${value}`;
  if (knownAt > at) return `${name}: expected a level that is known by now (${isoFromMicros(at)}), was one of ${isoFromMicros(knownAt)}`;
  const last = microsUnchecked(risk.volatility.knownAt);
  return knownAt < last
    ? `${name}: expected a level not older than the last one (${isoFromMicros(last)}), was one of ${isoFromMicros(knownAt)}`
    : '';
}
