import { microsUnchecked } from '../../../src/base/units.ts';
import type { Input } from '../../../src/domain/input.ts';
import type { Seq } from '../../../src/domain/ids.ts';
import { createDeskView, foldDecision, foldInput, type DeskView } from '../../../src/projections/desk-view.ts';
import { Asking } from '../../../src/apps/desk/asking.ts';
import type { MarketDefinition } from '../../../src/apps/desk/definitions.ts';
import { EventLog } from '../../../src/apps/desk/event-log.ts';
import type { AskedDesk } from '../../../src/apps/verbs/ask-verb.ts';
import { admin, admin2, openDesk, trader, type RolloutDesk, type Turn } from '../../../src/testing/rollout/rollout-desk.ts';
import { canary, rung } from '../../../src/testing/rollout/rollout-specs.ts';

const market: MarketDefinition = {
  venueID: 'V',
  accountID: 'A1',
  currency: 'USD',
  instrumentID: 'X',
  assetClass: 'equity',
  listingID: 'X.V',
  symbol: 'X',
  priceUnit: '0.01',
  lot: '1',
  feedID: 'f',
};

/** The slice beside the main one: one version is in both. */
export const sideSlice = 'algo@side.USD';

/** A desk behind its doors: version 1.0.0 is in two slices, 1.1.0 in one; every command that gets through to the core is written down. */
export class DoorDesk implements AskedDesk {
  readonly view: DeskView = createDeskView();
  readonly events: EventLog;
  /** Verbs of commands that the core has stepped, without what the desk says of its people. */
  readonly stepped: string[] = [];
  /** The journal takes nothing. */
  silent = false;
  readonly #desk: RolloutDesk;
  readonly #asking: Asking;

  constructor() {
    this.events = new EventLog(this.view);
    this.#desk = openDesk(undefined, (turn) => this.#fold(turn));
    const side = { sliceID: sideSlice, algorithmID: 'algo', accountGroup: 'side', currency: 'USD', totalCapital: '1000000', reserve: '0' };
    this.#desk.order({ verb: 'setSlice', ...side }, admin, { ...admin2, roles: ['Admin'] });
    const stages = [rung(100, { minDuration: { days: 1, micros: 0 } })];
    for (const spec of [
      canary('d1', '1.0.0', { stages }),
      canary('d2', '1.0.0', { stages, sliceID: sideSlice, accountGroup: 'side' }),
      canary('d3', '1.1.0', { stages }),
    ])
      this.#desk.order({ verb: 'deploy', spec }, trader, null);
    this.#asking = new Asking({ submit: (input) => Promise.resolve(this.#submit(input)), failure: undefined }, market, []);
  }

  get core(): RolloutDesk['core'] {
    return this.#desk.core;
  }

  ask: AskedDesk['ask'] = (command, actor, approvedBy = null, said = {}) => this.#asking.ask(command, actor, approvedBy, said);

  deploy: AskedDesk['deploy'] = (spec, actor, given = {}, said = {}) => this.#asking.deploy(spec, actor, given, said);

  #submit(input: Input): Seq {
    if (this.silent) return this.view.seq;
    if (input.kind === 'command' && input.command.verb !== 'knowPeople') this.stepped.push(input.command.verb);
    const turn = this.#desk.say(input);
    for (const effect of turn.effects) this.#asking.onEffect(effect);
    return turn.seq - turn.decisions.length;
  }

  #fold({ seq, at, input, decisions }: Turn): void {
    const first = seq - decisions.length;
    foldInput(this.view, first, microsUnchecked(at), input);
    decisions.forEach((one, n) => {
      foldDecision(this.view, first + n + 1, microsUnchecked(at), one);
      this.events.take(first + n + 1, at, one);
    });
  }
}
