import { expect, test } from 'vitest';
import { prng } from '../../base/prng.ts';
import { lotsUnchecked, ticksUnchecked } from '../../base/units.ts';
import { findRoute } from '../../core/risk/exposure.ts';
import { changeLimit, scopeIxOf } from '../../core/risk/limit-command.ts';
import { limitOf, positionLimit } from '../../core/risk/limits.ts';
import { isFarFromPosition, measurePositions, watchedScopes } from '../../core/risk/position-watch.ts';
import { noLimit } from '../../core/risk/scope-table.ts';
import { firmScope, ownScopes, routeScope, scopeNumber, versionScope, type ScopeKind } from '../../core/risk/scopes.ts';
import { limitScopes } from '../../domain/limit.ts';
import { close, fill, plainOrder, send, type RiskDesk } from './risk-desk.ts';
import { createRiskWorld, timeOf } from './risk-world.ts';

const ids = {
  firm: '',
  account: 'A1',
  algorithm: 'maker',
  version: '',
  venue: 'NYX',
  instrument: 'ACME',
  sector: 'Industry',
  route: 'maker@main.USD/1.0.0@NYX',
} as const;
const watched = limitScopes.filter((scope) => scope === 'route' || watchedScopes.some((one) => one === scopeNumber(scope)));
/** Row of the version whose position at NYX, its only venue here, is limited. */
const routeRow = 3;

interface Seen {
  said: number;
  far: number;
}

/** Fills at random under limits that change; says where the monitor says something else than the rule, looked at after every fill, '' = nowhere. */
function firstDifference(seed: number, seen: Seen, spoil: (desk: RiskDesk) => void = () => undefined): string {
  const desk = createRiskWorld();
  const { risk } = desk;
  const luck = prng(`positions ${seed}`);
  const levels = new Map<string, number>();
  const at = timeOf('10:00');
  for (let i = 0; i < 300; i++) {
    if (i === 0 || luck.int(25) === 0) {
      const scope = watched[luck.int(watched.length)];
      changeLimit(risk, { scope, scopeID: ids[scope], limit: 'maxPosition' }, luck.int(5) === 0 ? null : 20 + luck.int(300), null);
    }
    const [listing, row] = [luck.int(2) === 0 ? 0 : 1, 3 + luck.int(2)];
    const side = luck.int(3) === 0 ? 'sell' : 'buy';
    const wanted = { ...plainOrder, listing, side, orderQty: lotsUnchecked(1 + luck.int(40)), price: ticksUnchecked(10_000) } as const;
    const id = send(desk, row, wanted, at);
    if (id === 0) continue;
    if (luck.int(5) === 0) {
      close(desk, id);
      continue;
    }
    fill(desk, id, wanted.orderQty, 10_000, at);
    spoil(desk);
    const route = findRoute(risk.exposure, row, 0, listing, false);
    if (route === undefined) return `seed ${seed}: no route`;
    const expected: string[] = [];
    for (const scope of watched) {
      const kind = scopeNumber(scope);
      if (kind === routeScope && row !== routeRow) continue;
      const instrument = desk.registry.listings[listing].instrument;
      const ix = kind === 5 ? instrument : kind === 6 ? risk.sectorOf[instrument] : scopeIxOf(risk, kind, ids[scope]);
      const limit = limitOf(risk.limits, positionLimit, kind, ix);
      const of: ScopeKind = kind === routeScope ? versionScope : kind < ownScopes ? kind : firmScope;
      const held = Math.abs(risk.positions.positionBase(of, kind === routeScope ? routeRow : kind < ownScopes ? ix : 0, instrument));
      const level = held === 0 || limit === noLimit ? 0 : held >= limit ? 2 : held >= 0.8 * limit ? 1 : 0;
      const key = `${scope} ${instrument}`;
      if (level > (levels.get(key) ?? 0)) expected.push(`${kind} ${level}`);
      levels.set(key, level);
    }
    const said = isFarFromPosition(risk, route)
      ? (seen.far++, [])
      : measurePositions(risk, route).map(({ scope, level }) => `${scope} ${level}`);
    seen.said += said.length;
    if (said.join() !== expected.join()) return `seed ${seed}, step ${i}: expected ${expected.join()}, was ${said.join()}`;
  }
  return '';
}

test('positions of scopes are said exactly when they reach 80 % and all of their limit, however seldom they are looked at', () => {
  const seen: Seen = { said: 0, far: 0 };
  const wrong = Array.from({ length: 60 }, (_, seed) => firstDifference(seed + 1, seen)).filter((one) => one !== '');
  console.log(`positions: ${seen.said} findings, ${seen.far} fills on which nothing had to be looked at`);
  expect(wrong).toEqual([]);
  expect(seen.said).toBeGreaterThan(100);
  expect(seen.far).toBeGreaterThan(200);
});

test('a position that is taken for far and is not is found', () => {
  const spoil = ({ risk }: RiskDesk): void => void risk.positionWatch.quietUntil.fill(Infinity);
  expect(Array.from({ length: 20 }, (_, seed) => firstDifference(seed + 1, { said: 0, far: 0 }, spoil)).some((one) => one !== '')).toBe(
    true,
  );
});
