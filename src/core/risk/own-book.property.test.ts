import fc from 'fast-check';
import { expect, it } from 'vitest';
import { defaultCapacities } from './capacities.ts';
import { createExposure, growListings } from './exposure.ts';
import { slotBookPx, slotSell, slotShift } from './open-slot.ts';
import { enterBook, leaveBook, meets, meetsOwn } from './own-book.ts';
import { createScopeTable } from './scope-table.ts';

it('the sorted lists and a search of all orders meet the same best price', () => {
  let asked = 0;
  let met = 0;
  const step = fc.record({
    slot: fc.nat(15),
    listing: fc.nat(1),
    sell: fc.boolean(),
    price: fc.integer({ min: 1, max: 20 }),
    bound: fc.nat(22),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120, size: 'max' }), (steps) => {
      const exposure = createExposure({ ...defaultCapacities, openOrders: 16, routes: 4, cells: 16 }, createScopeTable());
      growListings(exposure, 2);
      const { numbers, words } = exposure.slots;
      const resting = new Map<number, { listing: number; sell: boolean; price: number }>();
      for (const one of steps) {
        const there = resting.get(one.slot);
        if (there !== undefined) {
          leaveBook(exposure, one.slot, there.listing);
          resting.delete(one.slot);
        } else {
          words[(one.slot << slotShift) | slotSell] = one.sell ? 1 : 0;
          enterBook(exposure, one.slot, one.listing, one.price);
          resting.set(one.slot, one);
        }
        for (const sell of [false, true]) {
          const prices = [...resting.values()].filter((o) => o.listing === one.listing && o.sell !== sell).map((o) => o.price);
          const best = sell ? Math.max(...prices) : Math.min(...prices);
          const crossed = prices.length > 0 && (sell ? best >= one.bound : best <= one.bound);
          const slot = meets(exposure, one.listing, sell, one.bound);
          if ((slot < 0 ? -1 : numbers[(slot << slotShift) | slotBookPx]) !== (crossed ? best : -1)) return false;
          if (meetsOwn(exposure, one.listing, sell, one.bound) !== crossed) return false;
          asked++;
          if (crossed) met++;
        }
      }
      return true;
    }),
    { numRuns: 300, seed: 1 },
  );
  console.log(`own book: ${asked} questions, ${met} met an order`);
  expect(met).toBeGreaterThan(500);
});
