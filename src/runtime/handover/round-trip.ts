import type { ParameterValues, StrategyDefinition } from '../../ports/strategy.ts';
import { exportedState, type BareState } from '../exported-state.ts';
import { thrownText } from '../thrown-text.ts';

/** A version whose state does not come through. */
export interface StateFault {
  readonly name: string;
  readonly version: string;
  readonly text: string;
}

/**
 * What is owed at registration (rollout.md 1): a version that exports state takes its own back byte by byte, and hands it up and down between itself and every version of
 * its algorithm before it, so that what went down comes up again as it was. Tried with the parameters' defaults, on what a fresh instance exports. A version that exports nothing owes nothing:
 * handing over to it or from it is refused by name. Whatever the code throws is a fault of the version.
 * @param offered in the order in which they are registered
 */
export function stateFaults(offered: readonly StrategyDefinition[]): readonly StateFault[] {
  return offered.flatMap((later, n) => {
    const { name, version } = later;
    const earlier = offered.slice(0, n).filter((one) => one.name === name);
    const text = attempt(() => ownFault(later) || (earlier.map((one) => pairFault(one, later)).find((fault) => fault !== '') ?? ''));
    return text === '' ? [] : [{ name, version, text }];
  });
}

function attempt(work: () => string): string {
  try {
    return work();
  } catch (error) {
    return `it threw: ${thrownText(error)}`;
  }
}

interface Offer {
  readonly definition: StrategyDefinition;
  readonly parameters: ParameterValues;
}

function offerOf(definition: StrategyDefinition): Offer {
  const parsed = definition.parse({});
  if (!parsed.ok) throw new RangeError(parsed.error.join('; '));
  return { definition, parameters: parsed.value };
}

function fresh({ definition, parameters }: Offer): BareState | undefined {
  return exportedState(definition.create(parameters), noEvent);
}

const noEvent = 0;

/** What a version makes of a state: its own export of it, or why it takes none. */
function through({ definition, parameters }: Offer, from: BareState, what: string): BareState | string {
  const taken = definition.migrate(parameters, from.schema, from.bytes.slice());
  if (!taken.ok) return `${what} is refused: ${taken.error}`;
  return exportedState(taken.value, noEvent) ?? `${what} is taken, and no state is exported any more: there would be no way back`;
}

function ownFault(definition: StrategyDefinition): string {
  const offer = offerOf(definition);
  const state = fresh(offer);
  if (state === undefined) return '';
  const back = through(offer, state, `its own state of schema ${state.schema}`);
  if (typeof back === 'string') return back;
  return isSame(state, back) ? '' : `its own state comes back changed: ${changedText(state, back)}`;
}

function pairFault(earlier: StrategyDefinition, later: StrategyDefinition): string {
  const [low, high] = [offerOf(earlier), offerOf(later)];
  const [old, own] = [fresh(low), fresh(high)];
  if (old === undefined || own === undefined) return '';
  const up = through(high, old, `the state of ${earlier.version} (${old.schema})`);
  if (typeof up === 'string') return up;
  const down = through(low, up, `${earlier.version} is the way back: its own state (${up.schema})`);
  if (typeof down === 'string') return down;
  const again = through(high, down, `what ${earlier.version} gives back (${down.schema})`);
  if (typeof again === 'string') return again;
  return isSame(up, again) ? '' : `a state that went down to ${earlier.version} comes up changed: ${changedText(up, again)}`;
}

function isSame(a: BareState, b: BareState): boolean {
  return a.schema === b.schema && a.bytes.length === b.bytes.length && a.bytes.every((byte, n) => byte === b.bytes[n]);
}

function changedText(was: BareState, is: BareState): string {
  if (was.schema !== is.schema) return `schema ${was.schema}, then ${is.schema}`;
  const at = was.bytes.findIndex((byte, n) => byte !== is.bytes[n]);
  return `${was.bytes.length} bytes, then ${is.bytes.length}, apart at byte ${at < 0 ? was.bytes.length : at}`;
}
