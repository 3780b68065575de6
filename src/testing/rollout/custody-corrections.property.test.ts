import { expect, it } from 'vitest';
import { prng, type Prng } from '../../base/prng.ts';
import { columnGet, splitZero, toBigInt } from '../../base/split.ts';
import { lots, ticks } from '../../base/units.ts';
import { findRoute } from '../../core/risk/exposure.ts';
import { madeInto } from '../../core/risk/scope-results.ts';
import { firmScope } from '../../core/risk/scopes.ts';
import { settle } from '../../core/risk/settle.ts';
import { checkSums } from '../../core/positions/check-sums.ts';
import type { Report } from '../../domain/report.ts';
import {
  emptyBasis,
  halfEven,
  oracleFill,
  oracleReplace,
  oracleTransfer,
  size,
  type OracleFill,
  type OracleLeaf,
} from '../ledger/oracle.ts';
import { canary, rung } from './rollout-specs.ts';
import { openDesk, reportOf, sentOf, trader, type RolloutDesk } from './rollout-desk.ts';

/** A cent of a share: 10,000 units of 10^-6 dollars. */
const tickValue = 10_000n;

function leafOf(row: number): OracleLeaf {
  return {
    ...{ row, algorithm: 0, account: 0, venue: 0, listing: 0, instrument: 0, currency: 0, simulated: false, tickValue, baseUnits: 1n },
    ...{ position: 0n, lots: [], basis: emptyBasis(), realized: 0n, averageRealized: 0n, cash: 0n, bought: 0n, sold: 0n },
    ...{ trades: 0n, handover: 0n, fees: new Map() },
  };
}

interface Done {
  readonly id: number;
  execID: string;
  fill: OracleFill;
}

const money = splitZero();

/** A version that trades and is rolled back, whose venue then takes fills back and corrects them, beside the same on paper. */
class Life {
  readonly #random: Prng;
  readonly desk: RolloutDesk = openDesk();
  readonly row: number;
  readonly custodian: number;
  readonly version: OracleLeaf;
  readonly keeper: OracleLeaf;
  readonly done: Done[] = [];
  mid = 10_000;
  seen = 0;

  constructor(seed: number) {
    this.#random = prng(`custody corrections ${seed}`);
    this.row = this.desk.deploy(canary('d0', '1.0.0', { stages: [rung(1_000)] }));
    this.custodian = this.desk.core.gate.slices[0].custodian;
    this.version = leafOf(this.row);
    this.keeper = leafOf(this.custodian);
  }

  trade(): void {
    const random = this.#random;
    const side = random.int(3) === 0 ? 'sell' : 'buy';
    const [id] = sentOf(this.desk.intent(this.row, side, 1 + random.int(30)));
    if (id === undefined) return;
    const order = this.desk.turns.at(-1)?.decisions.find((one) => one.kind === 'orderSent');
    const qty = order?.kind === 'orderSent' ? order.order.orderQty : 0;
    const fill = this.#fill(this.done.length + 1, side === 'buy' ? 1n : -1n, qty, 9_900 + random.int(200));
    const execID = `f${this.done.length}`;
    this.#say(id, fill, { execType: 'trade', execID, cumQty: qty, leavesQty: 0 });
    oracleFill(this.version, fill);
    this.done.push({ id, execID, fill });
  }

  #fill(fill: number, side: bigint, qty: number, px: number): OracleFill {
    return { fill, side, lots: BigInt(qty), px: BigInt(px), commission: BigInt(1 + this.#random.int(900_000)), currency: 0 };
  }

  #say(id: number, fill: OracleFill, more: Partial<Report>): void {
    this.desk.say(
      reportOf(this.desk, id, 0, {
        lastQty: lots(Number(fill.lots)),
        lastPx: ticks(Number(fill.px)),
        commissionLo: Number(fill.commission),
        ...more,
      }),
    );
  }

  mark(): void {
    this.mid = 9_900 + this.#random.int(200);
    this.desk.mark(0, this.mid);
    this.desk.mark(1);
  }

  rollBack(): void {
    this.desk.order({ verb: 'rollback', deploymentID: 'd0', reason: 'test' }, trader, null);
    if (this.version.position !== 0n) oracleTransfer(this.version, this.keeper, size(this.version.position), BigInt(2 * this.mid));
  }

  /** Takes one fill back, or corrects it; a corrected one may be corrected again. */
  amend(): void {
    const at = this.#random.int(this.done.length);
    const one = this.done[at];
    if (one.fill.lots === 0n) return;
    const execID = `a${this.desk.turns.length}`;
    const bust = this.#random.int(2) === 0;
    const qty = bust ? 0 : 1 + this.#random.int(30);
    const px = bust ? Number(one.fill.px) : 9_900 + this.#random.int(200);
    const made = this.#fill(one.fill.fill, one.fill.side, qty, px);
    const is = bust ? { ...made, commission: 0n } : made;
    const more = { execID, execRefID: one.execID, cumQty: qty, leavesQty: 0 };
    this.#say(one.id, bust ? one.fill : is, {
      execType: bust ? 'tradeCancel' : 'tradeCorrect',
      ...more,
      ...(bust ? { commissionLo: 0 } : {}),
    });
    oracleReplace(this.keeper, this.version, one.fill, is);
    this.done[at] = { ...one, execID, fill: is };
    this.seen++;
  }

  #worth({ cash, position, fees, handover }: OracleLeaf): bigint {
    const value = halfEven(position * BigInt(2 * this.mid) * tickValue, 2n);
    return cash + value + handover - (fees.get(0) ?? 0n);
  }

  #valued(row: number): bigint {
    const { risk } = this.desk.core;
    const route = findRoute(risk.exposure, row, 0, 0, false);
    if (route === undefined) return 0n;
    columnGet(money, risk.pnl.total, route.ix);
    return toBigInt(money);
  }

  /** What the monitors and limits see beside what it is. */
  compare(): readonly [seen: object, is: object] {
    const { risk, ledger } = this.desk.core;
    settle(risk);
    madeInto(money, risk, firmScope, 0);
    const firm = toBigInt(money);
    const position = (row: number): bigint => BigInt(risk.positions.leafPosition(row, 0, 0, false));
    const [version, custodian] = [this.#worth(this.version), this.#worth(this.keeper)];
    return [
      {
        version: this.#valued(this.row),
        custodian: this.#valued(this.custodian),
        firm,
        lots: [position(this.row), position(this.custodian)],
        sums: checkSums(ledger),
      },
      { version, custodian, firm: version + custodian, lots: [this.version.position, this.keeper.position], sums: [] },
    ];
  }
}

it('a fill that is taken back or corrected after its lots went to the custodian: lots and cash follow there, fee and volume stay with its version, and the monitors see both', () => {
  let amended = 0;
  for (let seed = 1; seed <= 120; seed++) {
    const life = new Life(seed);
    for (let n = 0; n < 6; n++) {
      life.trade();
      life.mark();
    }
    if (life.done.length === 0) continue;
    life.rollBack();
    expect(life.desk.phaseOf('d0')).toBe('Aborted');
    for (let n = 0; n < 5; n++) {
      life.amend();
      const [seen, is] = life.compare();
      expect({ seed, n, ...seen }).toEqual({ seed, n, ...is });
      if (n % 2 === 1) life.mark();
    }
    amended += life.seen;
  }
  console.log(`custody corrections: ${amended} busts and corrections`);
  expect(amended).toBeGreaterThan(300);
});
