import { expect, it } from 'vitest';
import { prng } from '../../base/prng.ts';
import { limitNames } from '../../domain/limit.ts';
import {
  accountRings,
  createLimitGroups,
  groupCollar,
  groupFatFinger,
  groupNotional,
  groupQty,
  groupStride,
  groupWindow,
  isRead,
  listingRings,
  readGroups,
  rowRings,
  type LimitGroup,
} from './limit-groups.ts';
import { limitRules } from './limit-rules.ts';
import { createLimits, limitOf, setLimit } from './limits.ts';
import { createOrderRate, minuteWindow, setRateLimit } from './order-rate.ts';
import { noLimit, placeOf } from './scope-table.ts';
import { accountScope, scopeNumber, versionScope, type ScopeKind } from './scopes.ts';

it('the records of account, row and listing say together what the table says of each scope, whatever was set, removed or made room for', () => {
  const luck = prng('limit groups');
  const limits = createLimits();
  const { table } = limits;
  const rate = createOrderRate(16);
  const groups = createLimitGroups();
  // a row has one algorithm, a listing one venue, instrument and sector
  const algorithmOf = Array.from({ length: 40 }, () => luck.int(9));
  const placesOf = Array.from({ length: 40 }, () => [luck.int(4), luck.int(30), luck.int(9)]);
  let read = 0;
  for (let n = 0; n < 6_000; n++) {
    if (luck.int(5) === 0) {
      const limit = limitNames[luck.int(limitNames.length)];
      // what a version is limited to at a venue stands apart
      const scopes = limitRules[limit].scopes.filter((one) => one !== 'route');
      const scope = scopes[luck.int(scopes.length)];
      const ix = scope === 'firm' ? 0 : luck.int(1 + (n >> 8));
      setLimit(limits, { scope, scopeID: String(ix), limit }, ix, luck.int(3) === 0 ? null : luck.int(1_000), null);
      if (limit === 'maxOrdersPerMinute') setRateLimit(rate, minuteWindow, scopeNumber(scope), ix, luck.int(20) - 1, () => -1);
      if (luck.int(50) === 0) placeOf(table, scopeNumber(scope), 30 + (n >> 7));
    }
    const [account, row, listing] = [luck.int(3), luck.int(40), luck.int(40)];
    const scopeIx = Int32Array.from([0, account, algorithmOf[row], row, ...placesOf[listing]]);
    const parts: readonly (readonly [LimitGroup, number, number])[] = [
      [groups.accounts, scopeIx[accountScope], accountRings],
      [groups.rows, scopeIx[versionScope], rowRings],
      [groups.listings, listing, listingRings],
    ];
    if (!parts.every(([group, ix]) => isRead(group, ix, table.version))) {
      readGroups(groups, table, rate, scopeIx, listing);
      read++;
    }
    const number = (name: (typeof limitNames)[number]): number => limitNames.indexOf(name);
    const of = (name: (typeof limitNames)[number]): number[] =>
      Array.from(scopeIx, (ix, kind) => limitOf(limits, number(name), kind as ScopeKind, ix));
    const kept = (place: number): number[] => parts.map(([{ numbers }, ix]) => numbers[ix * groupStride + place]);
    expect(Math.min(...kept(groupQty))).toBe(Math.min(...of('maxOrderQty')));
    expect(Math.min(...kept(groupNotional))).toBe(Math.min(...of('maxNotional')));
    expect(Math.min(...kept(groupFatFinger))).toBe(Math.min(...of('fatFingerBps')));
    expect(Math.min(...kept(groupCollar))).toBe(Math.min(...of('priceCollarBps')));
    expect(Math.max(...kept(groupWindow))).toBe(Math.max(0, ...of('duplicateWindow').filter((window) => window !== noLimit)));
    expect(parts.flatMap(([{ rings }, ix, each]) => rings.slice(ix * each, (ix + 1) * each))).toEqual(
      [...scopeIx].map((ix, kind) => rate.rings[kind][ix]),
    );
  }
  expect(read).toBeGreaterThan(1_000);
});
