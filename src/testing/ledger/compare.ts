import { splitZero, toBigInt } from '../../base/split.ts';
import { averageCostInto } from '../../core/positions/average.ts';
import { checkSums } from '../../core/positions/check-sums.ts';
import { leafLink } from '../../core/positions/leaf.ts';
import { FIRST_LOT } from '../../core/positions/ledger.ts';
import { LOT_COST, LOT_FILL, LOT_NEXT, LOT_QTY, lotStride, noLot } from '../../core/positions/lot-pool.ts';
import { CAPITAL, CASH, FEES, sums, type SumName } from '../../core/positions/money-rows.ts';
import { readPair } from '../../core/positions/pair.ts';
import { positionOf, type LedgerScope } from '../../core/positions/scopes.ts';
import { leafSumInto, rowPnlIn, scopeSumInto } from '../../core/positions/valuation.ts';
import { entryCostOf, say, type Pair } from './history.ts';
import { halfEven, type OracleLeaf } from './oracle.ts';
import { rowAlgorithms } from './world.ts';

const money = splitZero();
const currencies = [0, 1, 2] as const;

/** Everything that the ledger holds at the end of a history, against the oracle and against itself; the first difference goes to `pair.wrong`. */
export function comparePair(pair: Pair): void {
  if (pair.wrong !== undefined) return;
  say(pair, 'leaves', BigInt(pair.ledger.leaves.count), BigInt(pair.leaves.length));
  pair.leaves.forEach((oracle, leaf) => compareLeaf(pair, oracle, leaf));
  compareSurvivors(pair);
  compareScopes(pair);
  rowAlgorithms.forEach((_, row) => {
    compareRow(pair, row, false);
    compareRow(pair, row, true);
  });
  const [first] = checkSums(pair.ledger);
  if (first !== undefined) say(pair, () => `${first.where} ${first.figure}`, first.kept, first.expected);
}

function compareLeaf(pair: Pair, oracle: OracleLeaf, leaf: number): void {
  const { ledger } = pair;
  const expected: Record<Exclude<SumName, 'fees' | 'flows' | 'capital'>, bigint> = {
    realized: oracle.realized,
    averageRealized: oracle.averageRealized,
    cash: oracle.cash,
    entryCost: entryCostOf(oracle),
    bought: oracle.bought,
    sold: oracle.sold,
    trades: oracle.trades,
    handover: oracle.handover,
  };
  for (const name of ['realized', 'averageRealized', 'cash', 'entryCost', 'bought', 'sold', 'trades', 'handover'] as const) {
    leafSumInto(money, ledger, leaf, oracle.currency, sums[name]);
    say(pair, () => `leaf ${leaf} ${name}`, toBigInt(money), expected[name]);
  }
  for (const currency of currencies) {
    leafSumInto(money, ledger, leaf, currency, FEES);
    say(pair, () => `leaf ${leaf} fees in ${currency}`, toBigInt(money), oracle.fees.get(currency) ?? 0n);
  }
  const qty = averageCostInto(money, ledger, leaf);
  say(pair, () => `leaf ${leaf} average cost`, toBigInt(money), oracle.basis.cost - oracle.basis.taken);
  say(pair, () => `leaf ${leaf} average quantity`, BigInt(qty), oracle.basis.held - oracle.basis.closed);
  compareLots(pair, oracle, leaf);
}

function compareLots(pair: Pair, oracle: OracleLeaf, leaf: number): void {
  const { cells } = pair.ledger.lots;
  let n = 0;
  for (let lot = leafLink(pair.ledger, leaf, FIRST_LOT); lot !== noLot; lot = cells[lot * lotStride + LOT_NEXT]) {
    const own = oracle.lots[n];
    if (own === undefined) return say(pair, () => `leaf ${leaf} lots`, BigInt(n + 1), BigInt(n));
    readPair(money, cells, lot * lotStride + LOT_COST);
    say(pair, () => `leaf ${leaf} lot ${n} cost`, toBigInt(money), own.cost);
    say(pair, () => `leaf ${leaf} lot ${n} quantity`, BigInt(cells[lot * lotStride + LOT_QTY]), own.qty);
    say(pair, () => `leaf ${leaf} lot ${n} fill`, BigInt(cells[lot * lotStride + LOT_FILL]), BigInt(own.fill));
    n += 1;
  }
  say(pair, () => `leaf ${leaf} lots`, BigInt(n), BigInt(oracle.lots.length));
}

/** Position and cash of the firm from the surviving fills alone: busts and corrections leave no trace there. */
function compareSurvivors(pair: Pair): void {
  for (const instrument of pair.ledger.registry.instruments.keys()) {
    say(
      pair,
      () => `survivors instrument ${instrument}`,
      BigInt(positionOf(pair.ledger, 'firm', 0, instrument)),
      pair.survivors.units.get(instrument) ?? 0n,
    );
  }
  for (const currency of currencies) {
    scopeSumInto(money, pair.ledger, 'firm', 0, currency, CASH);
    say(pair, () => `survivors cash ${currency}`, toBigInt(money), pair.survivors.cash.get(currency) ?? 0n);
  }
}

/** Fees and capital of every account and venue, added up by the oracle from leaves and purses. */
function compareScopes(pair: Pair): void {
  const expected = new Map<string, bigint>();
  const add = (scope: LedgerScope, ix: number, currency: number, sum: number, n: bigint): void => {
    const key = `${scope} ${ix} ${currency} ${sum}`;
    expected.set(key, (expected.get(key) ?? 0n) + n);
  };
  for (const leaf of pair.leaves) {
    if (leaf.simulated) continue;
    for (const [currency, fee] of leaf.fees) {
      add('account', leaf.account, currency, FEES, fee);
      add('algorithm', leaf.algorithm, currency, FEES, fee);
    }
  }
  for (const purse of pair.purses.values()) {
    if (purse.simulated) continue;
    add('account', purse.account, purse.currency, CAPITAL, purse.capital);
    if (purse.row >= 0) add('algorithm', rowAlgorithms[purse.row], purse.currency, CAPITAL, purse.capital);
  }
  for (const [scope, count] of [
    ['account', 3],
    ['algorithm', 2],
  ] as const) {
    for (let ix = 0; ix < count; ix++) {
      for (const currency of currencies) {
        for (const sum of [FEES, CAPITAL]) {
          scopeSumInto(money, pair.ledger, scope, ix, currency, sum);
          say(
            pair,
            () => `${scope} ${ix} currency ${currency} sum ${sum}`,
            toBigInt(money),
            expected.get(`${scope} ${ix} ${currency} ${sum}`) ?? 0n,
          );
        }
      }
    }
  }
}

/** PnL = cash + market value - fees + flows + handover, by the oracle's own figures. */
function compareRow(pair: Pair, row: number, simulated: boolean): void {
  const { marks } = pair;
  for (const currency of currencies) {
    let pnl = 0n;
    for (const leaf of pair.leaves) {
      if (leaf.row !== row || leaf.simulated !== simulated) continue;
      pnl -= leaf.fees.get(currency) ?? 0n;
      if (leaf.currency !== currency) continue;
      const twice = BigInt(marks.bid[leaf.listing] + marks.ask[leaf.listing]);
      pnl += leaf.cash + leaf.handover + halfEven(leaf.position * twice * leaf.tickValue, 2n);
    }
    for (const purse of pair.purses.values()) {
      if (purse.row === row && purse.simulated === simulated && purse.currency === currency) pnl += purse.flows;
    }
    rowPnlIn(pair.ledger, marks, row, simulated, currency, money);
    say(pair, () => `row ${row} pnl in ${currency}`, toBigInt(money), pnl);
  }
}
