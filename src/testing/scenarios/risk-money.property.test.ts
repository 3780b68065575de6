import fc from 'fast-check';
import { expect, it } from 'vitest';
import { casesOf } from '../cases.ts';
import { lotsUnchecked, ticksUnchecked } from '../../base/units.ts';
import { fromBigInt, splitZero } from '../../base/split.ts';
import { changeLimit } from '../../core/risk/limit-command.ts';
import { setRow } from '../../core/risk/row-change.ts';
import { setFirm } from '../../core/risk/risk.ts';
import type { DenialCode } from '../../domain/denial.ts';
import {
  addAccount,
  addCurrency,
  addDeskSlice,
  addListing,
  addVenue,
  addVersion,
  ask,
  createDesk,
  fill,
  moneyOf,
  plainOrder,
  quote,
  send,
  type RiskDesk,
} from './risk-desk.ts';

/** Money of a hundredth of a dollar and one share, units of 10^-12. */
const cent = 10n ** 10n;
const perMicro = 10n ** 6n;

function makeDesk(capital: bigint): { desk: RiskDesk; row: number } {
  const desk = createDesk();
  addCurrency(desk, 'USD');
  addVenue(desk, 'V');
  addAccount(desk, 'A', 'V', { kind: 'regT', initialBps: 3_333, maintenanceBps: 2_500 });
  addListing(desk, { instrumentID: 'ACME', venueID: 'V' });
  const money = splitZero();
  fromBigInt(money, capital);
  setFirm(desk.risk, 0, money);
  const row = addVersion(desk, addDeskSlice(desk, 'maker', 'USD', '100000000000', '0'), '1.0.0');
  setRow(desk.risk.gate, row, { mode: 'ACTIVE', cap: moneyOf(desk, '100000000000', 'USD') });
  quote(desk, 0, 9_999, 10_001, 1);
  return { desk, row };
}

function ceil(x: bigint, y: bigint): bigint {
  return (x + y - 1n) / y;
}

/** What each check compares, in bigint: the value in units of its limit. */
type Truth = (order: { qty: bigint; price: bigint; position: bigint; capital: bigint }) => bigint;

const checks: readonly {
  readonly limit: 'maxNotional' | 'maxConcentrationBps' | 'creditLine';
  readonly code: DenialCode;
  readonly truth: Truth;
}[] = [
  { limit: 'maxNotional', code: 'NOTIONAL_EXCEEDS_MAX', truth: ({ qty, price }) => ceil(qty * price * cent, perMicro) },
  {
    limit: 'maxConcentrationBps',
    code: 'CONCENTRATION_EXCEEDS_MAX',
    truth: ({ qty, position, capital }) => ceil((position + qty) * 10_000n * cent * 10_000n, capital),
  },
  {
    limit: 'creditLine',
    code: 'CREDIT_EXCEEDED',
    truth: ({ qty, price, position }) =>
      ceil(ceil(qty * price * cent * 3_333n, 10_000n) + ceil(position * 10_000n * cent * 3_333n, 10_000n), perMicro),
  },
];

it('money checks agree with bigint at the limit, a unit below and above it, and far away', () => {
  let asked = 0;
  const denials = new Map<string, number>();
  const numbers = fc.record({
    qty: fc.integer({ min: 1, max: 1_000_000 }),
    price: fc.integer({ min: 9_000, max: 10_000 }),
    position: fc.integer({ min: 0, max: 1_000_000 }),
    capital: fc.bigInt({ min: 10n ** 15n, max: 10n ** 23n }),
    away: fc.constantFrom(-1_000_000, -1, 0, 1, 2, 1_000_000),
    check: fc.constantFrom(...checks),
  });
  fc.assert(
    fc.property(numbers, ({ qty, price, position, capital, away, check }) => {
      const { desk, row } = makeDesk(capital);
      if (position > 0) {
        const id = send(desk, row, { ...plainOrder, orderQty: lotsUnchecked(position), price: ticksUnchecked(10_000) }, 1);
        fill(desk, id, position, 10_000, 1);
      }
      const value = check.truth({ qty: BigInt(qty), price: BigInt(price), position: BigInt(position), capital });
      const limit = Number(value) - away;
      const changed = changeLimit(desk.risk, { scope: 'firm', scopeID: '', limit: check.limit }, limit, null);
      if (!changed.ok) return limit < 0 || limit > 1_000_000;
      const outcome = ask(desk, row, { ...plainOrder, orderQty: lotsUnchecked(qty), price: ticksUnchecked(price) }, 2);
      asked++;
      if (away <= 0) return outcome === 'passed';
      denials.set(check.code, (denials.get(check.code) ?? 0) + 1);
      const { denial } = desk.risk;
      return outcome === 'denied' && denial.code === check.code && denial.value === Number(value) && denial.limit === limit;
    }),
    { numRuns: casesOf(1_500), seed: 1 },
  );
  console.log(`money checks: ${asked} orders, denied ${[...denials].map(([code, n]) => `${code} ${n}`).join(', ')}`);
  for (const { code } of checks) expect(denials.get(code) ?? 0, code).toBeGreaterThan(casesOf(50));
});
