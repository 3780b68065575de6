import { describe, expect, it } from 'vitest';
import {
  addAccount,
  addCurrency,
  addDeskSlice,
  addListing,
  addVenue,
  addVersion,
  createDesk,
  fill,
  moneyOf,
  plainOrder,
  quote,
  send,
  setFirmCapital,
  type RiskDesk,
} from '../../testing/scenarios/risk-desk.ts';
import { lotsUnchecked, ticksUnchecked } from '../../base/units.ts';
import { splitZero, toNumber } from '../../base/split.ts';
import { judgeAnswers, judgeRow, lossLimitInto } from './judge.ts';
import { changeLimit } from './limit-command.ts';
import { capitalChanged, fillSeen, orderAnswered, orderErred, startRowDay, watchTerms } from './monitors.ts';
import { setPaperCap } from './order-gate.ts';
import { rowTotalInto, startDay } from './pnl.ts';
import { setRow } from './row-change.ts';
import type { WatchTerms } from './row-watch.ts';
import { drawdownOf, indexOf } from './unit-nav.ts';

const nothing: WatchTerms = {
  dailyLossBillionths: -1,
  lossAbsolute: null,
  drawdownBillionths: -1,
  errorRate: 0,
  consecutiveErrors: 0,
  latency: Infinity,
  tradesPerMinute: 0,
};

/** One version with 10,000 USD that holds 100 shares bought at 100.00 (all of it `scale` times): a cent moves its result by a dollar. */
function holding(terms: Partial<WatchTerms>, scale = 1, paper = false): { desk: RiskDesk; row: number; at: (price: number) => string[] } {
  const desk = createDesk();
  addCurrency(desk, 'USD');
  addVenue(desk, 'V');
  addAccount(desk, 'A', 'V');
  addListing(desk, { instrumentID: 'ACME', venueID: 'V' });
  setFirmCapital(desk, 'USD', '1000000');
  const row = addVersion(desk, addDeskSlice(desk, 'maker', 'USD', '100000', '10000'), '1.0.0');
  const cap = moneyOf(desk, String(10_000 * scale), 'USD');
  if (paper) setPaperCap(desk.risk.gate, row, cap);
  else setRow(desk.risk.gate, row, { mode: 'ACTIVE', cap });
  quote(desk, 0, 9_999, 10_001, 1);
  watchTerms(desk.risk, row, { ...nothing, ...terms });
  const id = send(desk, row, { ...plainOrder, orderQty: lotsUnchecked(100 * scale), price: ticksUnchecked(10_000) }, 1);
  fill(desk, id, 100 * scale, 10_000, 1);
  const at = (price: number): string[] => {
    quote(desk, 0, price - 1, price + 1, 2);
    return found(desk, judgeRow(desk.risk, row, 2));
  };
  return { desk, row, at };
}

function found(desk: RiskDesk, count: number): string[] {
  return desk.risk.monitors.findings
    .slice(0, count)
    .map((f) => `${f.severity} ${f.rule} ${f.value} of ${f.limit}${f.since === '' ? '' : ` since the ${f.since}`}`);
}

describe('daily loss', () => {
  it('alerts at 80 % and breaches at the limit, each once', () => {
    const { at } = holding({ dailyLossBillionths: 20_000_000 });
    expect(at(9_841)).toEqual([]);
    expect(at(9_840)).toEqual(['alert maxDailyLoss 160000000 of 200000000']);
    expect(at(9_801)).toEqual([]);
    expect(at(9_800)).toEqual(['breach maxDailyLoss 200000000 of 200000000']);
    expect(at(9_700)).toEqual([]);
  });
  it('takes the smaller of the fraction and the absolute limit', () => {
    const { desk, at } = holding({ dailyLossBillionths: 20_000_000, lossAbsolute: { hi: 0, lo: 0 } });
    const watch = desk.risk.monitors.rows[1];
    const limit = splitZero();
    expect(watch !== undefined && lossLimitInto(limit, watch)).toBe(true);
    expect(toNumber(limit)).toBe(0);
    expect(at(10_000)).toEqual([]);
    expect(at(9_999)).toEqual(['breach maxDailyLoss 1000000 of 0']);
  });
  it('counts by the lowest capital of the day, not by what was granted since', () => {
    const { desk, row, at } = holding({ dailyLossBillionths: 20_000_000 });
    setRow(desk.risk.gate, row, { cap: moneyOf(desk, '50000', 'USD') });
    capitalChanged(desk.risk, row, false);
    expect(at(9_800)).toEqual(['breach maxDailyLoss 200000000 of 200000000']);
  });
  it('counts by the new capital from the next day on', () => {
    const { desk, row, at } = holding({ dailyLossBillionths: 20_000_000 });
    setRow(desk.risk.gate, row, { cap: moneyOf(desk, '50000', 'USD') });
    capitalChanged(desk.risk, row, false);
    expect(at(9_850)).toEqual([]);
    startDay(desk.risk, 0);
    startRowDay(desk.risk, row);
    expect(at(9_051)).toEqual([]);
    expect(at(9_050)).toEqual(['alert maxDailyLoss 800000000 of 1000000000']);
    expect(at(8_850)).toEqual(['breach maxDailyLoss 1000000000 of 1000000000']);
  });
  it('cut capital counts at once, capital taken away altogether keeps the last measure', () => {
    const { desk, row, at } = holding({ dailyLossBillionths: 20_000_000 });
    setRow(desk.risk.gate, row, { cap: moneyOf(desk, '5000', 'USD'), mode: 'REDUCING' });
    capitalChanged(desk.risk, row, false);
    setRow(desk.risk.gate, row, { cap: moneyOf(desk, '0', 'USD') });
    capitalChanged(desk.risk, row, false);
    expect(at(9_900)).toEqual(['breach maxDailyLoss 100000000 of 100000000']);
  });
});

describe('drawdown', () => {
  it('is measured from the peak of the unit NAV and breaches exactly at the limit', () => {
    const { at } = holding({ drawdownBillionths: 50_000_000 });
    expect(at(11_000)).toEqual([]);
    expect(at(10_561)).toEqual([]);
    expect(at(10_560)).toEqual(['alert maxDrawdown 0.04 of 0.05 since the day']);
    expect(at(10_451)).toEqual([]);
    expect(at(10_450)).toEqual(['breach maxDrawdown 0.05 of 0.05 since the day']);
  });
  it('says in which scope it fell: since the day, the stage or the deployment began', () => {
    const { desk, row, at } = holding({ drawdownBillionths: 100_000_000 });
    at(11_000);
    at(10_500);
    startDay(desk.risk, 0);
    startRowDay(desk.risk, row);
    expect(at(9_900)).toEqual(['breach maxDrawdown 0.1 of 0.1 since the stage']);
    const other = holding({ drawdownBillionths: 100_000_000 });
    other.at(11_000);
    other.at(10_500);
    capitalChanged(other.desk.risk, other.row, true);
    startRowDay(other.desk.risk, other.row);
    expect(other.at(9_900)).toEqual(['breach maxDrawdown 0.1 of 0.1 since the deployment']);
  });
  it('an allocation change moves neither the index nor the drawdown (MET1)', () => {
    const { desk, row, at } = holding({ drawdownBillionths: 50_000_000 });
    at(11_000);
    at(10_600);
    const watch = desk.risk.monitors.rows[row];
    if (watch === undefined) throw new Error('the row is watched');
    const total = splitZero();
    rowTotalInto(total, desk.risk.pnl, row, false);
    const index = indexOf(watch.nav, total);
    const drawdown = drawdownOf(watch.nav, 0, total);
    for (const cap of ['50000', '20000', '40000']) {
      setRow(desk.risk.gate, row, { cap: moneyOf(desk, cap, 'USD') });
      capitalChanged(desk.risk, row, false);
      expect(Math.abs(indexOf(watch.nav, total) / index - 1)).toBeLessThan(1e-15);
      expect(Math.abs(drawdownOf(watch.nav, 0, total) - drawdown)).toBeLessThan(1e-15);
    }
  });
  it('scaling the capital scales the result and not the verdict (MET4)', () => {
    for (const price of [9_601, 9_600, 9_501, 9_500]) {
      const one = holding({ drawdownBillionths: 50_000_000, dailyLossBillionths: 45_000_000 }).at(price);
      const four = holding({ drawdownBillionths: 50_000_000, dailyLossBillionths: 45_000_000 }, 4).at(price);
      const verdicts = (said: readonly string[]): string[] => said.map((one) => one.split(' ').slice(0, 2).join(' '));
      expect(verdicts(four), String(price)).toEqual(verdicts(one));
    }
  });
  it('a run on paper is measured by its paper capital, and leaving paper begins anew', () => {
    const { desk, row, at } = holding({ drawdownBillionths: 50_000_000 }, 1, true);
    expect(at(9_600)).toEqual(['alert maxDrawdown 0.04 of 0.05 since the day']);
    const watch = desk.risk.monitors.rows[row];
    expect(watch?.simulated).toBe(true);
    setRow(desk.risk.gate, row, { mode: 'ACTIVE', cap: moneyOf(desk, '1000', 'USD') });
    capitalChanged(desk.risk, row, true);
    expect(watch?.simulated).toBe(false);
    expect(at(9_000)).toEqual([]);
    expect(watch === undefined ? 0 : indexOf(watch.nav, splitZero())).toBe(1);
  });
});

describe('position', () => {
  it('alerts from 80 % of the limit of the version on and breaches past it', () => {
    const { desk, row } = holding({});
    const limit = (value: number): void =>
      void changeLimit(desk.risk, { scope: 'version', scopeID: 'maker@main.USD/1.0.0', limit: 'maxPosition' }, value, null);
    limit(126);
    expect(found(desk, judgeRow(desk.risk, row, 3))).toEqual([]);
    limit(125);
    expect(found(desk, judgeRow(desk.risk, row, 3))).toEqual(['alert maxPosition 100 of 125']);
    limit(100);
    expect(found(desk, judgeRow(desk.risk, row, 3))).toEqual([]);
    limit(99);
    expect(found(desk, judgeRow(desk.risk, row, 3))).toEqual(['breach maxPosition 100 of 99']);
  });
});

describe('errors', () => {
  const answers = (text: string, terms: Partial<WatchTerms>): string[] => {
    const { desk, row } = holding(terms);
    const said: string[] = [];
    for (const c of text) {
      if (c === 'x') orderErred(desk.risk, row);
      else orderAnswered(desk.risk, row, 0, 1);
      said.push(...found(desk, judgeAnswers(desk.risk, row)));
    }
    return said;
  };
  it('one error of 99 is no breach of 1 %, three of 20 are an alert, four of 20 a breach', () => {
    expect(answers('.'.repeat(98) + 'x', { errorRate: 0.01 })).toEqual([]);
    const alert = answers('.'.repeat(17) + 'xxx', { errorRate: 0.01 });
    expect(alert).toHaveLength(1);
    expect(alert[0]).toMatch(/^alert maxErrorRate 8[89]\.\d+ of 100$/);
    expect(answers('.'.repeat(16) + 'xxxx', { errorRate: 0.01 }).at(-1)).toMatch(/^breach maxErrorRate \d+\.\d+ of 100$/);
  });
  it('five errors in a row are a breach, four an alert; an answer in between starts the count again', () => {
    const terms = { consecutiveErrors: 5 };
    expect(answers('xxxx.xxxx', terms)).toEqual(['alert consecutiveErrors 4 of 5']);
    expect(answers('xxxxx', terms)).toEqual(['alert consecutiveErrors 4 of 5', 'breach consecutiveErrors 5 of 5']);
  });
});

describe('latency', () => {
  it('needs a hundred samples, and is the 99th percentile of the window', () => {
    const { desk, row } = holding({ latency: 100_000 });
    const answer = (micros: number): string[] => {
      orderAnswered(desk.risk, row, 1, 1 + micros);
      return found(desk, judgeAnswers(desk.risk, row));
    };
    for (let i = 0; i < 97; i++) expect(answer(1_000)).toEqual([]);
    expect(answer(100_000)).toEqual([]);
    expect(answer(1_000)).toEqual([]);
    expect(answer(1_000)).toEqual([]);
    expect(answer(85_000)).toEqual(['alert maxLatency 85 of 100']);
    expect(answer(100_000)).toEqual(['breach maxLatency 100 of 100']);
  });
});

describe('trade velocity', () => {
  it('counts fills of the last sixty seconds', () => {
    const { desk, row } = holding({ tradesPerMinute: 5 });
    const trade = (at: number): string[] => {
      fillSeen(desk.risk, row, at);
      return found(desk, judgeRow(desk.risk, row, at));
    };
    expect([...trade(10), ...trade(20), ...trade(30)]).toEqual([]);
    expect(trade(60_000_010)).toEqual([]);
    expect(trade(60_000_011)).toEqual(['alert tradeVelocity 4 of 5']);
    expect(trade(60_000_019)).toEqual(['breach tradeVelocity 5 of 5']);
  });
});

describe('rows that nobody watches', () => {
  it('have nothing to say', () => {
    const { desk } = holding({});
    const custodian = 0;
    orderErred(desk.risk, custodian);
    orderAnswered(desk.risk, custodian, 1, 2);
    fillSeen(desk.risk, custodian, 1);
    startRowDay(desk.risk, custodian);
    capitalChanged(desk.risk, custodian, true);
    expect(judgeRow(desk.risk, custodian, 1) + judgeAnswers(desk.risk, custodian)).toBe(0);
  });
});
