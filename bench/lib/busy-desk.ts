import { microsUnchecked, ticksUnchecked, lotsUnchecked, type Micros } from '../../src/base/units.ts';
import { createCore, type Core } from '../../src/core/core.ts';
import { step } from '../../src/core/engine.ts';
import { clearOutcome, createOutcome, type Outcome } from '../../src/core/outcome.ts';
import { limitRules } from '../../src/core/risk/limit-rules.ts';
import type { Command } from '../../src/domain/command.ts';
import type { Input, Registration } from '../../src/domain/input.ts';
import { limitNames, type LimitKey, type LimitName } from '../../src/domain/limit.ts';
import type { JournalPort } from '../../src/ports/journal.ts';
import { parseSpec } from '../../src/domain/spec-parser/spec-parser.ts';
import { fullCapabilities } from '../../src/venues/simulated/simulated-venue.ts';

/** The core with versions that trade real capital, brought there by inputs alone; every limit is set in every scope that a desk of one venue has. */
export interface BusyDesk {
  readonly core: Core;
  readonly outcome: Outcome;
  /** Rows of the order gate that trade, with the listings of each. */
  readonly rows: readonly { readonly row: number; readonly listings: readonly number[] }[];
  readonly listings: number;
  at: Micros;
  inputs: number;
  /** Where every input and decision goes; it gives the numbers then. */
  readonly journal?: JournalPort;
}

export const listingsOfRow = 10;
/** Ticks of the best bid and ask in every listing when the desk begins. */
export const firstBid = 10_000;
export const firstAsk = 10_001;

const beganAt = microsUnchecked(1_767_603_600_000_000);
const digest = 'b'.repeat(64);
const admin = { personID: 'admin', roles: ['Admin', 'RiskManager', 'SeniorManagement'] } as const;
const senior = { personID: 'senior', roles: ['Admin', 'RiskManager', 'SeniorManagement'] } as const;

/** Wide enough that nothing is denied, narrow enough that each is worked out: at orders a millisecond apart. */
const limits: Readonly<Partial<Record<LimitName, number>>> = {
  maxOrderQty: 1_000,
  maxPosition: 1_000_000,
  maxConcentrationBps: 9_000,
  maxDailyLoss: 9_000_000_000_000_000,
  maxOrdersPerSecond: 10_000,
  maxOrdersPerMinute: 65_000,
  fatFingerBps: 500,
  duplicateWindow: 1_000,
  creditLine: 9_000_000_000_000_000,
  maxNotional: 1_000_000_000_000,
  priceCollarBps: 600,
  maxOpenPositions: 100_000,
};

/** Numbers an input, steps it and empties the outcome first. */
export function take(desk: BusyDesk, input: Input): void {
  const { journal, outcome, core, at } = desk;
  clearOutcome(outcome);
  desk.inputs += 1;
  // decisions take numbers too: 16 are kept free for each input
  const seq = journal?.nextSeq ?? 16 * desk.inputs;
  journal?.appendInput(seq, at, input);
  step(core, seq, at, input, outcome);
  if (journal !== undefined) outcome.decisions.forEach((decision, n) => journal.appendDecision(seq + 1 + n, at, seq, decision));
}

export function createBusyDesk(versions: number, listings: number, journal?: JournalPort, core = createCore(1)): BusyDesk {
  const universes = Array.from({ length: versions }, (_, v) =>
    Array.from({ length: Math.min(listingsOfRow, listings) }, (_none, n) => (v * listingsOfRow + n) % listings),
  );
  const rows: { row: number; listings: readonly number[] }[] = [];
  const kept = journal === undefined ? {} : { journal };
  const desk: BusyDesk = { core, outcome: createOutcome(), rows, listings, at: beganAt, inputs: 0, ...kept };
  take(desk, {
    kind: 'genesis',
    firm: 'bench',
    currency: 'USD',
    firmCapital: '100000000000',
    durability: 'os',
    clock: 'virtual',
    coreDigest: digest,
    seed: 'bench',
  });
  for (const registration of registrations(listings)) take(desk, registration);
  for (let n = 0; n < listings; n++) mark(desk, n, firstBid, firstAsk);
  universes.forEach((universe, v) => rows.push({ row: deployOne(desk, v, universe), listings: universe }));
  setLimits(desk, universes.length);
  return desk;
}

/** A mark of a listing, as the conflator gives it before an intent that met a newer quote. */
export function mark(desk: BusyDesk, listing: number, bid: number, ask: number): void {
  take(desk, {
    kind: 'mark',
    listing,
    feed: 0,
    feedSeq: desk.inputs,
    bid: ticksUnchecked(bid),
    bidQty: lotsUnchecked(100),
    ask: ticksUnchecked(ask),
    askQty: lotsUnchecked(100),
    last: ticksUnchecked(bid),
    eventTime: desk.at,
    eventSeq: desk.inputs,
  });
}

function say(desk: BusyDesk, command: Command): void {
  const commandID = `command ${desk.inputs}`;
  take(desk, { kind: 'command', commandID, actor: admin, approvedBy: senior, expectedRevision: null, command });
  const answer = desk.outcome.decisions.find((decision) => decision.kind === 'commandAnswered');
  if (answer?.accepted !== true) throw new Error(`bench: ${command.verb}: ${answer?.text ?? 'no answer'}`);
}

/** A canary whose first stage holds a tenth of a slice of its own. @returns its row. */
function deployOne(desk: BusyDesk, v: number, universe: readonly number[]): number {
  const algorithmID = `algo${v}`;
  const capital = '900000000';
  const parsed = parseSpec(
    {
      apiVersion: 'plimsoll/v1',
      kind: 'Deployment',
      deploymentId: `d${v}`,
      strategy: 'Canary',
      algorithmId: algorithmID,
      version: '1.0.0',
      configuration: {
        totalCapital: capital,
        currency: 'USD',
        clock: { kind: 'wall' },
        stages: [{ name: 'Only', allocation: 0.1, minDuration: 'P36500D', minPnL: 0, minTrades: 1 }],
        rollbackThresholds: { maxDailyLoss: 0.9, maxDrawdown: 0.9, maxErrorRate: 0.01, maxLatency: 1_000 },
      },
    },
    {
      accountGroup: 'main',
      currency: 'USD',
      universe: universe.map((n) => `I${n}.SIM`),
      venues: [{ venueID: 'SIM', accountID: 'A1' }],
      calendar: 'ALWAYS',
    },
  );
  if (!parsed.ok) throw new Error(`bench: ${JSON.stringify(parsed.error)}`);
  const sliceID = `${algorithmID}@main.USD`;
  say(desk, { verb: 'registerVersion', algorithmID, version: '1.0.0', artifactDigest: digest });
  say(desk, { verb: 'setSlice', sliceID, algorithmID, accountGroup: 'main', currency: 'USD', totalCapital: capital, reserve: '0' });
  say(desk, { verb: 'deploy', spec: parsed.value.spec });
  const row = desk.core.gate.rowIx.get(`${sliceID}/1.0.0`);
  if (row === undefined) throw new Error(`bench: ${sliceID} has no row`);
  for (const event of ['loaded', 'warmed'] as const) take(desk, { kind: 'host', row, event, eventSeq: 0, text: '' });
  return row;
}

function setLimits(desk: BusyDesk, versions: number): void {
  const { core } = desk;
  const ids: Readonly<Record<LimitKey['scope'], readonly string[]>> = {
    firm: [''],
    account: ['A1'],
    algorithm: Array.from({ length: versions }, (_, v) => `algo${v}`),
    version: [...core.gate.rowIx.keys()].filter((id) => id.endsWith('/1.0.0')),
    venue: ['SIM'],
    instrument: [...core.registry.instrumentIx.keys()],
    sector: [...core.risk.sectorIx.keys()],
    route: [],
  };
  for (const limit of limitNames) {
    for (const scope of ['firm', 'account', 'algorithm', 'version', 'venue', 'instrument', 'sector'] as const) {
      const one = ids[scope].length > 20;
      // a ring of 65,000 times for each of a hundred instruments would be memory, not work
      const value = limit.startsWith('maxOrdersPer') && one ? 5_000 : limits[limit];
      if (value === undefined || !limitRules[limit].scopes.includes(scope)) continue;
      for (const scopeID of ids[scope]) say(desk, { verb: 'setLimit', key: { scope, scopeID, limit }, value });
    }
  }
}

function registrations(listings: number): Registration[] {
  const all: Registration[] = [
    { kind: 'register', what: 'currency', currency: { code: 'USD', exponent: 12, feeDecimals: 2 } },
    { kind: 'register', what: 'venue', venue: { venueID: 'SIM', simulated: true, capabilities: fullCapabilities } },
    {
      kind: 'register',
      what: 'account',
      account: {
        accountID: 'A1',
        venueID: 'SIM',
        accountGroup: 'main',
        margin: { kind: 'regT', initialBps: 5_000, maintenanceBps: 2_500 },
      },
    },
    {
      kind: 'register',
      what: 'feed',
      feedID: 'bench',
      staleAfterPnl: microsUnchecked(60_000_000),
      staleAfterDrawdown: microsUnchecked(60_000_000),
    },
  ];
  for (let n = 0; n < listings; n++) {
    const instrumentID = `I${n}`;
    all.push({
      kind: 'register',
      what: 'instrument',
      instrument: { instrumentID, assetClass: 'equity', currency: 'USD', baseUnit: '1', sector: `S${n % 11}` },
    });
    all.push({
      kind: 'register',
      what: 'listing',
      listing: {
        listingID: `${instrumentID}.SIM`,
        instrumentID,
        venueID: 'SIM',
        symbol: instrumentID,
        priceUnit: '0.01',
        tickTable: [],
        lot: '1',
        multiplier: '1',
        calendar: 'ALWAYS',
      },
    });
  }
  return all;
}
