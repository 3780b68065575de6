import { expect, test } from 'vitest';
import { prng } from '../../base/prng.ts';
import type { Prng } from '../../base/prng.ts';
import type { Report } from '../../domain/report.ts';
import { floorScript } from '../../testing/venue/floor-script.ts';
import type { FloorScript } from '../../testing/venue/floor-script.ts';

const seeds = 60;
const stepsPerSeed = 400;

/** What the reports alone say about one order. */
interface Told {
  readonly side: 'buy' | 'sell';
  readonly reduceOnly: boolean;
  orderQty: number;
  cumQty: number;
  over: boolean;
}

interface Run {
  readonly script: FloorScript;
  readonly told: Map<number, Told>;
  nextID: number;
  position: number;
  trades: number;
}

function drawTerms(luck: Prng): Parameters<FloorScript['place']>[0] {
  const side = luck.int(2) === 0 ? 'buy' : 'sell';
  const price = 90 + luck.int(21);
  const orderQty = 1 + luck.int(20);
  const timeInForce = (['day', 'gtc', 'ioc', 'fok'] as const)[luck.int(4)];
  const reduceOnly = luck.int(4) === 0;
  switch (luck.int(6)) {
    case 0:
      return { side, ordType: 'market', orderQty, reduceOnly };
    case 1:
      return { side, ordType: 'stop', stopPx: price, orderQty, reduceOnly };
    case 2:
      return { side, ordType: 'stopLimit', stopPx: price, price: price + luck.int(5) - 2, orderQty, reduceOnly };
    case 3:
      return { side, ordType: 'trailingStop', trailOffset: 1 + luck.int(6), orderQty, reduceOnly };
    default:
      return { side, price, orderQty, timeInForce, reduceOnly, postOnly: timeInForce === 'gtc' && luck.int(3) === 0 };
  }
}

function placeSomething(run: Run, luck: Prng): void {
  const { script, told } = run;
  const note = (terms: Parameters<FloorScript['place']>[0]): void => {
    told.set(run.nextID, {
      side: terms.side ?? 'buy',
      reduceOnly: terms.reduceOnly ?? false,
      orderQty: terms.orderQty ?? 10,
      cumQty: 0,
      over: false,
    });
    script.place({ ...terms, clOrdID: run.nextID++ });
  };
  if (luck.int(6) > 0) {
    note(drawTerms(luck));
    return;
  }
  const entry = run.nextID;
  const orderQty = 1 + luck.int(20);
  const reduceOnly = luck.int(3) === 0;
  note({ side: 'buy', price: 98 + luck.int(4), orderQty, leg: 'entry' });
  note({ side: 'sell', ordType: 'stop', stopPx: 94, orderQty, leg: 'stop', bracketOf: entry, reduceOnly });
  note({ side: 'sell', price: 104, orderQty, leg: 'target', bracketOf: entry, reduceOnly });
}

function act(run: Run, luck: Prng): void {
  const { script } = run;
  const some = 1 + luck.int(run.nextID);
  const draw = luck.int(100);
  if (draw < 30) placeSomething(run, luck);
  else if (draw < 50)
    script.rest(luck.int(2) === 0 ? 'bid' : 'ask', luck.int(2) === 0 ? 88 + luck.int(10) : 103 + luck.int(10), 1 + luck.int(15));
  else if (draw < 75) script.hit(luck.int(2) === 0 ? 'buy' : 'sell', 1 + luck.int(25));
  else if (draw < 85) script.cancel(some, 1_000_000 + run.nextID++);
  else if (draw < 95) replaceSomething(run, luck, some);
  else if (draw < 98) script.floor.query(some);
  else {
    script.floor.setPhase(0, 'closed');
    script.floor.setPhase(0, 'open');
  }
}

function replaceSomething(run: Run, luck: Prng, target: number): void {
  const told = run.told.get(target);
  if (told === undefined) return;
  const ordType = (['limit', 'stop', 'stopLimit'] as const)[luck.int(3)];
  const clOrdID = run.nextID++;
  run.told.set(clOrdID, { ...told });
  const prices = { price: 90 + luck.int(21), stopPx: 90 + luck.int(21) };
  run.script.replace(target, { clOrdID, side: told.side, ordType, ...prices, orderQty: 1 + luck.int(20), reduceOnly: told.reduceOnly });
}

/** Takes in one report; @returns what is wrong with it, or ''. */
function judge(run: Run, report: Report): string {
  const id = report.origClOrdID !== 0 && report.execType === 'canceled' ? report.origClOrdID : report.clOrdID;
  const told = run.told.get(id);
  if (
    told === undefined ||
    report.execType === 'cancelRejected' ||
    report.execType === 'replaceRejected' ||
    report.execType === 'unknownOrder'
  )
    return '';
  if (report.execType === 'orderStatus')
    return report.cumQty === told.cumQty ? '' : `order ${id}: status says ${report.cumQty} done, its trades ${told.cumQty}`;
  if (told.over) return `order ${id}: ${report.execType} after its end`;
  if (report.execType === 'replaced') told.cumQty = run.told.get(report.origClOrdID)?.cumQty ?? NaN;
  if (report.orderQty > 0) told.orderQty = report.orderQty;
  if (report.execType === 'trade') {
    run.trades += 1;
    const before = run.position;
    told.cumQty += report.lastQty;
    run.position += told.side === 'buy' ? report.lastQty : -report.lastQty;
    if (told.reduceOnly && (Math.abs(run.position) > Math.abs(before) || run.position * before < 0))
      return `order ${id}: reduce-only took ${before} to ${run.position}`;
  }
  told.over =
    report.execType === 'rejected' ||
    report.execType === 'canceled' ||
    report.execType === 'expired' ||
    (report.execType === 'trade' && report.leavesQty === 0);
  if (report.cumQty !== told.cumQty) return `order ${id}: report says ${report.cumQty} done, its trades ${told.cumQty}`;
  const left = told.over ? 0 : told.orderQty - told.cumQty;
  return report.leavesQty === left ? '' : `order ${id}: ${report.execType} says ${report.leavesQty} left, expected ${left}`;
}

/** First thing wrong in a run, '' = nothing. `spoil` may change reports: that is how the checker is checked. */
function firstFault(seed: number, spoil: (report: Report) => Report): { fault: string; trades: number } {
  const luck = prng(`floor/${seed}`);
  const script = floorScript({ selfMatch: (['allow', 'cancelResting', 'cancelIncoming'] as const)[seed % 3] });
  const run: Run = { script, told: new Map(), nextID: 1, position: 0, trades: 0 };
  let read = 0;
  const check = (): string => {
    for (; read < script.reports.length; read++) {
      const fault = judge(run, spoil(script.reports[read]));
      if (fault !== '') return fault;
    }
    return script.floor.positions.of(0, 0) === run.position
      ? ''
      : `the venue holds ${script.floor.positions.of(0, 0)}, the reports say ${run.position}`;
  };
  for (let step = 0; step < stepsPerSeed; step++) {
    act(run, luck);
    const fault = check();
    if (fault !== '') return { fault: `seed ${seed}, step ${step}: ${fault}`, trades: run.trades };
  }
  script.floor.cancelAll();
  const open = script.floor.openOrders(0).length;
  return { fault: open === 0 ? check() : `seed ${seed}: ${open} orders live after all were taken back`, trades: run.trades };
}

test('reports alone tell every order and position, reduce-only never adds, and everything can be taken back', () => {
  let trades = 0;
  for (let seed = 1; seed <= seeds; seed++) {
    const run = firstFault(seed, (report) => report);
    expect(run.fault).toBe('');
    trades += run.trades;
  }
  console.log(`floor: ${seeds * stepsPerSeed} steps in ${seeds} seeds, ${trades} executions of the desk`);
  expect(trades).toBeGreaterThan(1000);
});

test.each([
  [
    'a lost lot',
    (report: Report): Report =>
      report.execType === 'trade' && report.lastQty > 3 ? { ...report, leavesQty: report.leavesQty + 1 } : report,
  ],
  ['a report after the end', (report: Report): Report => (report.execType === 'canceled' ? { ...report, execType: 'restated' } : report)],
  [
    'a trade told on the wrong order',
    (report: Report): Report => (report.execType === 'trade' ? { ...report, clOrdID: report.clOrdID - 1 } : report),
  ],
])('a planted fault is found: %s', (_, spoil) => {
  const found = Array.from({ length: 6 }, (_seed, i) => firstFault(i + 1, spoil).fault).filter((fault) => fault !== '');
  expect(found.length).toBeGreaterThan(0);
});
