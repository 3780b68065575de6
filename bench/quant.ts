import { cpus } from 'node:os';
import { createBetting } from '../src/quant/evidence/betting.ts';
import { bernoulliMixture } from '../src/quant/evidence/bernoulli-mixture.ts';
import { createAdx } from '../src/quant/indicators/adx.ts';
import { createAtr } from '../src/quant/indicators/atr.ts';
import { createBollinger } from '../src/quant/indicators/bollinger.ts';
import { createDonchian } from '../src/quant/indicators/donchian.ts';
import { createEma } from '../src/quant/indicators/ema.ts';
import { createMacd } from '../src/quant/indicators/macd.ts';
import { createRsi } from '../src/quant/indicators/rsi.ts';
import { createSma } from '../src/quant/indicators/sma.ts';
import { dickeyFuller } from '../src/quant/stats/dickey-fuller.ts';
import { engleGranger } from '../src/quant/stats/engle-granger.ts';
import { generatedPair, generatedWalk } from '../src/testing/quant/generated-pairs.ts';

/**
 * Nanoseconds per observation of the streaming indicators and per call of the tests, best of the rounds. Included: the loop and the reading
 * of the operands. Excluded: warm-up, making the series. Usage: node --import tsx bench/quant.ts [--rounds N] [--json]
 */
interface Bench {
  readonly name: string;
  readonly ops: number;
  readonly run: (n: number) => number;
}

const BARS = 1_000_000;
const WINDOW = 126;

function indicatorBenches(): Bench[] {
  const close = generatedWalk(1, BARS);
  const high = close.map((x) => x + 0.7);
  const low = close.map((x) => x - 0.4);
  const overCloses = (name: string, make: () => { push(value: number): number | undefined }): Bench => {
    const run = (n: number): number => {
      const indicator = make();
      let total = 0;
      for (let i = 0; i < n; i++) total += indicator.push(close[i]) ?? 0;
      return total;
    };
    return { name, ops: BARS, run };
  };
  const overBars = (name: string, make: () => (i: number) => number | undefined): Bench => {
    const run = (n: number): number => {
      const push = make();
      let total = 0;
      for (let i = 0; i < n; i++) total += push(i) ?? 0;
      return total;
    };
    return { name, ops: BARS, run };
  };
  return [
    overCloses('SMA(20)', () => createSma(20)),
    overCloses('SMA(200)', () => createSma(200)),
    overCloses('EMA(20)', () => createEma(20)),
    overCloses('RSI(14)', () => createRsi(14)),
    overCloses('Bollinger(20, 2)', () => {
      const bollinger = createBollinger(20);
      return { push: (value) => bollinger.push(value)?.lower };
    }),
    overCloses('MACD(12, 26, 9)', () => {
      const macd = createMacd();
      return { push: (value) => macd.push(value)?.signal };
    }),
    overBars('ATR(14)', () => {
      const atr = createAtr(14);
      return (i) => atr.push(high[i], low[i], close[i]);
    }),
    overBars('ADX(14)', () => {
      const adx = createAdx(14);
      return (i) => adx.push(high[i], low[i], close[i]);
    }),
    overBars('Donchian(20)', () => {
      const donchian = createDonchian(20);
      return (i) => donchian.push(high[i], low[i])?.upper;
    }),
  ];
}

function testBenches(): Bench[] {
  const pairs = Array.from({ length: 50 }, (_, number) => {
    const { response, regressor } = generatedPair(number * 4 + 1);
    return { response: response.slice(0, WINDOW), regressor: regressor.slice(0, WINDOW) };
  });
  const each =
    (f: (i: number) => number): Bench['run'] =>
    (n) => {
      let total = 0;
      for (let i = 0; i < n; i++) total += f(i);
      return total;
    };
  const cointegration = (i: number): number => {
    const { response, regressor } = pairs[i % pairs.length];
    const found = engleGranger(response, [regressor]);
    return found.ok ? found.value.pValue : 0;
  };
  const unitRoot = (i: number): number => {
    const found = dickeyFuller(pairs[i % pairs.length].response, { terms: 'constant' });
    return found.ok ? found.value.pValue : 0;
  };
  const bets = (n: number): number => {
    const betting = createBetting({ side: 'edge', nullMean: 0, grid: [1, 2, 4, 8, 16, 32], stressMove: 1 / 32 });
    if (!betting.ok) throw new Error(betting.error.code);
    for (let i = 0; i < n; i++) betting.value.observe(((i * 7919) % 41) / 10_000 - 0.002);
    return betting.value.peak();
  };
  return [
    { name: 'Engle-Granger, formation window of 126', ops: 2000, run: each(cointegration) },
    { name: 'Dickey-Fuller, 126 values', ops: 2000, run: each(unitRoot) },
    { name: 'betting e-process, one datum, 6 bets', ops: 1e6, run: bets },
    { name: 'Bernoulli mixture of 5000 trials', ops: 2000, run: each((i) => bernoulliMixture(i % 60, 5000, 0.01)) },
  ];
}

/** Best of the rounds, in nanoseconds per operation. */
function measure(bench: Bench, rounds: number): number {
  bench.run(Math.min(bench.ops, 200_000));
  let best = Infinity;
  for (let round = 0; round < rounds; round++) {
    const began = process.hrtime.bigint();
    bench.run(bench.ops);
    best = Math.min(best, Number(process.hrtime.bigint() - began) / bench.ops);
  }
  return Math.round(best * 10) / 10;
}

function main(): void {
  const at = process.argv.indexOf('--rounds');
  const rounds = at < 0 ? 5 : Number(process.argv[at + 1]);
  const nanoseconds = Object.fromEntries([...indicatorBenches(), ...testBenches()].map((bench) => [bench.name, measure(bench, rounds)]));
  const machine = `${cpus()[0].model} x ${cpus().length}`;
  const excluded = 'warm-up, making the series';
  if (process.argv.includes('--json')) {
    console.log(JSON.stringify({ bench: 'quant', rounds, machine, node: process.version, excluded, nanoseconds }));
    return;
  }
  console.log(`quant: nanoseconds per operation, best of ${rounds}; ${machine}, Node ${process.version}; excluded: ${excluded}`);
  for (const [name, ns] of Object.entries(nanoseconds)) console.log(`${name.padEnd(40)} ${ns.toFixed(1).padStart(10)} ns`);
}

main();
