import { expect, test } from 'vitest';
import { splitZero, toBigInt } from '../../base/split.ts';
import { lots, micros, ticks } from '../../base/units.ts';
import { ledgerWorld } from '../../testing/ledger/world.ts';
import { averageCostInto } from './average.ts';
import { bookFill, createBooking } from './booking.ts';
import { checkSums } from './check-sums.ts';
import { bustFill, correctFill, type BookedFill } from './correction.ts';
import { leafLink, leafOf, positionOfLeaf } from './leaf.ts';
import { FIRST_LOT, addRow, createLedger, type LeafIx, type Ledger } from './ledger.ts';
import { LOT_COST, LOT_NEXT, LOT_QTY, lotStride, noLot } from './lot-pool.ts';
import { sums, type SumName } from './money-rows.ts';
import { readPair } from './pair.ts';
import { leafSumInto } from './valuation.ts';

const registry = ledgerWorld();
/** One lot of one tick is one euro cent. */
const listing = 2;
const eur = 1;
const out = createBooking();
const money = splitZero();

function newLedger(): { readonly ledger: Ledger; readonly leaf: LeafIx } {
  const ledger = createLedger(registry);
  addRow(ledger, 0, 0);
  return { ledger, leaf: leafOf(ledger, 0, 0, listing, false) };
}

/** Plays `+10@100` (bought), `-4@110` (sold), `!0` (fill 0 busted), `~0:10@101` (fill 0 corrected); fills count from 0. Every fill costs 1 cent. */
function play(ledger: Ledger, leaf: LeafIx, script: string): void {
  const fills: BookedFill[] = [];
  for (const word of script.split(' ')) {
    const [, verb, n, qty, px] = /^(?:([+-])|([!~]?\d+):?)(\d*)@?(-?\d*)$/.exec(word) ?? [];
    if (verb !== undefined) {
      const side = verb === '+' ? 'buy' : 'sell';
      expect(bookFill(ledger, leaf, side, lots(Number(qty)), ticks(Number(px)), 0, 1, eur, fills.length, micros(0), out)).toBeUndefined();
      const terms = { lots: lots(Number(qty)), px: ticks(Number(px)), commissionHi: 0, commissionLo: 1, commissionCurrency: eur };
      fills.push({ leaf, fill: out.fill, clOrdID: fills.length, side, ...terms });
    } else {
      const at = Number(n.slice(1));
      const terms = { ...fills[at], lots: lots(Number(qty)), px: ticks(Number(px)) };
      const refusal = n.startsWith('!')
        ? bustFill(ledger, leaf, fills[at], micros(0), out)
        : correctFill(ledger, leaf, fills[at], terms, micros(0), out);
      expect(refusal).toBeUndefined();
      fills[at] = terms;
    }
  }
}

function sum(ledger: Ledger, leaf: LeafIx, name: SumName): bigint {
  leafSumInto(money, ledger, leaf, eur, sums[name]);
  return toBigInt(money);
}

/** `position | FIFO lots with their cost | FIFO realized | average quantity and cost | average realized | cash | entry cost` */
function books(ledger: Ledger, leaf: LeafIx): string {
  const { cells } = ledger.lots;
  const queue: string[] = [];
  for (let lot = leafLink(ledger, leaf, FIRST_LOT); lot !== noLot; lot = cells[lot * lotStride + LOT_NEXT]) {
    readPair(money, cells, lot * lotStride + LOT_COST);
    queue.push(`${cells[lot * lotStride + LOT_QTY]}:${toBigInt(money)}`);
  }
  const held = averageCostInto(money, ledger, leaf);
  const average = `${held}:${toBigInt(money)}`;
  const figures = [
    positionOfLeaf(ledger, leaf),
    queue.join(' '),
    sum(ledger, leaf, 'realized'),
    average,
    sum(ledger, leaf, 'averageRealized'),
  ];
  return [...figures, sum(ledger, leaf, 'cash'), sum(ledger, leaf, 'entryCost')].join(' | ');
}

const scenarios: [string, string, string][] = [
  ['a purchase is a lot at its price', '+10@100', '10 | 10:1000 | 0 | 10:1000 | 0 | -1000 | 1000'],
  ['a partial sale realizes its part', '+10@100 -4@110', '6 | 6:600 | 40 | 6:600 | 40 | -560 | 600'],
  [
    'the oldest lots are sold first, average cost sells of all',
    '+10@100 +10@200 -5@300',
    '15 | 5:500 10:2000 | 1000 | 15:2250 | 750 | -1500 | 2500',
  ],
  ['a sale may take several lots and a part', '+3@100 +3@110 +3@120 -7@130', '2 | 2:240 | 160 | 2:220 | 140 | -80 | 240'],
  ['a short position is a lot with the proceeds as cost', '-10@100', '-10 | 10:1000 | 0 | 10:1000 | 0 | 1000 | 1000'],
  ['buying back below the sale is a gain', '-10@100 +4@90', '-6 | 6:600 | 40 | 6:600 | 40 | 640 | 600'],
  ['a fill through zero closes all and opens the rest at the same price', '+10@100 -15@110', '-5 | 5:550 | 100 | 5:550 | 100 | 650 | 550'],
  ['and the other way round', '-10@100 +15@110', '5 | 5:550 | -100 | 5:550 | -100 | -650 | 550'],
  ['a closed position leaves nothing but PnL', '+10@100 -10@101', '0 |  | 10 | 0:0 | 10 | 10 | 0'],
  ['average cost, first part of 10 over 3 takes 3', '+2@3 +1@4 -1@0', '2 | 1:3 1:4 | -3 | 2:7 | -3 | -10 | 7'],
  ['the second takes floor(20 / 3) - 3 = 3', '+2@3 +1@4 -1@0 -1@0', '1 | 1:4 | -6 | 1:4 | -6 | -10 | 4'],
  ['the last takes the rest', '+2@3 +1@4 -1@0 -1@0 -1@0', '0 |  | -10 | 0:0 | -10 | -10 | 0'],
  [
    'adding rebases: what is left and the new cost over what is left and the new quantity',
    '+3@100 -1@100 +2@131 -1@131',
    '3 | 1:100 2:262 | 31 | 3:347 | 16 | -331 | 362',
  ],
  ['prices below zero pay the buyer', '+10@-5', '10 | 10:-50 | 0 | 10:-50 | 0 | 50 | 50'],
  ['and their sale realizes the difference', '+10@-5 -10@5', '0 |  | 100 | 0:0 | 100 | 100 | 0'],
  ['average cost below zero is floored downward', '+3@-1 +2@-2 -1@0', '4 | 2:-2 2:-4 | 1 | 4:-5 | 2 | 7 | 6'],
  [
    'money goes beyond 2^53',
    '+1099511627776@1048577 -1@1048576',
    '1099511627775 | 1099511627775:1152922604117426175 | -1 | 1099511627775:1152922604117426175 | -1 | -1152922604117426176 | 1152922604117426175',
  ],

  ['a busted fill whose lots are open takes them along', '+10@100 +5@120 !0', '5 | 5:600 | 0 | 5:600 | 0 | -600 | 600'],
  ['wherever they stand in the queue', '+10@100 +5@120 +1@130 !1', '11 | 10:1000 1:130 | 0 | 11:1130 | 0 | -1130 | 1130'],
  [
    'lots that a busted sale closed come back at the price of the sale',
    '+10@100 -10@110 !1',
    '10 | 10:1100 | 100 | 10:1100 | 100 | -1000 | 1100',
  ],
  [
    'lots that were sold on are bought back by a lot on the other side',
    '+10@100 -10@110 !0',
    '-10 | 10:1000 | 100 | 10:1000 | 100 | 1100 | 1000',
  ],
  [
    'a busted lot that was sold in part: the rest goes, the part is compensated',
    '+10@100 -4@110 !0',
    '-4 | 4:400 | 40 | 4:400 | 40 | 440 | 400',
  ],
  ['the compensation closes what is there first', '+10@100 -4@110 +4@105 !0', '0 |  | 20 | 0:0 | 20 | 20 | 0'],
  ['a busted fill through zero', '+10@100 -15@110 !1', '10 | 10:1100 | 100 | 10:1100 | 100 | -1000 | 1100'],

  ['a corrected price moves the open lots', '+10@100 +5@120 ~0:10@101', '15 | 10:1010 5:600 | 0 | 15:1610 | 0 | -1610 | 1610'],
  ['what was closed since is realized again', '+10@100 -4@110 ~0:10@101', '6 | 6:606 | 36 | 6:606 | 36 | -570 | 606'],
  ['a corrected sale changes what it realized', '+10@100 -4@110 ~1:4@120', '6 | 6:600 | 80 | 6:600 | 80 | -520 | 600'],
  [
    'a larger quantity joins the open lots in their place',
    '+10@100 +5@120 ~0:12@100',
    '17 | 12:1200 5:600 | 0 | 17:1800 | 0 | -1800 | 1800',
  ],
  ['a smaller one shrinks them', '+10@100 +5@120 ~0:7@100', '12 | 7:700 5:600 | 0 | 12:1300 | 0 | -1300 | 1300'],
  ['a larger sale than was reported closes more', '+10@100 -4@110 ~1:6@110', '4 | 4:400 | 60 | 4:400 | 60 | -340 | 400'],
  ['a smaller sale gives the difference back at its price', '+10@100 -4@110 ~1:1@110', '9 | 6:600 3:330 | 40 | 9:930 | 40 | -890 | 930'],
  ['a correction can be corrected', '+10@100 ~0:10@101 ~0:8@99', '8 | 8:792 | 0 | 8:792 | 0 | -792 | 792'],
  ['and busted', '+10@100 ~0:10@101 !0', '0 |  | 0 | 0:0 | 0 | 0 | 0'],
];

test.each(scenarios)('%s: %s', (_, script, expected) => {
  const { ledger, leaf } = newLedger();
  play(ledger, leaf, script);
  expect(books(ledger, leaf)).toBe(expected);
  expect(checkSums(ledger)).toEqual([]);
});

test('a bust gives the fee back, takes the volume away and one trade', () => {
  const { ledger, leaf } = newLedger();
  play(ledger, leaf, '+10@100 -4@110 +1@90 !2');
  const figures = (['fees', 'bought', 'sold', 'trades'] as const).map((name) => sum(ledger, leaf, name));
  expect(figures).toEqual([2n, 1000n, 440n, 2n]);
});

test('a correction keeps the number of trades', () => {
  const { ledger, leaf } = newLedger();
  play(ledger, leaf, '+10@100 ~0:9@100');
  const figures = (['fees', 'bought', 'sold', 'trades'] as const).map((name) => sum(ledger, leaf, name));
  expect(figures).toEqual([1n, 900n, 0n, 1n]);
});
