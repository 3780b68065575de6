import { assert } from '../../base/assert.ts';
import { growColumn, moneyColumn, splitZero, setInto, type MoneyColumn, type Split } from '../../base/split.ts';
import type { Registration } from '../../domain/input.ts';
import type { Marks } from '../market/marks.ts';
import type { Registry } from '../registry.ts';
import { defaultCapacities, type RiskCapacities } from './capacities.ts';
import { createContext, type CheckContext } from './check-context.ts';
import { createDenial, createVerdict, type MutableDenial, type Verdict } from './verdict.ts';
import { createDrawdowns, type Drawdowns } from './drawdown.ts';
import { createDuplicates, type Duplicates } from './duplicates.ts';
import { createExposure, growListings, type Exposure } from './exposure.ts';
import { microPerUnit } from './firm-money.ts';
import { createLease, type Lease } from './lease.ts';
import { createLimitGroups, type LimitGroups } from './limit-groups.ts';
import { createLimits, type Limits } from './limits.ts';
import { createListingFacts, takeListingFacts, type ListingFacts } from './listing-facts.ts';
import { createMarginTable, mostMarginRate } from './margin.ts';
import { createMarginUse, growMarginUse, type MarginUse } from './margin-use.ts';
import { createForeignRoutes, type ForeignRoutes } from './foreign.ts';
import { createFeedWatch, watchFeed, type FeedWatch } from './feed-watch.ts';
import { createMonitors, type Monitors } from './monitors.ts';
import { createOrderGate, type OrderGate } from './order-gate.ts';
import { createOrderRate, type OrderRate } from './order-rate.ts';
import { createPnl, type Pnl } from './pnl.ts';
import { createPastResults } from './past-results.ts';
import { createPositionWatch, type PositionWatch } from './position-watch.ts';
import type { PositionView } from './position-view.ts';
import { createRates, listRate, type Rates } from './rates.ts';
import { createSectorValue, type SectorValue } from './sector-value.ts';
import { accountScope, firmScope, scopeKinds, venueScope, type ScopeKind } from './scopes.ts';
import { calendarOf, createSessions, type Sessions } from './sessions.ts';
import { createVolatilityLevel, type VolatilityLevel } from './size-cut.ts';
import { createSlack, forgetSlack, growSlack, type Slack } from './slack.ts';
import { createUnsettled, type Unsettled } from './unsettled.ts';

/** Everything that the pre-trade checks look at, in columns; one per core. */
export interface Risk {
  readonly registry: Registry;
  readonly marks: Marks;
  readonly positions: PositionView;
  readonly gate: OrderGate;
  readonly limits: Limits;
  /** Read anew when the limits have changed (`facts.ts`). */
  readonly limitGroups: LimitGroups;
  readonly exposure: Exposure;
  /** Cells, results of scopes, margins and sector values are read after `settle` alone. */
  readonly unsettled: Unsettled;
  readonly slack: Slack;
  readonly listingFacts: ListingFacts;
  readonly sessions: Sessions;
  readonly rates: Rates;
  readonly foreign: ForeignRoutes;
  readonly orderRate: OrderRate;
  readonly duplicates: Duplicates;
  readonly pnl: Pnl;
  readonly marginUse: MarginUse;
  readonly sectorValue: SectorValue;
  readonly lease: Lease;
  /** By scope: firm, account, algorithm, version. What they made on session days that are over, firm's currency. */
  readonly past: readonly MoneyColumn[];
  readonly drawdowns: Drawdowns;
  readonly positionWatch: PositionWatch;
  readonly volatility: VolatilityLevel;
  readonly monitors: Monitors;
  readonly feeds: FeedWatch;
  /** By currency: used(row) summed over the real rows. */
  readonly usedOf: MoneyColumn;
  /** By instrument: how many listings it has. */
  readonly listingsOf: number[];
  /** Sector of an instrument by number, 0 = none; and the numbers by name. */
  sectorOf: Int32Array;
  readonly sectorIx: Map<string, number>;
  /** -1 until `setFirm`: money limits then deny with NO_FX_RATE. */
  firmCurrency: number;
  readonly firmCapital: Split;
  /** Micro-money per unit of the firm's currency, a double for estimates. */
  microPerUnit: number;
  /** The firm's latch of the kill switch. */
  killed: boolean;
  /** By scope: the accounts, algorithms and venues that are latched. */
  readonly scopeKills: readonly Set<number>[];
  /** How many of those there are. */
  scopesKilled: number;
  term: number;
  /** [scope][index]: what refusals call a scope, made when first needed. */
  readonly scopeNames: string[][];
  /** Scratch of the check under way and its answer. */
  readonly context: CheckContext;
  readonly denial: MutableDenial;
  readonly verdict: Verdict;
}

export function createRisk(registry: Registry, marks: Marks, positions: PositionView, capacities: Partial<RiskCapacities> = {}): Risk {
  const room = { ...defaultCapacities, ...capacities };
  const limits = createLimits();
  return {
    registry,
    marks,
    positions,
    gate: createOrderGate(room.slices, room.rows),
    limits,
    limitGroups: createLimitGroups(),
    exposure: createExposure(room, limits.table),
    unsettled: createUnsettled(room.routes, room.openOrders),
    slack: createSlack(room.routes),
    listingFacts: createListingFacts(),
    sessions: createSessions(),
    rates: createRates(registry, marks),
    foreign: createForeignRoutes(),
    orderRate: createOrderRate(room.orderLog),
    duplicates: createDuplicates(room.duplicates),
    pnl: createPnl(room.routes, room.rows),
    marginUse: createMarginUse(room.routes, room.openOrders),
    sectorValue: createSectorValue(),
    lease: createLease(),
    past: createPastResults(),
    drawdowns: createDrawdowns(),
    positionWatch: createPositionWatch(room.routes),
    volatility: createVolatilityLevel(),
    monitors: createMonitors(room.rows),
    feeds: createFeedWatch(),
    usedOf: moneyColumn(16),
    listingsOf: [],
    sectorOf: new Int32Array(16),
    sectorIx: new Map(),
    firmCurrency: -1,
    firmCapital: splitZero(),
    microPerUnit: 0,
    killed: false,
    scopeKills: Array.from({ length: scopeKinds }, () => new Set<number>()),
    scopesKilled: 0,
    term: 1,
    scopeNames: Array.from({ length: scopeKinds }, () => []),
    context: createContext(),
    denial: createDenial(),
    verdict: createVerdict(),
  };
}

/** The firm's reporting currency and capital, once its currency is registered. */
export function setFirm(risk: Risk, currency: number, capital: Split): void {
  assert(risk.exposure.routes.length === 0 || currency === risk.firmCurrency, 'the firm has its currency before its first order');
  risk.firmCurrency = currency;
  setInto(risk.firmCapital, capital);
  risk.microPerUnit = microPerUnit(risk.registry.currencies[currency].exponent);
  forgetSlack(risk);
}

/** Engages or releases a latch of the kill switch: the firm's, or that of an account, an algorithm or a venue. */
export function setKill(risk: Risk, scope: ScopeKind, ix: number, engaged: boolean): void {
  if (scope === firmScope) {
    risk.killed = engaged;
    return;
  }
  if (engaged) risk.scopeKills[scope].add(ix);
  else risk.scopeKills[scope].delete(ix);
  risk.scopesKilled = risk.scopeKills.reduce((sum, of) => sum + of.size, 0);
}

/** To be called after every registration: makes room and looks up texts once. */
export function riskRegistered(risk: Risk, registration: Registration, ix: number): void {
  forgetSlack(risk);
  switch (registration.what) {
    case 'currency':
      growColumn(risk.usedOf, Math.max(16, ix + 1));
      return;
    case 'instrument':
      registerInstrument(risk, ix, registration.instrument.sector ?? '');
      return;
    case 'account':
      risk.marginUse.tables.push(createMarginTable(registration.account.margin));
      risk.slack.mostMargin = Math.max(risk.slack.mostMargin, 1 + mostMarginRate(registration.account.margin));
      growMarginUse(risk, accountScope, ix + 1);
      return;
    case 'listing':
      risk.listingsOf[risk.registry.listings[ix].instrument] += 1;
      growListings(risk.exposure, ix + 1);
      takeListingFacts(risk.listingFacts, risk.registry, ix, risk.sectorOf[risk.registry.listings[ix].instrument]);
      risk.sessions.calendarOf.push(calendarOf(risk.sessions, registration.listing.calendar));
      risk.sessions.halted.push(0);
      listRate(risk.rates, risk.registry.listings[ix]);
      return;
    case 'feed':
      watchFeed(risk.feeds, registration.staleAfterPnl, registration.staleAfterDrawdown);
      return;
    case 'venue':
      growMarginUse(risk, venueScope, ix + 1);
      return;
  }
}

function registerInstrument(risk: Risk, ix: number, sector: string): void {
  if (ix >= risk.sectorOf.length) {
    const wider = new Int32Array(Math.max(ix + 1, risk.sectorOf.length * 2));
    wider.set(risk.sectorOf);
    risk.sectorOf = wider;
  }
  risk.sessions.restricted.push(0);
  risk.sessions.restrictions.push(0);
  risk.listingsOf.push(0);
  growSlack(risk.slack, ix, risk.sectorIx.size + 1);
  if (sector === '') return;
  const known = risk.sectorIx.get(sector) ?? risk.sectorIx.size + 1;
  risk.sectorIx.set(sector, known);
  risk.sectorOf[ix] = known;
}
