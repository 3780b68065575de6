import { expect, test } from 'vitest';
import { createDeskView } from '../../projections/desk-view.ts';
import { openDesk, risk } from '../../testing/rollout/rollout-desk.ts';
import { canary, rung } from '../../testing/rollout/rollout-specs.ts';
import { limitLines } from './holds.ts';
import { limitsAnswer } from './limits.ts';

test('limits are shown with the level of the volatility index that cuts sizes, and how old it is', () => {
  const desk = openDesk();
  const view = { ...createDeskView(), at: desk.core.at };
  const never = limitsAnswer(view, desk.core);
  expect(never.text).toContain('VIX was never told: opening orders are cut wherever volatilityCutBps is set');
  expect(never.body).toEqual({ limits: [], volatility: { name: 'VIX', level: null, knownAt: null } });
  desk.advance(5_000_000);
  desk.say({ kind: 'signal', name: 'VIX', source: 'test', instrument: -1, value: 31.4, knownAt: desk.core.at });
  desk.advance(7_000_000);
  const told = limitsAnswer({ ...view, at: desk.core.at }, desk.core);
  expect(told.text).toMatch(
    /\nVIX stands at 31\.40 since 2023-11-14T22:\d\d:\d\dZ, \d s ago; where volatilityCutBps is set it cuts above volatilityCutAbove \(30\.00 where that is not set\) and when it is older than volatilityMaxAge \(86400 s\)$/,
  );
  expect(told.body).toMatchObject({ volatility: { level: 31.4 } });
  // of a journal alone nobody knows it
  expect(limitsAnswer(view).body).toEqual({ limits: [] });
});

test('a deployment is explained with the limits of its version, and of it at a venue, and with nobody else', () => {
  const desk = openDesk();
  const row = desk.deploy(canary('d0', '1.0.0', { stages: [rung(1_000)] }));
  const other = desk.deploy(canary('d1', '1.1.0', { stages: [rung(1_000)] }));
  const set = (scope: 'version' | 'route' | 'firm', scopeID: string, value: number): unknown =>
    desk.order({ verb: 'setLimit', key: { scope, scopeID, limit: 'maxOrderQty' }, value }, risk, null);
  set('firm', '', 90);
  set('version', 'algo@main.USD/1.0.0', 50);
  set('route', 'algo@main.USD/1.0.0@V', 20);
  expect(limitLines(desk.core, row)).toEqual(['limited to maxOrderQty 50 base units', 'limited to maxOrderQty 20 base units at V']);
  expect(limitLines(desk.core, other)).toEqual([]);
});
