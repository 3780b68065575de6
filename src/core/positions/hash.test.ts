import { expect, test } from 'vitest';
import { byteWriter } from '../../base/canonical.ts';
import { prng } from '../../base/prng.ts';
import { hex, sha256 } from '../../base/sha256.ts';
import { ledgerDesk, type LedgerDesk } from '../../testing/ledger/desk.ts';
import { ledgerOperations, noCounts, runHistory } from '../../testing/ledger/history.ts';
import { ledgerWorld } from '../../testing/ledger/world.ts';
import { hashLedger } from './hash.ts';
import { addRow, type Ledger } from './ledger.ts';
import { createTransfer, transferLots } from './transfer.ts';

function digest(ledger: Ledger): string {
  const writer = byteWriter();
  hashLedger(writer, ledger);
  return hex(sha256(writer.view()));
}

function start(): LedgerDesk {
  const desk = ledgerDesk();
  desk.trade(desk.leaf(0), '+10@100 -4@110 +2@90');
  desk.leaf(3);
  return desk;
}

test('the same history gives the same bytes', () => {
  const registry = ledgerWorld();
  for (const seed of ['a', 'b', 'c']) {
    const [one, two] = [1, 2].map(() => runHistory(prng(seed), registry, ledgerOperations, noCounts()).ledger);
    expect(digest(one)).toBe(digest(two));
  }
});

test('how much room was made first does not matter', () => {
  const plain = start();
  const busy = ledgerDesk({ lots: 1, leaves: 1, moneyRows: 1 });
  const leaf = busy.leaf(0);
  busy.trade(leaf, '+10@100');
  busy.trade(leaf, '-4@110 +2@90');
  busy.leaf(3);
  expect(digest(busy.ledger)).toBe(digest(plain.ledger));
});

const changes: [string, (desk: LedgerDesk) => void][] = [
  ['one more fill', (desk) => desk.trade(desk.leaf(0), '+1@90')],
  ['a fill at another price', (desk) => desk.trade(desk.leaf(0), '+1@91')],
  ['a paper fill', (desk) => desk.trade(desk.leaf(0, 2, true), '+1@90')],
  ['a new leaf', (desk) => desk.leaf(1)],
  ['a new row', (desk) => addRow(desk.ledger, 7, 1)],
  ['a hand-over', (desk) => transferLots(desk.ledger, desk.leaf(0), desk.leaf(3), 1, 0, createTransfer())],
];

test('every change that counts changes the bytes', () => {
  const digests = [digest(start().ledger)];
  for (const [, change] of changes) {
    const desk = start();
    change(desk);
    digests.push(digest(desk.ledger));
  }
  expect(new Set(digests).size).toBe(changes.length + 1);
});
