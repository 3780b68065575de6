import { expect, it } from 'vitest';
import { prng } from '../../base/prng.ts';
import { limitNames } from '../../domain/limit.ts';
import { limitRules } from './limit-rules.ts';
import { createLimits, limitOf, setLimit } from './limits.ts';
import { createOrderRate, minuteWindow, setRateLimit } from './order-rate.ts';
import { createRouteLimits, readRouteLimits } from './route-limits.ts';
import { noLimit, placeOf } from './scope-table.ts';
import { scopeKinds, scopeNumber, versionScope, type ScopeKind } from './scopes.ts';

it('the limits of a route are those of the table, whatever was set, removed or made room for since it was read', () => {
  const luck = prng('route limits');
  const limits = createLimits();
  const { table } = limits;
  const rate = createOrderRate(16);
  const routes = Array.from({ length: 6 }, () => Int32Array.from({ length: scopeKinds }, (_, scope) => (scope === 0 ? 0 : luck.int(9))));
  const all = routes.map(() => createRouteLimits());
  let read = 0;
  for (let n = 0; n < 3_000; n++) {
    const limit = limitNames[luck.int(limitNames.length)];
    const scope = limitRules[limit].scopes[luck.int(limitRules[limit].scopes.length)];
    const ix = scope === 'firm' ? 0 : luck.int(1 + (n >> 7));
    setLimit(limits, { scope, scopeID: String(ix), limit }, ix, luck.int(3) === 0 ? null : luck.int(1_000), null);
    if (limit === 'maxOrdersPerMinute') setRateLimit(rate, minuteWindow, scopeNumber(scope), ix, luck.int(20) - 1, () => -1);
    if (luck.int(50) === 0) placeOf(table, scopeNumber(scope), 30 + (n >> 6));
    const route = luck.int(routes.length);
    const scopeIx = routes[route];
    const kept = all[route];
    if (kept.version !== table.version) {
      readRouteLimits(kept, table, rate, scopeIx);
      read++;
    }
    const of = (name: number): number[] => Array.from(scopeIx, (ix2, kind) => limitOf(limits, name, kind as ScopeKind, ix2));
    const number = (name: (typeof limitNames)[number]): number => limitNames.indexOf(name);
    expect(kept.places).toEqual(Array.from(scopeIx, (ix2, kind) => placeOf(table, kind, ix2)));
    const rings = [...scopeIx].map((ix2, kind) => rate.rings[kind][ix2]);
    expect(kept.rings).toEqual(rings.filter((ring) => ring !== undefined));
    expect(kept.paperRings).toEqual([rings[versionScope]].filter((ring) => ring !== undefined));
    expect(kept.mostQty).toBe(Math.min(...of(number('maxOrderQty'))));
    expect(kept.mostNotional).toBe(Math.min(...of(number('maxNotional'))));
    expect(kept.fatFingerBps).toBe(Math.min(...of(number('fatFingerBps'))));
    expect(kept.collarBps).toBe(Math.min(...of(number('priceCollarBps'))));
    expect(kept.window).toBe(Math.max(0, ...of(number('duplicateWindow')).filter((window) => window !== noLimit)));
  }
  expect(read).toBeGreaterThan(1_000);
});
