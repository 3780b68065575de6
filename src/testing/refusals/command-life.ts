import { prng } from '../../base/prng.ts';
import { rolloutCapacities, type Step } from '../rollout/rollout-desk.ts';
import { CommandScenes } from './command-scenes.ts';
import { commandThemes, type CommandTheme } from './command-themes.ts';
import { JudgedDesk } from './judged-desk.ts';

/** One random life of a desk with people who ask for what they should not, in every phase; every answer to a command and every answer to an intent is compared with what is due. */
export class CommandLife {
  readonly theme: CommandTheme;
  readonly #judged: JudgedDesk;
  readonly #scenes: CommandScenes;

  constructor(seed: number, step?: Step) {
    this.theme = commandThemes[seed % commandThemes.length];
    const luck = prng(`commands ${seed}`);
    const small = this.theme === 'crowd' || this.theme === 'orders';
    const capacities = {
      ...rolloutCapacities,
      ...(small ? { orders: { ...rolloutCapacities.orders, openOrders: 8 } } : {}),
      risk: { ...rolloutCapacities.risk, ...(this.theme === 'crowd' ? { slices: 3, rows: 8 } : {}) },
    };
    this.#judged = new JudgedDesk(luck.int(3) === 0 ? '895000' : '100000', capacities, step);
    this.#scenes = new CommandScenes(this.theme, this.#judged.desk, luck);
  }

  get codes(): ReadonlyMap<string, number> {
    return this.#judged.codes;
  }

  get accepted(): number {
    return this.#judged.accepted;
  }

  get asked(): number {
    return this.#judged.asked;
  }

  /** @returns '' or the first thing that is wrong. */
  run(actions: number): string {
    const judged = this.#judged;
    for (let n = 0; n < actions; n++) {
      try {
        if (n === 0) this.#scenes.begin();
        this.#scenes.act();
      } catch (error) {
        judged.say(`thrown: ${error instanceof Error ? error.message : String(error)}`);
      }
      const { wrong } = judged;
      if (wrong !== '') return `${this.theme}, action ${n}: ${wrong}`;
    }
    return '';
  }
}
