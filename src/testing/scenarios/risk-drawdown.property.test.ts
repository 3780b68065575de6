import { describe, expect, it } from 'vitest';
import { prng, type Prng } from '../../base/prng.ts';
import { toBigInt, columnGet, splitZero } from '../../base/split.ts';
import { lotsUnchecked, microsUnchecked, ticksUnchecked } from '../../base/units.ts';
import { measureDrawdowns, isFarFromDrawdown, rollDrawdowns, windowEnd } from '../../core/risk/drawdown.ts';
import { checkOrderInFull } from '../../core/risk/gate.ts';
import { changeLimit } from '../../core/risk/limit-command.ts';
import { startDay } from '../../core/risk/pnl.ts';
import { isSoundForm } from '../../core/risk/sound-form.ts';
import { ask, close, fill, plainOrder, quote, send, type RiskDesk } from './risk-desk.ts';
import { createRiskWorld, timeOf } from './risk-world.ts';

/** A window as the rule says it, with whole numbers of any size: looked at after everything that happens. */
interface Model {
  readonly scope: 'firm' | 'version';
  readonly window: number;
  readonly bps: bigint;
  readonly capital: bigint;
  readonly rows: readonly number[];
  peak: bigint;
  endsAt: number;
  alerted: boolean;
  breached: boolean;
}

const names = ['maxDailyDrawdownBps', 'maxWeeklyDrawdownBps', 'maxMonthlyDrawdownBps'] as const;
const unit = 1_000_000_000_000n;

/** What rows made since the beginning, of every real route, exact. */
function madeBy(desk: RiskDesk, rows: readonly number[]): bigint {
  const { exposure, pnl } = desk.risk;
  const total = splitZero();
  let sum = 0n;
  for (const { ix, row, simulated } of exposure.routes) {
    if (simulated || (rows.length > 0 && !rows.includes(row))) continue;
    columnGet(total, pnl.total, ix);
    sum += toBigInt(total);
  }
  return sum;
}

interface Seen {
  said: number;
  denied: number;
  far: number;
}

/** Drives a desk over days and months; says where the monitor or the check differ from the model, '' = nowhere. */
function firstDifference(seed: number, steps: number, seen: Seen, spoil: (desk: RiskDesk) => void = () => undefined): string {
  const desk = createRiskWorld();
  const { risk } = desk;
  const luck = prng(`drawdown ${seed}`);
  let at: number = timeOf('10:00');
  const models: Model[] = [];
  for (const scope of ['firm', 'version'] as const) {
    for (let window = 0; window < 3; window++) {
      const bps = (scope === 'firm' ? 4 : 40) * (window + 1) + luck.int(20);
      changeLimit(risk, { scope, scopeID: scope === 'firm' ? '' : 'taker@main.USD/2.0.0', limit: names[window] }, bps, null);
      const [capital, rows] = scope === 'firm' ? [1_000_000n * unit, []] : [100_000n * unit, [6]];
      models.push({
        scope,
        window,
        bps: BigInt(bps),
        capital,
        rows,
        peak: 0n,
        endsAt: windowEnd(window, at),
        alerted: false,
        breached: false,
      });
    }
  }
  expect(risk.gate.rows[6].version).toBe('2.0.0');
  rollDrawdowns(risk, at);
  for (let i = 0; i < steps; i++) {
    at += luck.int(10) === 0 ? luck.int(72) * 3_600_000_000 : luck.int(3_600_000_000);
    if (at >= risk.drawdowns.nextAt) rollDrawdowns(risk, at);
    for (const one of models) if (at >= one.endsAt) begin(desk, one, at);
    if (luck.int(20) === 0) startDay(risk, 0);
    happen(desk, luck, at);
    spoil(desk);
    const said = isFarFromDrawdown(risk) ? (seen.far++, []) : measureDrawdowns(risk).map(textOf);
    const expected = models.flatMap((one) => judge(desk, one));
    seen.said += said.length;
    if (said.join() !== expected.join()) return `seed ${seed}, step ${i}: expected ${expected.join()}, was ${said.join()}`;
    const wanted = { ...plainOrder, listing: 7, orderQty: lotsUnchecked(1), price: ticksUnchecked(20_000 + luck.int(30_000)) };
    const outcome = ask(desk, 6, wanted, at);
    const denied = outcome === 'denied' && risk.denial.code.endsWith('DRAWDOWN_REACHED');
    const past = models.some((one) => fallen(desk, one) * 10_000n > (one.capital + one.peak) * one.bps);
    checkOrderInFull(risk, wanted, desk.asker, microsUnchecked(at));
    const expanding = isSoundForm(risk, risk.context) && !risk.context.reducing;
    if (denied) seen.denied++;
    if (expanding && denied !== past && outcome !== 'denied')
      return `seed ${seed}, step ${i}: expected ${past ? 'a refusal' : 'no refusal'} of drawdown`;
    if (denied && !past) return `seed ${seed}, step ${i}: ${JSON.stringify(risk.denial)} of no drawdown`;
  }
  return '';
}

function textOf({ window, severity }: ReturnType<typeof measureDrawdowns>[number]): string {
  return `${severity} ${window.scope === 0 ? 'firm' : 'version'} ${window.window}`;
}

function begin(desk: RiskDesk, one: Model, at: number): void {
  one.peak = madeBy(desk, one.rows);
  one.endsAt = windowEnd(one.window, at);
  one.alerted = false;
  one.breached = false;
}

function fallen(desk: RiskDesk, one: Model): bigint {
  return one.peak - madeBy(desk, one.rows);
}

function judge(desk: RiskDesk, one: Model): string[] {
  const now = madeBy(desk, one.rows);
  if (now > one.peak) one.peak = now;
  const lost = (one.peak - now) * 10_000n;
  // the limit in whole units of money, rounded down
  const most = (((one.capital + one.peak) * one.bps) / 10_000n) * 10_000n;
  const breached = lost > 0n && lost >= most;
  const alerted = breached || (lost > 0n && lost * 5n >= most * 4n);
  const said = breached && !one.breached ? ['breach'] : alerted && !one.alerted && !one.breached ? ['alert'] : [];
  one.alerted ||= alerted;
  one.breached ||= breached;
  return said.map((what) => `${what} ${one.scope} ${one.window}`);
}

/** One thing: a mark of BITC or ACME, an order, a fill. */
function happen(desk: RiskDesk, luck: Prng, at: number): void {
  const draw = luck.int(4);
  const mid = 48_000 + luck.int(4_000);
  if (draw < 2) return quote(desk, 7, mid - 1, mid + 1, at);
  const row = luck.int(3) === 0 ? 3 : 6;
  if (draw === 2) {
    const side = luck.int(2) === 0 ? 'buy' : 'sell';
    send(desk, row, { ...plainOrder, listing: 7, side, orderQty: lotsUnchecked(1 + luck.int(300)), price: ticksUnchecked(mid) }, at);
    return;
  }
  const [open] = desk.orders.values();
  if (open === undefined) return;
  if (luck.int(5) === 0) close(desk, open.clOrdID);
  else fill(desk, open.clOrdID, 1 + luck.int(open.leavesQty), mid, at);
}

describe('drawdowns of the day, the week and the month', () => {
  it('say what the rule says of whole numbers, whenever it says it, and refuse exactly then', () => {
    const seen: Seen = { said: 0, denied: 0, far: 0 };
    const wrong: string[] = [];
    for (let seed = 1; seed <= 60; seed++) {
      const difference = firstDifference(seed, 300, seen);
      if (difference !== '') wrong.push(difference);
    }
    console.log(`drawdown: ${seen.said} findings, ${seen.denied} refusals, ${seen.far} times nothing had to be looked at`);
    expect(wrong).toEqual([]);
    expect(seen.said).toBeGreaterThan(300);
    expect(seen.denied).toBeGreaterThan(300);
    expect(seen.far).toBeGreaterThan(1_000);
  });
  const found = (spoil: (desk: RiskDesk) => void): boolean => {
    for (let seed = 1; seed <= 20; seed++) if (firstDifference(seed, 300, { said: 0, denied: 0, far: 0 }, spoil) !== '') return true;
    return false;
  };
  it('are found wrong where a window is taken for far that is not', () => {
    expect(found(({ risk }) => void (risk.drawdowns.quietUntil = Infinity))).toBe(true);
  });
  it('are found wrong where a peak is forgotten', () => {
    expect(found(({ risk }) => risk.drawdowns.windows.forEach(({ peak }) => void Object.assign(peak, splitZero())))).toBe(true);
  });
  it('are found wrong where a day that is over is counted once more', () => {
    expect(found(({ risk }) => void (risk.past[0].hi[0] += 1))).toBe(true);
  });
});

describe('where a window ends', () => {
  it.each([
    ['2023-12-31T23:59:59.999999Z', '2024-01-01', '2024-01-01', '2024-01-01'],
    ['2024-01-01T00:00:00Z', '2024-01-02', '2024-01-08', '2024-02-01'],
    ['2024-02-29T12:00:00Z', '2024-03-01', '2024-03-04', '2024-03-01'],
    ['2024-12-30T00:00:00Z', '2024-12-31', '2025-01-06', '2025-01-01'],
  ])('%s: day %s, week %s, month %s', (at, ...ends) => {
    ends.forEach((end, window) =>
      expect(windowEnd(window, Date.parse(at) * 1000 + (at.includes('.') ? 999 : 0))).toBe(Date.parse(end) * 1000),
    );
  });
});
