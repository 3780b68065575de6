import { expect, it } from 'vitest';
import { prng } from '../../base/prng.ts';
import { limitNames } from '../../domain/limit.ts';
import { limitRules } from './limit-rules.ts';
import { createLimits, limitOf, setLimit } from './limits.ts';
import {
  collar,
  createRouteLimits,
  fatFinger,
  mostNotional,
  mostQuantity,
  readRouteLimits,
  routeLimitStride,
  sameWindow,
} from './route-limits.ts';
import { noLimit, placeOf } from './scope-table.ts';
import { scopeKinds, scopeNumber, type ScopeKind } from './scopes.ts';

it('the limits of a route are those of the table, whatever was set, removed or made room for since it was read', () => {
  const luck = prng('route limits');
  const limits = createLimits();
  const { table } = limits;
  const routes = Array.from({ length: 6 }, () => Int32Array.from({ length: scopeKinds }, (_, scope) => (scope === 0 ? 0 : luck.int(9))));
  const kept = createRouteLimits(routes.length);
  let read = 0;
  for (let n = 0; n < 3_000; n++) {
    const limit = limitNames[luck.int(limitNames.length)];
    const scope = limitRules[limit].scopes[luck.int(limitRules[limit].scopes.length)];
    const ix = scope === 'firm' ? 0 : luck.int(1 + (n >> 7));
    setLimit(limits, { scope, scopeID: String(ix), limit }, ix, luck.int(3) === 0 ? null : luck.int(1_000), null);
    if (luck.int(50) === 0) placeOf(table, scopeNumber(scope), 30 + (n >> 6));
    const route = luck.int(routes.length);
    const from = route * routeLimitStride;
    const scopeIx = routes[route];
    if (kept.places[from] !== table.version) {
      readRouteLimits(kept, table, route, scopeIx);
      read++;
    }
    const of = (name: number): number[] => Array.from(scopeIx, (ix2, kind) => limitOf(limits, name, kind as ScopeKind, ix2));
    const number = (name: (typeof limitNames)[number]): number => limitNames.indexOf(name);
    expect([...kept.places.subarray(from + 1, from + 1 + scopeKinds)]).toEqual(
      Array.from(scopeIx, (ix2, kind) => placeOf(table, kind, ix2)),
    );
    expect(kept.numbers[from + mostQuantity]).toBe(Math.min(...of(number('maxOrderQty'))));
    expect(kept.numbers[from + mostNotional]).toBe(Math.min(...of(number('maxNotional'))));
    expect(kept.numbers[from + fatFinger]).toBe(Math.min(...of(number('fatFingerBps'))));
    expect(kept.numbers[from + collar]).toBe(Math.min(...of(number('priceCollarBps'))));
    expect(kept.numbers[from + sameWindow]).toBe(Math.max(0, ...of(number('duplicateWindow')).filter((window) => window !== noLimit)));
  }
  expect(read).toBeGreaterThan(1_000);
});
