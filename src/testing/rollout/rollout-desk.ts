import { lots, micros, ticks, type Micros } from '../../base/units.ts';
import { createCore, type Core, type CoreCapacities } from '../../core/core.ts';
import { step as coreStep } from '../../core/engine.ts';
import { createOutcome } from '../../core/outcome.ts';
import type { Actor } from '../../domain/actor.ts';
import type { Command } from '../../domain/command.ts';
import type { Decision } from '../../domain/decision.ts';
import type { Effect } from '../../domain/effect.ts';
import type { HostEvent, Input, Intent, Mark, Registration } from '../../domain/input.ts';
import { blankReport, type Report } from '../../domain/report.ts';
import type { DeploymentSpec } from '../../domain/spec.ts';

/** One input with what came of it. */
export interface Turn {
  readonly seq: number;
  readonly at: Micros;
  readonly input: Input;
  readonly decisions: readonly Decision[];
  readonly effects: readonly Effect[];
}

export type Step = typeof coreStep;

export const startAt = 1_700_000_000_000_000;
export const risk: Actor = { personID: 'rita', roles: ['RiskManager'] };
export const senior: Actor = { personID: 'sam', roles: ['SeniorManagement'] };
export const senior2: Actor = { personID: 'sue', roles: ['SeniorManagement', 'RiskManager'] };
export const admin: Actor = { personID: 'ada', roles: ['Admin'] };
export const admin2: Actor = { personID: 'abe', roles: ['Admin', 'RiskManager'] };
export const trader: Actor = { personID: 'tom', roles: ['Trader'] };
export const sliceID = 'algo@main.USD';
/** Feeds are stale for results after this long (microseconds). */
export const staleAfter = 1_000_000;

/** Room for one slice and what a script does with it: a life begins in no time. */
export const rolloutCapacities: CoreCapacities = {
  listings: 16,
  orders: { openOrders: 1_024, closedOrders: 4_096, execIDs: 4_096, rows: 64, listings: 16 },
  risk: { slices: 8, rows: 64, openOrders: 2_048, routes: 2_048, cells: 8_192, duplicates: 4_096, orderLog: 4_096 },
};

/** The core behind `step` and a clock that gives it its timers, as a sequencer on a virtual clock does. */
export class RolloutDesk {
  readonly core: Core;
  readonly turns: Turn[] = [];
  readonly tags: number[] = [];
  at = startAt;
  readonly #step: Step;
  readonly #watch: (turn: Turn, desk: RolloutDesk) => void;
  #seq = 0;
  #feedSeq = 0;
  #commands = 0;

  constructor(
    step: Step = coreStep,
    watch: (turn: Turn, desk: RolloutDesk) => void = () => undefined,
    capacities: CoreCapacities = rolloutCapacities,
  ) {
    this.core = createCore(1, capacities);
    this.#step = step;
    this.#watch = watch;
  }

  say(input: Input): Turn {
    const outcome = createOutcome();
    this.#seq += 1;
    const at = micros(this.at);
    this.#step(this.core, this.#seq, at, input, outcome);
    this.#seq += outcome.decisions.length;
    const turn = { seq: this.#seq, at, input, decisions: outcome.decisions, effects: outcome.effects };
    this.turns.push(turn);
    this.#watch(turn, this);
    return turn;
  }

  /** Moves the clock, with every timer that becomes due on the way. @throws when deadlines do not move (livelock). */
  advance(by: number, dead: { readonly limit: number } = { limit: 10_000 }): void {
    const until = this.at + by;
    for (let n = 0; ; n++) {
      const due = this.core.nextDeadline();
      if (due === undefined || due > until) break;
      if (n >= dead.limit) throw new Error(`livelock: ${n} timers and the next deadline is still ${due}`);
      this.at = Math.max(this.at, due);
      this.say({ kind: 'timer', deadline: due });
    }
    this.at = until;
  }

  order(
    command: Command,
    actor: Actor = risk,
    approvedBy: Actor | null = senior2,
    commandID = `c${++this.#commands}`,
    expectedRevision: number | null = null,
  ): Turn {
    return this.say({ kind: 'command', commandID, actor, approvedBy, expectedRevision, command });
  }

  mark(listing: number, mid = 10_000, feed = 0): Turn {
    this.#feedSeq += 1;
    const mark: Mark = {
      kind: 'mark',
      listing,
      feed,
      feedSeq: this.#feedSeq,
      bid: ticks(mid - 1),
      bidQty: lots(1_000),
      ask: ticks(mid + 1),
      askQty: lots(1_000),
      last: ticks(mid),
      eventTime: micros(this.at),
      eventSeq: this.#feedSeq,
    };
    return this.say(mark);
  }

  host(row: number, event: HostEvent): Turn {
    return this.say({ kind: 'host', row, event, eventSeq: 0, text: event });
  }

  /** A limit order with the epoch that the row has now, unless told otherwise. */
  intent(row: number, side: 'buy' | 'sell', qty: number, more: Partial<Intent> = {}): Turn {
    const tag = (this.tags[row] ?? 0) + 1;
    this.tags[row] = tag;
    return this.say({ ...blankIntent(this, row, tag), side, orderQty: lots(qty), price: ticks(side === 'buy' ? 10_001 : 9_999), ...more });
  }

  rowOf(version: string): number {
    return this.core.gate.rowIx.get(`${sliceID}/${version}`) ?? -1;
  }

  phaseOf(deploymentID: string): string {
    const ix = this.core.rollout.byID.get(deploymentID) ?? -1;
    return this.core.rollout.deployments[ix]?.phase ?? 'none';
  }

  /** Deploys, loads and warms up a version: it is at its first rung, or on paper. */
  deploy(spec: DeploymentSpec): number {
    const answer = answerOf(this.order({ verb: 'deploy', spec }, trader));
    if (answer.code !== 'OK') throw new Error(`${answer.code}: ${answer.text}`);
    const row = this.rowOf(spec.version);
    this.host(row, 'loaded');
    this.host(row, 'warmed');
    return row;
  }
}

function blankIntent(desk: RolloutDesk, row: number, tag: number): Intent {
  return {
    kind: 'intent',
    action: 'new',
    row,
    tag,
    targetTag: 0,
    eventSeq: tag,
    epoch: desk.core.gate.epoch[row],
    listing: 0,
    side: 'buy',
    ordType: 'limit',
    timeInForce: 'day',
    orderQty: lots(0),
    price: ticks(0),
    stopPx: ticks(0),
    targetPx: ticks(0),
    trailOffset: 0,
    expireTime: micros(0),
    postOnly: false,
    reduceOnly: false,
    parentOrderID: 0,
    decisionAt: micros(desk.at),
    arrivalBid: ticks(9_999),
    arrivalAsk: ticks(10_001),
    reason: 'test',
    compliance: '',
  };
}

/** The answer to the turn's command. */
export function answerOf(turn: Turn): { readonly code: string; readonly text: string } {
  for (const decision of turn.decisions) if (decision.kind === 'commandAnswered') return decision;
  return { code: 'NO_ANSWER', text: '' };
}

/** Orders that the turn sent. */
export function sentOf(turn: Turn): readonly number[] {
  return turn.decisions.flatMap((one) => (one.kind === 'orderSent' ? [one.order.clOrdID] : []));
}

/** Denial codes of the turn. */
export function denialsOf(turn: Turn): readonly string[] {
  return turn.decisions.flatMap((one) => (one.kind === 'orderDenied' ? [one.code] : []));
}

export function reportOf(desk: RolloutDesk, clOrdID: number, listing: number, more: Partial<Report>): Report {
  return {
    ...blankReport,
    venue: 0,
    listing,
    clOrdID,
    orderID: `v${clOrdID}`,
    execID: `e${desk.turns.length}`,
    transactTime: micros(desk.at),
    ...more,
  };
}

/** A desk with two listings on one feed, a slice of 1,000,000 USD with 100,000 of reserve, and the versions 1.0.0 to 1.3.0. @param scale how many times as much all money is */
export function openDesk(
  step?: Step,
  watch?: (turn: Turn, desk: RolloutDesk) => void,
  reserve = '100000',
  capacities?: CoreCapacities,
  scale = 1,
): RolloutDesk {
  const desk = new RolloutDesk(step, watch, capacities);
  desk.say({
    kind: 'genesis',
    firm: 'test',
    currency: 'USD',
    firmCapital: String(1_000_000_000 * scale),
    durability: 'os',
    clock: 'virtual',
    coreDigest: 'd'.repeat(64),
    seed: 'test',
  });
  for (const registration of registrations(scale)) desk.say(registration);
  for (const version of ['1.0.0', '1.1.0', '1.2.0', '1.3.0'])
    desk.order({ verb: 'registerVersion', algorithmID: 'algo', version, artifactDigest: 'a'.repeat(64) }, admin);
  const slice = {
    verb: 'setSlice',
    sliceID,
    algorithmID: 'algo',
    accountGroup: 'main',
    currency: 'USD',
    totalCapital: String(1_000_000 * scale),
    reserve: scale === 1 ? reserve : String(Number(reserve) * scale),
  } as const;
  const answer = answerOf(desk.order(slice, admin, { ...admin2, roles: ['Admin'] }));
  if (answer.code !== 'OK') throw new Error(answer.text);
  desk.mark(0);
  desk.mark(1);
  return desk;
}

/** A second venue `W` with an account `B1`, where the first instrument is listed too. */
export function openVenueW(desk: RolloutDesk): void {
  const [venue] = desk.core.registry.venues;
  const { listing } = desk.core.registry.listings[0];
  desk.say({ kind: 'register', what: 'venue', venue: { ...venue, venueID: 'W' } });
  desk.say(cashAccount('B1', 'W'));
  desk.say({ kind: 'register', what: 'listing', listing: { ...listing, listingID: 'X.W', venueID: 'W' } });
}

/** An account of the group of every slice here that asks for all of what it holds. */
export function cashAccount(accountID: string, venueID: string): Registration {
  return { kind: 'register', what: 'account', account: { accountID, venueID, accountGroup: 'main', margin: { kind: 'cash' } } };
}

/** Currency, two instruments with a listing each at venue V, an account there, and a feed that is stale after a second. */
export function registrations(scale = 1): readonly Registration[] {
  const listing = (id: string, calendar: string): Registration => ({
    kind: 'register',
    what: 'listing',
    listing: {
      listingID: `${id}.V`,
      instrumentID: id,
      venueID: 'V',
      symbol: id,
      priceUnit: '0.01',
      tickTable: [],
      lot: '1',
      multiplier: String(scale),
      calendar,
    },
  });
  return [
    { kind: 'register', what: 'currency', currency: { code: 'USD', exponent: 6, feeDecimals: 2 } },
    { kind: 'register', what: 'instrument', instrument: { instrumentID: 'X', assetClass: 'equity', currency: 'USD', baseUnit: '1' } },
    { kind: 'register', what: 'instrument', instrument: { instrumentID: 'Y', assetClass: 'equity', currency: 'USD', baseUnit: '1' } },
    {
      kind: 'register',
      what: 'venue',
      venue: {
        venueID: 'V',
        simulated: false,
        capabilities: {
          ordTypes: ['market', 'limit', 'stop', 'stopLimit', 'trailingStop', 'bracket'],
          timesInForce: ['day', 'gtc', 'ioc', 'fok', 'gtd'],
          postOnly: true,
          reduceOnly: true,
          replace: 'atomic',
          massCancel: true,
          deadManSwitch: 'none',
          selfMatchID: true,
          queryByClOrdID: true,
          throttlePerSecond: 0,
        },
      },
    },
    cashAccount('A1', 'V'),
    listing('X', 'ALWAYS'),
    listing('Y', 'ALWAYS'),
    { kind: 'register', what: 'feed', feedID: 'f', staleAfterPnl: micros(staleAfter), staleAfterDrawdown: micros(5_000_000) },
  ];
}
