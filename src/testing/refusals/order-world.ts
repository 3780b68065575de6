import type { Prng } from '../../base/prng.ts';
import { microsUnchecked } from '../../base/units.ts';
import { applyGrant } from '../../core/risk/lease.ts';
import { changeLimit } from '../../core/risk/limit-command.ts';
import { isOverCap, modeOf } from '../../core/risk/order-gate.ts';
import { setKill } from '../../core/risk/risk.ts';
import { setRow } from '../../core/risk/row-change.ts';
import { accountScope, algorithmScope, firmScope, venueScope } from '../../core/risk/scopes.ts';
import { applySession } from '../../core/risk/sessions.ts';
import { takeLevel } from '../../core/risk/size-cut.ts';
import { limitScopes, limitText, type LimitName, type LimitScope } from '../../domain/limit.ts';
import { quote, type RiskDesk } from '../scenarios/risk-desk.ts';
import { limitRules } from '../../core/risk/limit-rules.ts';
import type { OrderBooks } from './order-facts.ts';

/** What is unusual in a life: one theme each, so that a refusal is often the only one that is due. */
export const orderThemes = [
  'form',
  'venue',
  'replace',
  'authority',
  'overdraft',
  'session',
  'reference',
  'fx',
  'lease',
  'cut',
  'capacity',
  'memory',
  'rate',
  'duplicate',
  'maxOrderQty',
  'maxNotional',
  'fatFingerBps',
  'priceCollarBps',
  'maxPosition',
  'maxOpenPositions',
  'maxConcentrationBps',
  'maxDailyLoss',
  'drawdowns',
  'creditLine',
  'maxUnprotectedQty',
  'maxRiskPerTradeBps',
  'route',
] as const;
export type OrderTheme = (typeof orderThemes)[number];

/** Those in which a number decides. */
export const edgeThemes: readonly OrderTheme[] = orderThemes.filter(
  (theme) => !['venue', 'replace', 'authority', 'overdraft', 'reference'].includes(theme),
);

/** Limits that a theme sets, with a value that orders and results come near to. */
const played: Partial<Record<OrderTheme, Partial<Record<LimitName, number>>>> = {
  reference: { fatFingerBps: 500, priceCollarBps: 500 },
  fx: {
    maxNotional: 6_000_000_000,
    maxConcentrationBps: 2_000,
    maxDailyLoss: 60_000_000,
    maxDailyDrawdownBps: 20,
    creditLine: 60_000_000_000,
    maxRiskPerTradeBps: 8,
    volatilityCutBps: 9_999,
  },
  cut: { volatilityCutBps: 9_000, volatilityCutAbove: 4_000, volatilityMaxAge: 3_000_000, maxOrderQty: 60, maxNotional: 6_000_000_000 },
  memory: { duplicateWindow: 2_000_000 },
  rate: { maxOrdersPerSecond: 6, maxOrdersPerMinute: 60 },
  duplicate: { duplicateWindow: 1_000_000 },
  maxOrderQty: { maxOrderQty: 60 },
  maxNotional: { maxNotional: 6_000_000_000 },
  fatFingerBps: { fatFingerBps: 60 },
  priceCollarBps: { priceCollarBps: 60 },
  maxPosition: { maxPosition: 200 },
  maxOpenPositions: { maxOpenPositions: 4 },
  maxConcentrationBps: { maxConcentrationBps: 2_000 },
  maxDailyLoss: { maxDailyLoss: 40_000_000 },
  drawdowns: { maxDailyDrawdownBps: 6, maxWeeklyDrawdownBps: 6, maxMonthlyDrawdownBps: 6 },
  creditLine: { creditLine: 40_000_000_000 },
  maxUnprotectedQty: { maxUnprotectedQty: 100 },
  maxRiskPerTradeBps: { maxRiskPerTradeBps: 4 },
  route: { maxOrderQty: 60, maxNotional: 6_000_000_000, fatFingerBps: 60, priceCollarBps: 60, maxPosition: 200 },
};

const ids: Readonly<Record<LimitScope, readonly string[]>> = {
  firm: [''],
  account: ['A1', 'A2', 'A3'],
  algorithm: ['maker', 'taker', 'euro'],
  version: ['maker@main.USD/1.0.0', 'taker@main.USD/2.0.0', 'euro@main.EUR/1.0.0', 'maker@main.USD/9.0.0', 'euro@main.EUR/9.0.0'],
  venue: ['NYX', 'ALT', 'TWO'],
  instrument: ['ACME', 'BOLT', 'EURO'],
  sector: ['Industry', 'Energy'],
  route: [
    'maker@main.USD/1.0.0@NYX',
    'maker@main.USD/1.1.0@TWO',
    'maker@main.USD/9.0.0@NYX',
    'taker@main.USD/2.0.0@NYX',
    'taker@main.USD/2.0.0@ALT',
    'euro@main.EUR/1.0.0@NYX',
    'euro@main.EUR/9.0.0@NYX',
  ],
};

/** Changes one thing of the world, by the theme. */
export function changeWorld(desk: RiskDesk, books: OrderBooks, theme: OrderTheme, luck: Prng, at: number, seed: number): void {
  const draw = luck.int(12);
  const limits = played[theme];
  if (limits !== undefined && draw < 3) changeOne(desk, books, theme, namesOf(theme, limits, seed), luck);
  else if (draw < 5 && theme !== 'form') moveQuote(desk, theme, luck, at);
  else if (theme === 'authority' && draw < 8) changeAuthority(desk, books, luck);
  else if (theme === 'session' && draw < 8) changeSession(desk, books, luck, at);
  else if (theme === 'reference' && draw < 8) spoilQuote(desk, luck, at);
  else if ((theme === 'fx' || theme === 'route') && draw < 8) desk.marks.valid[eurUsd(desk)] = luck.int(2);
  else if (theme === 'cut' && draw < 7) tellLevel(desk, books, luck, at);
  else if (theme === 'lease' || (theme === 'fx' && draw === 8)) grant(desk, books, luck, at);
}

/** With other currencies one limit in each life, so that none hides the others. */
function namesOf(theme: OrderTheme, limits: Partial<Record<LimitName, number>>, seed: number): readonly LimitName[] {
  const names = Object.keys(limits) as LimitName[];
  if (theme !== 'fx') return names;
  const name = names[Math.floor(seed / orderThemes.length) % names.length];
  // a cut is of the usual size, where there is one
  return name === 'volatilityCutBps' ? [name, 'maxNotional'] : [name];
}

const eurUsd = ({ registry }: RiskDesk): number => registry.listingIx.get('EURUSD.NYX') ?? -1;

function changeOne(desk: RiskDesk, books: OrderBooks, theme: OrderTheme, names: readonly LimitName[], luck: Prng): void {
  const limit = names[luck.int(names.length)];
  const scopes = limitScopes.filter((one) => limitRules[limit].scopes.includes(one) && (theme !== 'route' || one === theme));
  const scope = scopes[luck.int(scopes.length)];
  const scopeID = ids[scope][luck.int(ids[scope].length)];
  const most = played[theme]?.[limit] ?? 0;
  // mostly near the upper end, so that orders pass too; of each kind few at a time
  const beside = books.limits.get([...books.limits.keys()][0] ?? '')?.value;
  const near = theme === 'duplicate' && beside !== undefined && luck.int(2) === 0 ? beside - 1 + luck.int(3) : undefined;
  const whole = limit === 'volatilityCutBps' && luck.int(5) === 0 ? 10_000 - luck.int(2) : near;
  const value = whole ?? (luck.int(3) === 0 ? null : Math.floor(most / 4) + luck.int(most + 1));
  const key = { scope, scopeID, limit };
  if (!changeLimit(desk.risk, key, value, null).ok) return;
  if (value === null) books.limits.delete(limitText(key));
  else books.limits.set(limitText(key), { name: limit, scope, scopeID, value });
}

function moveQuote(desk: RiskDesk, theme: OrderTheme, luck: Prng, at: number): void {
  const listing = [0, 1, 2, 3, 5, 6][luck.int(6)];
  const wide = theme === 'drawdowns' || theme === 'maxDailyLoss' || theme === 'overdraft' ? 200 : 30;
  const bid = 10_000 - 1 - luck.int(wide) + luck.int(wide);
  quote(desk, listing, bid, bid + 1 + luck.int(6), at, 10_000);
}

/** No quote, one side of it, a crossed one, a last price alone, a gap. */
function spoilQuote(desk: RiskDesk, luck: Prng, at: number): void {
  const listing = [0, 1, 2][luck.int(3)];
  const draw = luck.int(6);
  if (draw === 0) desk.marks.valid[listing] = 0;
  else if (draw === 1) quote(desk, listing, 0, 0, at, 0);
  else if (draw === 2) quote(desk, listing, 0, 10_001, at, luck.int(2) * 10_000);
  else if (draw === 3) quote(desk, listing, 10_002, 10_001, at, luck.int(2) * 10_000);
  else quote(desk, listing, 9_999, 10_001, at, 10_000);
}

function changeAuthority(desk: RiskDesk, books: OrderBooks, luck: Prng): void {
  const { gate } = desk.risk;
  if (luck.int(2) === 0) {
    const [name, scope, ix] = (
      [
        ['firm', firmScope, 0],
        ['account:A1', accountScope, 0],
        ['account:A2', accountScope, 1],
        ['algorithm:maker', algorithmScope, 0],
        ['venue:NYX', venueScope, 0],
        ['venue:TWO', venueScope, 2],
      ] as const
    )[luck.int(6)];
    const on = luck.int(4) === 0;
    setKill(desk.risk, scope, ix, on);
    if (on) books.killed.add(name);
    else books.killed.delete(name);
    return;
  }
  const row = [3, 4, 6, 7][luck.int(4)];
  const mode = (['ACTIVE', 'ACTIVE', 'REDUCING', 'CANCEL_ONLY', 'HALTED'] as const)[luck.int(5)];
  if ((mode === 'ACTIVE' && isOverCap(gate, row)) || modeOf(gate, row) === mode) return;
  setRow(gate, row, { mode, byPerson: true, epoch: gate.epoch[row] + 1 });
}

function changeSession(desk: RiskDesk, books: OrderBooks, luck: Prng, at: number): void {
  const draw = luck.int(3);
  if (draw === 0) {
    const phase = (['open', 'open', 'closed', 'preOpen'] as const)[luck.int(4)];
    const until = microsUnchecked(luck.int(2) === 0 ? 0 : at + luck.int(3_000_000));
    applySession(desk.risk.sessions, { kind: 'session', calendar: 'XNYS', phase, sessionDay: 1, until }, microsUnchecked(at));
    return;
  }
  const on = luck.int(3) === 0;
  const listing = luck.int(4);
  if (draw === 1) {
    desk.risk.sessions.halted[listing] = on ? 1 : 0;
    if (on) books.halted.add(listing);
    else books.halted.delete(listing);
    return;
  }
  const { instrument } = desk.registry.listings[listing];
  desk.risk.sessions.restricted[instrument] = on ? 1 : 0;
  const { instrumentID } = desk.registry.instruments[instrument];
  if (on) books.restricted.add(instrumentID);
  else books.restricted.delete(instrumentID);
}

function tellLevel(desk: RiskDesk, books: OrderBooks, luck: Prng, at: number): void {
  const level = luck.int(5) === 0 ? luck.int(2) : luck.int(6_000);
  const known = books.volatility?.knownAt ?? 0;
  // one that is older than the last one is none
  const knownAt = known > 0 && luck.int(3) === 0 ? known - luck.int(3) : at;
  takeLevel(desk.risk.volatility, level, knownAt);
  if (knownAt >= known) books.volatility = { level, knownAt };
}

function grant(desk: RiskDesk, books: OrderBooks, luck: Prng, at: number): void {
  const lease = { limit: luck.int(80_000_000_000), until: microsUnchecked(at + luck.int(5_000_000)) };
  applyGrant(desk.risk.lease, { kind: 'limitGrant', ...lease });
  books.lease = lease;
}
