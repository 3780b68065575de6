import { fromSafe, splitZero, toBigInt } from '../../base/split.ts';
import { addMicros, lots, micros, microsUnchecked, ticks, type Micros } from '../../base/units.ts';
import { createCore, smallCoreCapacities, type Core } from '../../core/core.ts';
import { rowPnlIn } from '../../core/positions/valuation.ts';
import type { Command } from '../../domain/command.ts';
import type { Decision } from '../../domain/decision.ts';
import type { Input, Registration } from '../../domain/input.ts';
import type { Instrument, Listing } from '../../domain/instrument.ts';
import type { Bar } from '../../domain/market.ts';
import { parseSpec } from '../../domain/spec-parser/spec-parser.ts';
import { createMemoryJournal } from '../../journal/memory-journal.ts';
import type { StrategyDefinition } from '../../ports/strategy.ts';
import { ThreadHost } from '../../runtime/thread-host.ts';
import { VirtualDesk } from '../../runtime/virtual-desk.ts';
import { BarVenue, barCapabilities } from '../../venues/simulated/bar-venue.ts';

export type FillBooked = Extract<Decision, { kind: 'fillBooked' }>;

export interface InputDeskTerms {
  readonly definition: StrategyDefinition;
  /** Each with its one listing at venue SIM; listing n is that of instrument n. */
  readonly instruments: readonly { readonly instrument: Instrument; readonly listing: Listing }[];
  /** Rising by time; `listing` is the index above. */
  readonly bars: readonly Bar[];
  /** What happens besides the bars, rising by time: `row` is that of the strategy. */
  readonly inputs: readonly { readonly at: Micros; readonly input: (row: number) => Input }[];
  /** Decimals of the dollar. */
  readonly exponent: number;
  /** Fee of each fill, in units of 10^-exponent for each lot. */
  readonly feePerLot: number;
}

export interface InputDeskRun {
  readonly core: Core;
  readonly fills: readonly FillBooked[];
  /** PnL of the ledger's row after each close time, in units of 10^-exponent: fills on paper, and flows booked to the row. */
  readonly pnl: readonly { readonly at: Micros; readonly value: bigint }[];
  readonly alerts: readonly string[];
}

const people = ['admin', 'senior'].map((personID) => ({ personID, roles: ['Admin', 'RiskManager', 'SeniorManagement'] as const }));
const digest = 'c'.repeat(64);
const capital = '1000000000';
const forever = microsUnchecked(4_000_000_000_000_000);

/** A strategy on paper over bars, with corporate actions and cash flows as inputs of the desk: what the ledger makes of them. */
export async function runWithInputs(terms: InputDeskTerms): Promise<InputDeskRun> {
  const { definition, bars, instruments } = terms;
  const core = createCore(1, smallCoreCapacities);
  const moneyOf = (ix: number) => core.registry.listings[ix].moneyPerTickLot / core.registry.listings[ix].unitsPerCurrency;
  const host = new ThreadHost(core.registry.listings, moneyOf);
  const fills: FillBooked[] = [];
  const alerts: string[] = [];
  const loaded = { row: -1 };
  const desk = new VirtualDesk({
    core,
    journal: createMemoryJournal({ origin: 'inputs', coreDigest: digest, term: 1, keep: false }),
    host,
    bookOf: (listing) => host.book(listing),
    term: 1,
    startAt: addMicros(bars[0].eventTime, -3_600_000_000),
    seed: 'inputs',
    strategyOf: () => definition,
    onEffect: (effect) => {
      if (effect.kind === 'load') loaded.row = effect.row;
    },
    observe: (_seq, _at, _input, decisions) => {
      for (const decision of decisions) {
        if (decision.kind === 'fillBooked') fills.push(decision);
        if (decision.kind === 'orderDenied' || decision.kind === 'alertRaised') alerts.push(JSON.stringify(decision));
      }
    },
  });
  for (const input of setUp(terms)) await desk.submit(input);
  host.growTo(instruments.length);
  let next = 0;
  const feed = { peek: () => bars[next]?.receivedAt, next: () => bars[next++] };
  desk.join([feed], new Map(), new Map([[0, venueOf(core, terms)]]));
  const pnl = await follow(desk, core, terms, loaded);
  return { core, fills, pnl, alerts };
}

async function follow(desk: VirtualDesk, core: Core, { bars, inputs }: InputDeskTerms, loaded: { readonly row: number }) {
  const times = [...new Set(bars.map((bar) => bar.eventTime))].sort((a, b) => a - b);
  const pnl: { at: Micros; value: bigint }[] = [];
  let due = 0;
  for (const at of times) {
    for (; due < inputs.length && inputs[due].at <= at; due++) {
      await desk.advance(inputs[due].at, Number.MAX_SAFE_INTEGER);
      await desk.submit(inputs[due].input(loaded.row));
    }
    const state = await desk.advance(at, Number.MAX_SAFE_INTEGER);
    if (state === 'journalFailed') throw new Error(desk.failure);
    pnl.push({ at, value: rowValue(core, loaded.row) });
  }
  return pnl;
}

function rowValue(core: Core, row: number): bigint {
  return [true, false].reduce((sum, simulated) => {
    const out = splitZero();
    fromSafe(out, 0);
    const valued = rowPnlIn(core.ledger, core.marks, row, simulated, 0, out);
    if (valued !== 'valued') throw new Error(`the ledger cannot be valued: ${valued}`);
    return sum + toBigInt(out);
  }, 0n);
}

function venueOf(core: Core, { feePerLot }: InputDeskTerms): BarVenue {
  const listings = core.registry.listings.map(({ ix, listing, currency, moneyPerTickLot, unitsPerCurrency }) => ({
    ix,
    listing,
    currency,
    moneyPerTickLot,
    unitsPerCurrency,
    feeUnit: unitsPerCurrency / 100,
  }));
  const fees = { kind: 'perShare', moneyPerLot: feePerLot } as const;
  const common = {
    venue: 0,
    prefix: 'BAR',
    simulated: true,
    slippage: { kind: 'none' },
    maxParticipationBps: 10_000,
    dayEnds: 'nextBar',
  } as const;
  return new BarVenue({ ...common, listings, fees });
}

function setUp({ definition, instruments, exponent }: InputDeskTerms): Input[] {
  const { name, version } = definition;
  const sliceID = `${name}@main.USD`;
  const parsed = parseSpec(
    {
      apiVersion: 'plimsoll/v1',
      kind: 'Deployment',
      deploymentId: 'inputs',
      strategy: 'PaperTrading',
      algorithmId: name,
      version,
      configuration: { simulatedCapital: capital, currency: 'USD', clock: { kind: 'wall' }, minTradingDuration: 'P36500D' },
    },
    {
      accountGroup: 'main',
      currency: 'USD',
      universe: instruments.map(({ listing }) => listing.listingID),
      venues: [{ venueID: 'SIM', accountID: 'A1' }],
      calendar: 'ALWAYS',
    },
  );
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  const registrations: Registration[] = [
    { kind: 'register', what: 'currency', currency: { code: 'USD', exponent, feeDecimals: 2 } },
    { kind: 'register', what: 'venue', venue: { venueID: 'SIM', simulated: true, capabilities: barCapabilities } },
    { kind: 'register', what: 'account', account: { accountID: 'A1', venueID: 'SIM', accountGroup: 'main', margin: { kind: 'cash' } } },
    ...instruments.flatMap(({ instrument, listing }): Registration[] => [
      { kind: 'register', what: 'instrument', instrument },
      { kind: 'register', what: 'listing', listing },
    ]),
    { kind: 'register', what: 'feed', feedID: 'bars', staleAfterPnl: forever, staleAfterDrawdown: forever },
  ];
  const commands: Command[] = [
    { verb: 'registerVersion', algorithmID: name, version, artifactDigest: digest },
    { verb: 'setSlice', sliceID, algorithmID: name, accountGroup: 'main', currency: 'USD', totalCapital: capital, reserve: '0' },
    { verb: 'deploy', spec: parsed.value.spec },
  ];
  const [actor, approvedBy] = people;
  return [
    {
      kind: 'genesis',
      firm: 'inputs',
      currency: 'USD',
      firmCapital: capital,
      durability: 'os',
      clock: 'virtual',
      coreDigest: digest,
      seed: 'inputs',
    },
    ...registrations,
    ...commands.map((command): Input => ({ kind: 'command', commandID: command.verb, actor, approvedBy, expectedRevision: null, command })),
  ];
}

/** The bar of a row, in whole ticks of `tick` currency units. @throws RangeError when a price is no whole number of them */
export function tickBar(
  listing: number,
  closeTime: number,
  interval: number,
  prices: readonly number[],
  volume: number,
  ticksPerUnit: number,
): Bar {
  const [open, high, low, close] = prices.map((price) => price * ticksPerUnit);
  const stamp = { eventSeq: 0, feed: 0, feedSeq: 0, eventTime: micros(closeTime), receivedAt: micros(closeTime), listing } as const;
  return { kind: 'bar', ...stamp, interval: micros(interval), ...wholeOhlc(open, high, low, close), volume: lots(volume) };
}

function wholeOhlc(open: number, high: number, low: number, close: number) {
  return { open: ticks(open), high: ticks(high), low: ticks(low), close: ticks(close) };
}
