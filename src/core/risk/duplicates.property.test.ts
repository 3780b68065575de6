import fc from 'fast-check';
import { expect, it } from 'vitest';
import { chainOf, createDuplicates, forgetsEarly, isQuiet, rehomeDuplicates, remember, sinceSame, type OrderKey } from './duplicates.ts';

const parts = {
  listing: fc.constant(1),
  kind: fc.nat(3),
  price: fc.nat(2),
  stopPx: fc.constant(0),
  qty: fc.integer({ min: 1, max: 2 }),
};
const key = fc.record({ row: fc.nat(1), ...parts });

it('the hash chains and a plain list find the same last order within the window', () => {
  let asked = 0;
  let same = 0;
  fc.assert(
    fc.property(
      fc.array(fc.record({ after: fc.nat(50), key, keep: fc.boolean() }), { maxLength: 100, size: 'max' }),
      fc.integer({ min: 1, max: 200 }),
      (steps, window) => {
        const memory = createDuplicates(32);
        const list: { at: number; key: OrderKey }[] = [];
        let at = 1_000;
        for (const step of steps) {
          at += step.after;
          const known = list.slice(-32).findLast((one) => at - one.at < window && JSON.stringify(one.key) === JSON.stringify(step.key));
          const since = sinceSame(memory, at, window, step.key);
          if (since !== (known === undefined ? Infinity : at - known.at)) return false;
          if (forgetsEarly(memory, at, window) !== (list.length >= 32 && at - list[list.length - 32].at < window)) return false;
          if (known !== undefined && isQuiet(memory, at, window, chainOf(step.key))) return false;
          asked++;
          if (known !== undefined) same++;
          if (!step.keep) continue;
          remember(memory, at, step.key, chainOf(step.key));
          list.push({ at, key: step.key });
        }
        return true;
      },
    ),
    { numRuns: 500, seed: 1 },
  );
  console.log(`duplicates: ${asked} questions, ${same} found`);
  expect(same).toBeGreaterThan(200);
});

it('after one row took over from another its duplicates are what the other sent, and nobody else’s change', () => {
  let found = 0;
  fc.assert(
    fc.property(
      fc.array(fc.record({ after: fc.nat(50), key: fc.record({ row: fc.nat(2), ...parts }) }), {
        minLength: 1,
        maxLength: 80,
        size: 'max',
      }),
      key,
      (steps, asked) => {
        const memory = createDuplicates(32);
        const [from, to] = [0, 1];
        let at = 1_000;
        const list = steps.map((step) => {
          at += step.after;
          remember(memory, at, step.key, chainOf(step.key));
          return { at, key: step.key };
        });
        rehomeDuplicates(memory, from, to);
        const known = list
          .slice(-32)
          .filter((one) => one.key.row !== to)
          .map((one) => ({ at: one.at, key: { ...one.key, row: one.key.row === from ? to : one.key.row } }))
          .findLast((one) => JSON.stringify(one.key) === JSON.stringify({ ...asked, row: asked.row === 0 ? 2 : to }));
        const since = sinceSame(memory, at, 1_000_000, { ...asked, row: asked.row === 0 ? 2 : to });
        if (known !== undefined) found++;
        return since === (known === undefined ? Infinity : at - known.at);
      },
    ),
    { numRuns: 500, seed: 1 },
  );
  expect(found).toBeGreaterThan(100);
});
