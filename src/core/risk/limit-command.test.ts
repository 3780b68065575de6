import { describe, expect, it } from 'vitest';
import { limitNames, limitScopes } from '../../domain/limit.ts';
import { createRiskWorld } from '../../testing/scenarios/risk-world.ts';
import { changeLimit, scopeIxOf } from './limit-command.ts';
import { limitRules } from './limit-rules.ts';
import { limitOf, limitRevision } from './limits.ts';
import { noLimit } from './scope-table.ts';
import { scopeNumber } from './scopes.ts';

const ids = {
  firm: '',
  account: 'A1',
  algorithm: 'maker',
  version: 'maker@main.USD/1.0.0',
  venue: 'NYX',
  instrument: 'ACME',
  sector: 'Industry',
  route: 'maker@main.USD/1.0.0@NYX',
} as const;

describe('limits', () => {
  it('of every name and scope are set, changed and removed, each under its own revision', () => {
    const { risk } = createRiskWorld();
    let set = 0;
    for (const limit of limitNames) {
      for (const scope of limitScopes) {
        const key = { scope, scopeID: ids[scope], limit };
        const answer = changeLimit(risk, key, 5, null);
        if (!limitRules[limit].scopes.includes(scope)) {
          expect(answer).toMatchObject({ ok: false, error: { code: 'UNKNOWN_SCOPE' } });
          continue;
        }
        set++;
        expect(answer).toEqual({ ok: true, value: { from: null, to: 5, revision: 1 } });
        const ix = scopeIxOf(risk, scopeNumber(scope), ids[scope]);
        expect(limitOf(risk.limits, limitNames.indexOf(limit), scopeNumber(scope), ix)).toBe(5);
        expect(changeLimit(risk, key, 6, 0)).toMatchObject({ ok: false, error: { code: 'REVISION_CHANGED' } });
        expect(changeLimit(risk, key, 6, 1)).toEqual({ ok: true, value: { from: 5, to: 6, revision: 2 } });
        expect(changeLimit(risk, key, null, 2)).toEqual({ ok: true, value: { from: 6, to: null, revision: 3 } });
        expect([limitOf(risk.limits, limitNames.indexOf(limit), scopeNumber(scope), ix), limitRevision(risk.limits, key)]).toEqual([
          noLimit,
          3,
        ]);
      }
    }
    expect(set).toBe(limitNames.length * limitScopes.length - 41);
    expect([...risk.limits.active].every((n) => n === 0)).toBe(true);
  });
  it('what cannot be is refused in a sentence', () => {
    const { risk } = createRiskWorld();
    const said = (scope: (typeof limitScopes)[number], scopeID: string, limit: (typeof limitNames)[number], value: number): string => {
      const answer = changeLimit(risk, { scope, scopeID, limit }, value, null);
      return answer.ok ? 'set' : `${answer.error.code}: ${answer.error.text}`;
    };
    expect(said('account', 'A9', 'maxOrderQty', 1)).toBe('UNKNOWN_SCOPE: maxOrderQty of account:A9: nothing of that name is registered');
    expect(said('firm', 'x', 'maxOrderQty', 1)).toBe('UNKNOWN_SCOPE: maxOrderQty of firm: nothing of that name is registered');
    expect(said('firm', '', 'maxOrderQty', -1)).toBe(
      `LIMIT_NOT_A_SAFE_INTEGER: maxOrderQty of firm: expected 0…${Number.MAX_SAFE_INTEGER} (base units), was -1`,
    );
    expect(said('firm', '', 'maxOrderQty', NaN)).toContain('expected a safe integer');
    expect(said('firm', '', 'priceCollarBps', 10_001)).toContain('expected 0…10000 (bps)');
    expect(said('algorithm', 'nobody', 'maxOrderQty', 1)).toContain('UNKNOWN_SCOPE');
  });
});
