import { expect, test } from 'vitest';
import { prng } from '../../base/prng.ts';
import { negInto } from '../../base/split.ts';
import { comparePair } from '../../testing/ledger/compare.ts';
import { ledgerOperations, noCounts, runHistory, type LedgerOperations } from '../../testing/ledger/history.ts';
import { ledgerWorld } from '../../testing/ledger/world.ts';
import { averageCostPair, resetBasis } from './average.ts';
import { checkSums } from './check-sums.ts';
import { leafLink } from './leaf.ts';
import {
  BASIS_CLOSED,
  BASIS_HELD,
  CELLS,
  FIRST_LOT,
  LAST_LOT,
  OWN_LINE,
  POSITION,
  leafLinks,
  leafStride,
  noLeaf,
  type Ledger,
} from './ledger.ts';
import { LOT_COST, LOT_NEXT, lotStride, noLot } from './lot-pool.ts';
import { CASH, CHAIN, linkStride, post, sums } from './money-rows.ts';

/** Histories that a fault may hide in before its checker counts as blind. */
const patience = 500;
const registry = ledgerWorld();

/** The first difference that the oracle or the sums find, and after how many histories. */
function find(operations: LedgerOperations): { readonly after: number; readonly wrong: string | undefined } {
  const random = prng('planted faults');
  const counts = noCounts();
  for (let after = 1; after <= patience; after++) {
    const pair = runHistory(random, registry, operations, counts);
    comparePair(pair);
    if (pair.wrong !== undefined) return { after, wrong: pair.wrong };
  }
  return { after: patience, wrong: undefined };
}

/** Money row chain of a leaf one row shorter: bookings no longer reach its last scope. */
function shortenChain(ledger: Ledger, leaf: number): void {
  ledger.money.links[leafLink(ledger, leaf, OWN_LINE) * linkStride + CHAIN] -= 1;
}

function swapEnds(ledger: Ledger, leaf: number): void {
  const first = leafLink(ledger, leaf, FIRST_LOT);
  const last = leafLink(ledger, leaf, LAST_LOT);
  if (first === last) return;
  const { cells } = ledger.lots;
  for (let n = 0; n < LOT_NEXT; n++) {
    const kept = cells[first * lotStride + n];
    cells[first * lotStride + n] = cells[last * lotStride + n];
    cells[last * lotStride + n] = kept;
  }
}

const faulty: [string, Partial<LedgerOperations>][] = [
  [
    'a fee with its sign turned',
    {
      bookFill(l, leaf, side, q, px, hi, lo, currency, id, at, out) {
        const turned = { hi, lo };
        negInto(turned, turned);
        return ledgerOperations.bookFill(l, leaf, side, q, px, turned.hi, turned.lo, currency, id, at, out);
      },
    },
  ],
  [
    'a leaf whose position skips one scope',
    {
      leafOf(l, row, account, listing, simulated) {
        const known = l.leaves.count;
        const leaf = ledgerOperations.leafOf(l, row, account, listing, simulated);
        if (leaf === known) l.leaves.links[leaf * leafLinks + CELLS] -= 1;
        return leaf;
      },
    },
  ],
  [
    'a leaf whose money skips one scope',
    {
      leafOf(l, row, account, listing, simulated) {
        const known = l.leaves.count;
        const leaf = ledgerOperations.leafOf(l, row, account, listing, simulated);
        if (leaf === known) shortenChain(l, leaf);
        return leaf;
      },
    },
  ],
  ['a paper leaf booked as a real one', { leafOf: (l, row, account, listing) => ledgerOperations.leafOf(l, row, account, listing, false) }],
  [
    'lots taken from the wrong end',
    {
      bookFill(l, leaf, side, q, px, hi, lo, currency, id, at, out) {
        swapEnds(l, leaf);
        return ledgerOperations.bookFill(l, leaf, side, q, px, hi, lo, currency, id, at, out);
      },
    },
  ],
  [
    'average cost that rounds each close by itself',
    {
      bookFill(l, leaf, side, q, px, hi, lo, currency, id, at, out) {
        const refusal = ledgerOperations.bookFill(l, leaf, side, q, px, hi, lo, currency, id, at, out);
        const work = new Float64Array(2);
        averageCostPair(work, 0, l, leaf);
        const held = l.leaves.numbers[leaf * leafStride + BASIS_HELD] - l.leaves.numbers[leaf * leafStride + BASIS_CLOSED];
        resetBasis(l, leaf, held, work, 0);
        return refusal;
      },
    },
  ],
  [
    'a bust that keeps the fee',
    { bustFill: (l, leaf, fill, at, out) => ledgerOperations.bustFill(l, leaf, { ...fill, commissionHi: 0, commissionLo: 0 }, at, out) },
  ],
  [
    'a correction that forgets where the fill was booked',
    { correctFill: (l, leaf, fill, is, at, out) => ledgerOperations.correctFill(l, leaf, { ...fill, leaf }, is, at, out) },
  ],
  [
    'a bust that does not find its lots',
    { bustFill: (l, leaf, fill, at, out) => ledgerOperations.bustFill(l, leaf, { ...fill, fill: 1 }, at, out) },
  ],
  [
    'a dividend booked as capital',
    {
      bookCashFlow: (l, flow, simulated) =>
        ledgerOperations.bookCashFlow(l, flow.flow === 'dividend' ? { ...flow, flow: 'deposit' } : flow, simulated),
    },
  ],
  ['a hand-over without its mark', { transferLots: (l, from, to, q, _mark, out) => ledgerOperations.transferLots(l, from, to, q, 0, out) }],
  [
    'a split with its ratio turned',
    { applyStockSplit: (l, instrument, n, d, marks) => ledgerOperations.applyStockSplit(l, instrument, d, n, marks) },
  ],
];

test.each(faulty)('%s is found', (_, fault) => {
  const { after, wrong } = find({ ...ledgerOperations, ...fault });
  console.log(`found after ${after} histories: ${wrong ?? 'nothing'}`);
  expect(wrong).toBeDefined();
});

test('without a fault nothing is found', () => {
  expect(find(ledgerOperations)).toEqual({ after: patience, wrong: undefined });
});

/** A ledger after a history that left lots open and places free, and the leaf with the longest queue. */
function usedLedger(): { readonly ledger: Ledger; readonly leaf: number } {
  const random = prng('used ledger');
  for (;;) {
    const { ledger } = runHistory(random, registry, ledgerOperations, noCounts());
    for (let leaf = 0; leaf < ledger.leaves.count; leaf++) {
      const queue = leafLink(ledger, leaf, FIRST_LOT) !== leafLink(ledger, leaf, LAST_LOT);
      if (queue && ledger.lots.free !== noLot && ledger.purses.all.length > 0) return { ledger, leaf };
    }
  }
}

const damages: [string, string, (ledger: Ledger, leaf: number) => void][] = [
  ['the leaf moves without its scopes', 'position', (l, leaf) => (l.leaves.numbers[leaf * leafStride + POSITION] += 1)],
  ['a scope moves without its leaves', 'position', (l) => (l.positions.units[0] += 1)],
  ['the gross position drifts', 'gross', (l) => (l.positions.gross[0] += 1)],
  [
    'a leaf is posted to without its scopes',
    'cash',
    (l, leaf) => (l.money.cells[(leafLink(l, leaf, OWN_LINE) * linkStride) / 2 + CASH + 1] += 1),
  ],
  ['a lot costs one unit more', 'entryCost', (l, leaf) => (l.lots.cells[leafLink(l, leaf, FIRST_LOT) * lotStride + LOT_COST + 1] += 1)],
  ['a lot holds one more', 'lots', (l, leaf) => (l.lots.cells[leafLink(l, leaf, FIRST_LOT) * lotStride] += 1)],
  ['the end of a queue is forgotten', 'lastLot', (l, leaf) => (l.leaves.links[leaf * leafLinks + LAST_LOT] = leafLink(l, leaf, FIRST_LOT))],
  ['a free place is lost', 'freePlaces', (l) => (l.lots.free = noLot)],
  ['the average book holds one more', 'averageHeld', (l, leaf) => (l.leaves.numbers[leaf * leafStride + BASIS_HELD] += 1)],
  ...Object.entries(sums)
    .filter(([name]) => name !== 'averageRealized')
    .map(([name, sum]): [string, string, (ledger: Ledger) => void] => [
      `a scope has one unit of ${name} that no leaf has`,
      name,
      (l) => {
        const delta = new Float64Array(22);
        delta[sum + 1] = 1;
        const [row] = l.scopeMoney.sortedKeys();
        post(l.money, l.scopeMoney.get(row) ?? noLeaf, delta);
      },
    ]),
];

test.each(damages)('the sums show that %s (%s)', (_, figure, damage) => {
  const { ledger, leaf } = usedLedger();
  expect(checkSums(ledger)).toEqual([]);
  damage(ledger, leaf);
  expect(checkSums(ledger).map((difference) => difference.figure)).toContain(figure);
});
