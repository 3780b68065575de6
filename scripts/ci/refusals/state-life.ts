import { ok, err, type Result } from '../../../src/base/result.ts';
import { prng, type Prng } from '../../../src/base/prng.ts';
import type { StrategyDefinition, StrategyInstance } from '../../../src/ports/strategy.ts';
import type { ThreadOrder, World, WorldThread } from '../../../src/ports/world.ts';
import { stateFaults } from '../../../src/runtime/handover/round-trip.ts';
import { Refusal } from '../../../src/apps/desk/exit-codes.ts';
import { refuseStates } from '../../../src/apps/desk/registration.ts';
import { Simulator } from '../../../src/apps/up/simulate-order.ts';
import { VirtualTimers } from './virtual-timers.ts';

/** What is wrong with a state that two versions hand to each other, up and down; '' = nothing. */
const flaws = [
  '',
  'refuses its own',
  'loses a byte of its own',
  'throws',
  'exports nothing any more',
  'refuses the earlier',
  'refuses the way back',
  'refuses what comes up again',
  'changes what comes up again',
  'no bytes',
  'no schema',
  'too large',
  'as large as it may',
  'exports nothing',
] as const;
type Flaw = (typeof flaws)[number];
const sound: readonly Flaw[] = ['', 'as large as it may', 'exports nothing'];
const largest = 1_048_576;

const instanceOf = (schema: unknown, bytes: unknown): StrategyInstance =>
  ({ exportState: () => ({ schema, bytes }) }) as unknown as StrategyInstance;

function stateOf(flaw: Flaw, schema: string): StrategyInstance {
  if (flaw === 'exports nothing') return {};
  if (flaw === 'no bytes') return instanceOf(schema, 'bytes');
  if (flaw === 'no schema') return instanceOf(7, new Uint8Array([1]));
  if (flaw === 'too large' || flaw === 'as large as it may')
    return instanceOf(schema, new Uint8Array(largest + (flaw === 'too large' ? 1 : 0)));
  return instanceOf(schema, new Uint8Array([1, 2, 3]));
}

/** The later of two versions takes states of `c/1` and of its own; the earlier takes both too, unless that is what is wrong. */
function versionOf(version: string, schema: string, flaw: Flaw, later: boolean): StrategyDefinition {
  let taken = 0;
  const migrate = (_parameters: unknown, from: string, bytes: Uint8Array): Result<StrategyInstance, string> => {
    const own = from === schema;
    if (flaw === 'throws') throw new Error('planted');
    if (own && flaw === 'refuses its own') return err('planted');
    if (flaw === 'exports nothing any more') return ok({});
    if (!own && later && flaw === 'refuses the earlier') return err('planted');
    if (!own && !later && flaw === 'refuses the way back') return err('planted');
    if (!own && later && flaw === 'refuses what comes up again' && ++taken > 1) return err('planted');
    const less = (own && flaw === 'loses a byte of its own') || (!own && !later && flaw === 'changes what comes up again');
    return ok(instanceOf(flaw === 'no schema' ? 7 : schema, less ? bytes.slice(1) : bytes));
  };
  const create = (): StrategyInstance => stateOf(flaw, schema);
  return { name: 'c', version, parameters: {}, parse: () => ok({}), create, migrate };
}

/** A thread that says what it is told to, when it is told to. */
class ToldThread implements WorldThread {
  readonly order: ThreadOrder;
  say: (message: unknown) => void = () => undefined;
  die: (why: string) => void = () => undefined;

  constructor(order: ThreadOrder) {
    this.order = order;
  }

  post(): void {
    throw new Error('nobody talks to it');
  }

  onMessage(listener: (message: unknown) => void): void {
    this.say = listener;
  }

  onEnd(listener: (why: string) => void): void {
    this.die = listener;
  }

  end(): Promise<void> {
    return Promise.resolve();
  }
}

/** One life of what runs on threads of its own before or beside a desk: versions that are registered, and specs that are simulated. */
export class StateLife {
  readonly codes = new Map<string, number>();
  readonly #luck: Prng;
  #thread: ToldThread | undefined;
  readonly #world: World = { spawn: (order) => (this.#thread = new ToldThread(order)) };

  constructor(seed: number) {
    this.#luck = prng(`states ${seed}`);
  }

  /** @returns '' or the first thing that is wrong. */
  async run(): Promise<string> {
    const timers = new VirtualTimers();
    try {
      for (let n = 0; n < 12; n++) {
        const wrong = this.#luck.int(2) === 0 ? await this.#registered(timers) : await this.#simulated(timers);
        if (wrong !== '') return `step ${n}: ${wrong}`;
      }
      return '';
    } catch (error) {
      return `thrown: ${error instanceof Error ? error.message : String(error)}`;
    } finally {
      timers.end();
    }
  }

  async #registered(timers: VirtualTimers): Promise<string> {
    const luck = this.#luck;
    // a large state takes its time
    const flaw = luck.int(40) === 0 ? flaws[11 + luck.int(2)] : [...flaws.slice(0, 11), flaws[13]][luck.int(12)];
    const ofEarlier = ['refuses the way back', 'changes what comes up again'].includes(flaw);
    const versions = [versionOf('1.0.0', 'c/1', ofEarlier ? flaw : '', false), versionOf('1.1.0', 'c/2', ofEarlier ? '' : flaw, true)];
    const silent = luck.int(6);
    const late = silent === 0 ? luck.int(2) : 0;
    const due = silent < 2 ? (silent === 0 && late === 0 ? '' : 'STATE_NOT_MIGRATED') : sound.includes(flaw) ? '' : 'STATE_NOT_MIGRATED';
    let code = 'NO_ANSWER';
    const done = refuseStates(
      this.#world,
      versions.map(({ name, version }) => ({ name, version, module: 'file:///none' })),
    ).then(
      () => (code = 'OK'),
      (error: unknown) =>
        (code = error instanceof Refusal && error.message.includes('STATE_NOT_MIGRATED') ? 'STATE_NOT_MIGRATED' : String(error)),
    );
    // a thread that answers in the last millisecond has answered in time
    if (silent === 0) {
      timers.advance(registrationWithin - 1 + late);
      this.#thread?.say({ faults: [] });
    } else if (silent === 1) this.#thread?.die(luck.int(2) === 0 ? '' : 'planted');
    else this.#thread?.say({ faults: stateFaults(versions) });
    await settled(done);
    this.#count(code);
    return code === (due === '' ? 'OK' : due)
      ? ''
      : `${silent < 2 ? 'a thread' : flaw}: ${due === '' ? 'nothing' : due} due, and the answer was ${code}`;
  }

  async #simulated(timers: VirtualTimers): Promise<string> {
    const luck = this.#luck;
    const simulator = new Simulator(this.#world);
    const order = { spec: {}, seed: 7, horizon: 1, totalCapital: '1', defaults: {} };
    const heard: string[] = [];
    const hear = (reply: { readonly kind: string; readonly code?: string }): void => void heard.push(reply.code ?? reply.kind);
    const first = simulator.run(order).then(hear);
    const thread = this.#thread;
    if (luck.int(3) === 0) {
      await settled(simulator.run(order).then(hear));
      if (heard.join() !== 'DESK_BUSY') return `a second simulation: DESK_BUSY due, and the answer was ${heard.join() || 'none'}`;
      heard.length = 0;
    }
    const dice = luck.int(5);
    const due = ['done', 'done', 'SIMULATION_TOO_LONG', 'SIMULATION_FAILED', 'SIMULATION_FAILED'][dice];
    // the last millisecond of the minute is within it
    timers.advance(dice === 1 ? simulatedWithin - 1 : dice === 2 ? simulatedWithin : 5);
    if (dice < 2) thread?.say({ kind: 'simulated', result: {} });
    else if (dice === 3) thread?.say({ kind: 'failed', text: 'planted' });
    else if (dice === 4) thread?.die(luck.int(2) === 0 ? '' : 'planted');
    await settled(first);
    this.#count(heard.join());
    return heard.join() === due
      ? ''
      : `a simulation: ${due === 'done' ? 'nothing' : due} due, and the answer was ${heard.join() || 'none'}`;
  }

  #count(code: string): void {
    this.codes.set(code, (this.codes.get(code) ?? 0) + 1);
  }
}

/** Milliseconds that the round trips may take, and a simulation over the API (docs/reference/errors.md: a minute). */
const registrationWithin = 20_000;
const simulatedWithin = 60_000;

/** A few turns of the event loop: what has an answer by then has it. */
async function settled(done: Promise<unknown>): Promise<void> {
  void done;
  for (let n = 0; n < 8; n++) await Promise.resolve();
}
