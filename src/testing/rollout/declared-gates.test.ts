import { describe, expect, it } from 'vitest';
import { lots, ticks } from '../../base/units.ts';
import type { Decision, EvidenceTaken, GateJudged } from '../../domain/decision.ts';
import type { DeploymentSpec, GateSpec } from '../../domain/spec.ts';
import { answerOf, openDesk, reportOf, sentOf, trader, type RolloutDesk } from './rollout-desk.ts';
import { canary, paper, rung } from './rollout-specs.ts';

const minute = 60_000_000;
const expectations = { annualVol: null, stressLossPerInterval: 0.03, interval: { days: 0, micros: minute } };
type Numbers = Readonly<Record<string, string | number | readonly number[]>>;

function gate(test: string, metric: string, parameters: Numbers): GateSpec {
  return { name: 'g', test, metric, parameters };
}

function guarded(one: GateSpec, more: Partial<DeploymentSpec> = {}): DeploymentSpec {
  const stages = [rung(100), rung(500, { entryGates: ['g'] })];
  return canary('d', '1.0.0', { onInconclusive: 'hold', expect: expectations, gates: [one], stages, ...more });
}

/** A limit order that fills so many ticks worse than the middle that it met. */
function trade(desk: RolloutDesk, row: number, side: 'buy' | 'sell', qty: number, mid: number, worse = 0, simulated = false): void {
  const sign = side === 'buy' ? 1 : -1;
  const px = mid + sign * worse;
  const seen = { arrivalBid: ticks(mid - 1), arrivalAsk: ticks(mid + 1), price: ticks(px) };
  const [id] = sentOf(desk.intent(row, side, qty, seen));
  desk.say(
    reportOf(desk, id, 0, { execType: 'trade', lastQty: lots(qty), lastPx: ticks(px), cumQty: lots(qty), leavesQty: lots(0), simulated }),
  );
}

function minutes(desk: RolloutDesk, moves: readonly number[], mid: number, each: (price: number) => void = () => undefined): number {
  let price = mid;
  for (const move of moves) {
    price += move;
    desk.advance(minute - (desk.at % minute) - 500_000);
    desk.mark(0, price);
    desk.mark(1);
    each(price);
    desk.advance(600_000);
  }
  return price;
}

function decisions(desk: RolloutDesk): readonly Decision[] {
  return desk.turns.flatMap((turn) => turn.decisions);
}

function last(desk: RolloutDesk, name = 'g'): GateJudged | undefined {
  return decisions(desk)
    .filter((one): one is GateJudged => one.kind === 'gateJudged' && one.gate === name)
    .at(-1);
}

describe('a challenger against a baseline', () => {
  const parity = gate('pairedE', 'netReturn', { margin: 0.002, alpha: 0.05, against: 'shadow', stress: 0.06 });

  it('that is not there stays inconclusive', () => {
    const desk = openDesk();
    desk.deploy(guarded(parity));
    minutes(desk, [0, 0, 0], 10_000);
    expect(last(desk)).toMatchObject({ verdict: 'inconclusive', text: 'there is no shadow to be measured against' });
  });

  it('on paper beside it bets on the differences of the same intervals, and passes when it keeps up', () => {
    const desk = openDesk();
    const shadow = desk.deploy({ ...paper('s', '1.1.0', null), promotionCriteria: null, expect: expectations });
    const row = desk.deploy(guarded(parity));
    trade(desk, shadow, 'buy', 5_000, 10_000, 0, true);
    trade(desk, row, 'buy', 50, 10_000);
    minutes(desk, [0, 0], 10_000);
    // both hold half of their capital: the same returns, so that a difference of 0 beats the margin of 0.2 % every time
    minutes(desk, new Array<number>(200).fill(1), 10_000);
    const all = decisions(desk).filter((one): one is EvidenceTaken => one.kind === 'evidenceTaken' && one.side === 'paired');
    // from its promotion on it holds a smaller share of its capital than the other
    const paired = all.slice(
      0,
      all.findIndex(({ datum }) => Math.abs(datum) > 1e-12),
    );
    expect(paired.length).toBeGreaterThan(30);
    const growth = [1 / 32, 1 / 16, 1 / 8, 1 / 4, 1 / 2, 1].map((share) => 1 + (share / 0.06) * 0.002);
    const n = paired.length;
    const byHand = growth.reduce((sum, one) => sum + Math.exp(n * Math.log(one)) / growth.length, 0);
    expect((paired.at(-1)?.value ?? 0) / byHand).toBeCloseTo(1, 9);
    expect(desk.core.rollout.deployments[1].stage).toBe(1);
    expect(decisions(desk).some((one) => one.kind === 'gateJudged' && one.gate === 'g' && one.verdict === 'pass')).toBe(true);
  });

  it('whose orders cost more is not promoted', () => {
    const desk = openDesk();
    const shadow = desk.deploy({ ...paper('s', '1.1.0', null), promotionCriteria: null, expect: expectations });
    const costs = gate('pairedE', 'orderShortfallBps', { margin: 0.5, alpha: 0.05, against: 'shadow', stress: 20 });
    const row = desk.deploy(guarded(costs));
    const both = (worse: number) => (price: number) => {
      const side = desk.turns.length % 2 === 0 ? 'buy' : 'sell';
      trade(desk, shadow, side, 1, price, 0, true);
      trade(desk, row, side, 1, price, worse);
    };
    minutes(desk, new Array<number>(40).fill(0), 10_000, both(2));
    const paired = decisions(desk).filter((one): one is EvidenceTaken => one.kind === 'evidenceTaken' && one.side === 'paired');
    expect(paired.length).toBeGreaterThan(20);
    expect(paired.at(-1)?.datum).toBeCloseTo(-2, 9);
    expect(paired.at(-1)?.value).toBeLessThan(1);
    expect(last(desk)?.verdict).toBe('inconclusive');
  });
});

describe('rates by an e-value', () => {
  it('errors fewer than allowed pass when that is shown, and not before', () => {
    const desk = openDesk();
    const row = desk.deploy(guarded(gate('bernoulliE', 'errorRate', { maximum: 0.05, minE: 10 })));
    const answered = (price: number): void => {
      const [id] = sentOf(desk.intent(row, desk.turns.length % 2 === 0 ? 'buy' : 'sell', 1, { price: ticks(price) }));
      desk.say(reportOf(desk, id, 0, {}));
      desk.say(reportOf(desk, id, 0, { execType: 'canceled' }));
    };
    minutes(desk, new Array<number>(20).fill(0), 10_000, answered);
    expect(last(desk)?.verdict).toBe('inconclusive');
    minutes(desk, new Array<number>(60).fill(0), 10_000, answered);
    expect(desk.core.rollout.deployments[0].stage).toBe(1);
  });

  it('wins by chance do not pass', () => {
    const desk = openDesk();
    const row = desk.deploy(guarded(gate('bernoulliE', 'winRate', { minimum: 0.5, minE: 20 })));
    minutes(desk, new Array<number>(40).fill(0), 10_000, (price) => {
      trade(desk, row, 'buy', 1, price);
      trade(desk, row, 'sell', 1, price, desk.turns.length % 2 === 0 ? 3 : -3);
    });
    expect(last(desk)?.verdict).toBe('inconclusive');
    expect(last(desk)?.text).toMatch(/^e = 0\.\d+ of 20 for more than 0\.5: \d+ of \d+ round trips won$/);
  });
});

describe('Mann-Whitney is looked at once', () => {
  const costs = gate('mannWhitney', 'orderShortfallBps', { margin: 1, samples: 20, against: 'shadow' });
  function compared(worse: number): RolloutDesk {
    const desk = openDesk();
    const shadow = desk.deploy({ ...paper('s', '1.1.0', null), promotionCriteria: null, expect: expectations });
    const row = desk.deploy(guarded(costs));
    let n = 0;
    minutes(desk, new Array<number>(30).fill(0), 10_000, (price) => {
      n++;
      trade(desk, shadow, n % 2 === 0 ? 'buy' : 'sell', 1, price, n % 3, true);
      trade(desk, row, n % 2 === 0 ? 'buy' : 'sell', 1, price, worse + (n % 3));
    });
    return desk;
  }

  it('passes what is not worse by the margin', () => {
    const desk = compared(-1);
    expect(desk.core.rollout.deployments[1].stage).toBe(1);
  });

  it('fails what is clearly worse, and that word stands', () => {
    const desk = compared(4);
    const spoken = last(desk);
    expect(spoken).toMatchObject({ verdict: 'fail' });
    expect(desk.core.rollout.deployments[1]).toMatchObject({ phase: 'Paused', failedGate: 'g' });
    expect(desk.core.rollout.deployments[1].spoken.get('g')?.verdict).toBe('fail');
  });
});

describe('Sharpe ratios', () => {
  const moves = Array.from({ length: 80 }, (_, n) => (n % 4 === 0 ? -60 : 50));
  const dry = (gates: readonly GateSpec[], minSharpeRatio: number | null = null): DeploymentSpec => {
    const base = paper('s', '1.0.0', null);
    const criteria = {
      minDuration: { days: 0, micros: 60 * minute },
      minTrades: 0,
      minPnL: '-1000000',
      maxDrawdown: null,
      minWinRate: null,
    };
    return { ...base, gates, expect: expectations, promotionCriteria: { ...criteria, minSharpeRatio }, onInconclusive: 'pause' };
  };
  function judged(gates: readonly GateSpec[], minSharpeRatio: number | null = null): RolloutDesk {
    const desk = openDesk();
    const row = desk.deploy(dry(gates, minSharpeRatio));
    trade(desk, row, 'buy', 5_000, 10_000, 0, true);
    minutes(desk, moves, 10_000);
    return desk;
  }

  it('the threshold of the seeds is shown with its interval, its PSR and the record that would show it', () => {
    const desk = judged([], 1.5);
    expect(last(desk, 'minSharpeRatio')?.text).toMatch(
      /^Sharpe ratio \d+\.\d\d of a year, 95 % interval -?[\d.]+ to [\d.]+, PSR 2012 0\.\d+ after \d+ returns, \d+ returns would show it$/,
    );
    expect(last(desk, 'minSharpeRatio')?.verdict).toBe('pass');
    expect(last(judged([], 1e6), 'minSharpeRatio')?.verdict).toBe('fail');
  });

  it('both variants of the PSR are judged by their names, and disagree', () => {
    const text = ['psr2012', 'psr2025'].map((test) => last(judged([gate(test, 'netReturn', { minimum: 0.9 })]))?.text ?? '');
    expect(text[0]).toMatch(/^PSR 2012 0\.\d+ against 0 of a year/);
    expect(text[1]).toMatch(/^PSR 2025 0\.\d+ against 0 of a year/);
    expect(text[0].slice(8)).not.toBe(text[1].slice(8));
  });

  it('the length of the record and the e-t are judged on paper', () => {
    expect(last(judged([gate('minTRL', 'netReturn', { minimum: 0.95 })]))?.text).toMatch(/^\d+ of \d+ returns$/);
    expect(last(judged([gate('eT', 'netReturn', { minE: 20 })]))?.text).toMatch(
      /^e-t = [\d.]+ of 20 after \d+ returns, as if they were normal$/,
    );
  });
});

describe('a gate that cannot be judged is refused by its name when the spec arrives', () => {
  it.each([
    [gate('dsr', 'netReturn', {}), 'expected the count of the registry of trials'],
    [gate('tea-leaves', 'netReturn', {}), 'test: expected one of bettingE, pairedE, '],
    [gate('pairedE', 'moonPhase', {}), 'metric: pairedE judges netReturn, orderShortfallBps, was moonPhase'],
    [gate('eT', 'netReturn', {}), 'eT holds for normal returns only'],
    [gate('pairedE', 'orderShortfallBps', { alpha: 0.05, stress: 0 }), 'stress: expected the largest difference'],
    [gate('pairedE', 'netReturn', { alpha: 0.05, against: 'the neighbour' }), 'against: expected one of champion, shadow, baseline'],
    [gate('mannWhitney', 'latencyMs', {}), 'margin: expected how much worse'],
    [gate('bernoulliE', 'winRate', {}), 'minimum: expected a rate'],
    [gate('psr2012', 'netReturn', { minimum: 1.2 }), 'minimum: expected a probability'],
  ])('%j', (one, sentence) => {
    const answer = answerOf(openDesk().order({ verb: 'deploy', spec: guarded(one) }, trader));
    expect(answer.code).toBe('GATE_NOT_JUDGED');
    expect(answer.text).toContain(sentence);
  });
});
