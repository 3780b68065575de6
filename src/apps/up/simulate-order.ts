import type { PlainObject } from '../../domain/spec-parser/field-reader.ts';
import type { SpecDefaults } from '../../domain/spec-parser/spec-parser.ts';
import type { DeskReply } from '../../ports/desk.ts';
import type { World, WorldThread } from '../../ports/world.ts';
import { moduleBeside } from '../../runtime/threads.ts';
import type { Simulation } from '../desk/simulate.ts';

export interface SimulationOrder {
  readonly spec: PlainObject;
  readonly seed: number;
  /** Virtual microseconds. */
  readonly horizon: number;
  readonly totalCapital: string;
  readonly defaults: Partial<SpecDefaults>;
}

export type SimulationSaid =
  { readonly kind: 'simulated'; readonly result: Simulation } | { readonly kind: 'failed'; readonly text: string };

/** One simulation of a desk's API takes at most this long (ms on the wall) and this much heap, and there is one at a time: the desk comes first. */
export const simulationMillis = 60_000;
const heapMebibytes = 512;

const entry = moduleBeside(import.meta.url, './simulate-thread');

/** Runs specs on a thread of their own, one at a time. */
export class Simulator {
  readonly #world: World;
  #thread: WorldThread | undefined;

  constructor(world: World) {
    this.#world = world;
  }

  run(order: SimulationOrder): Promise<DeskReply> {
    if (this.#thread !== undefined)
      return Promise.resolve({ kind: 'refused', code: 'DESK_BUSY', text: 'one simulation at a time: another one is under way' });
    const thread = this.#world.spawn({ name: 'simulation', entry, data: order, heapMebibytes });
    this.#thread = thread;
    return new Promise((resolve) => {
      const settle = (reply: DeskReply): void => {
        clearTimeout(late);
        this.#thread = undefined;
        thread.end().catch(() => undefined);
        resolve(reply);
      };
      const tooLong = `expected an end within ${simulationMillis / 1_000} s: plimsoll sim -f SPEC takes the time that it needs`;
      const late = setTimeout(() => settle({ kind: 'refused', code: 'SIMULATION_TOO_LONG', text: tooLong }), simulationMillis);
      thread.onMessage((message) => {
        const said = message as SimulationSaid;
        settle(
          said.kind === 'simulated'
            ? { kind: 'done', body: { seed: order.seed, ...said.result } }
            : { kind: 'refused', code: 'SIMULATION_FAILED', text: said.text },
        );
      });
      thread.onEnd((why) =>
        settle({ kind: 'refused', code: 'SIMULATION_FAILED', text: why === '' ? 'the simulation ended without an answer' : why }),
      );
    });
  }

  /** Ends what is under way. */
  async end(): Promise<void> {
    await this.#thread?.end();
  }
}
