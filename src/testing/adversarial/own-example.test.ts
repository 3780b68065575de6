import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { parseSpec } from '../../domain/spec-parser/spec-parser.ts';
import type { PlainObject } from '../../domain/spec-parser/field-reader.ts';
import type { DeploymentSpec } from '../../domain/spec.ts';
import { answerOf, denialsOf, openDesk, risk, senior2, trader, type RolloutDesk } from '../rollout/rollout-desk.ts';

/** The example of rollout.md 7, on the listings, the account and the capital of this desk. */
const example = `
apiVersion: plimsoll/v1
kind: Deployment
deploymentId: algo-deploy-002
strategy: Canary
algorithmId: algo
version: 1.0.0
algorithm: { artifact: ./momentum.ts, parameters: { lookback: 20 } }
universe: [X.V, Y.V]
accountGroup: main
venues: [{ venue: V, account: A1, limits: { maxOrderQty: 50 } }]
environment: Production
configuration:
  totalCapital: "1000000.00"
  currency: USD
  clock: { kind: wall }
  expect: { annualVol: 0.10, stressLossPerInterval: 0.03, interval: PT1H }
  stages:
    - { name: Micro,  allocation: 0.01, minDuration: PT1H, minPnL: 0, minTrades: 30 }
    - { name: Large,  allocation: 0.25, minDuration: PT8H, minPnL: 0, entryGates: [edge-weak, parity], entryApproval: { roles: [RiskManager], count: 1 } }
  autoProgress: true
  gates:
    - { name: parity,    metric: orderShortfallBps, test: pairedE,  margin: 0.5, alpha: 0.01, against: baseline }
    - { name: edge-weak, metric: netReturn,         test: bettingE, grid: [1, 2, 4, 8, 16, 32], minE: 2 }
  onInconclusive: pause
  rollbackThresholds: { maxDailyLoss: 0.02, maxLossAbsolute: "50000", maxDrawdown: 0.05, maxErrorRate: 0.01, maxLatency: 100, harmE: 20 }
  rollback: { flattenPositions: false, reactivatePrevious: versionFault, rollbackWindow: P1D }
  handover: { positions: drain, openOrders: cancel }
`;

function spec(text = example): DeploymentSpec {
  const parsed = parseSpec(parse(text) as PlainObject, {
    accountGroup: 'main',
    currency: 'USD',
    universe: [],
    venues: [],
    calendar: 'ALWAYS',
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  return parsed.value.spec;
}

const qty = (desk: RolloutDesk, lots: number): readonly string[] => denialsOf(desk.intent(desk.rowOf('1.0.0'), 'buy', lots));
const answerTo = (text: string): { readonly code: string; readonly text: string } =>
  answerOf(openDesk().order({ verb: 'deploy', spec: spec(text) }, trader));

describe('the example of the specification', () => {
  it('deploys as it stands, with the limit of its venue in force', () => {
    const desk = openDesk();
    desk.deploy(spec());
    expect(qty(desk, 50)).toEqual([]);
    expect(qty(desk, 51)).toEqual(['ORDER_QTY_EXCEEDS_MAX']);
    expect(desk.turns.flatMap((turn) => turn.decisions)).toContainEqual(
      expect.objectContaining({
        kind: 'limitChanged',
        to: 50,
        actor: 'tom',
        key: { scope: 'version', scopeID: 'algo@main.USD/1.0.0', limit: 'maxOrderQty' },
      }),
    );
  });

  it('a gate without a declared tail is inconclusive, never a pass', () => {
    const desk = openDesk();
    desk.deploy(spec());
    const answer = answerOf(desk.order({ verb: 'promote', deploymentID: 'algo-deploy-002', reason: 'test' }, risk, senior2));
    expect(answer.code).toBe('GATES_NOT_PASSED');
    expect(answer.text).toContain('parity inconclusive, unbounded tail: stress');
  });

  it('a limit that is stricter already stays: a deployment is one person', () => {
    const desk = openDesk();
    desk.deploy(spec());
    desk.order({ verb: 'rollback', deploymentID: 'algo-deploy-002', reason: 'test' }, trader, null);
    desk.advance(2_000_000);
    desk.order({ verb: 'unhalt', sliceID: 'algo@main.USD', version: '1.0.0', reason: 'test' }, risk, senior2);
    for (const listing of [0, 1]) desk.mark(listing);
    desk.deploy(spec(example.replace('algo-deploy-002', 'again').replace('maxOrderQty: 50', 'maxOrderQty: 60')));
    expect(qty(desk, 51)).toEqual(['ORDER_QTY_EXCEEDS_MAX']);
  });

  it.each([
    ['maxOrderQtty: 50', 'UNKNOWN_SCOPE', 'venues.limits.maxOrderQtty: expected one of maxOrderQty'],
    ['creditLine: 50', 'UNKNOWN_SCOPE', 'venues.limits.creditLine: expected one of'],
    ['fatFingerBps: 10001', 'UNKNOWN_SCOPE', 'expected 0…10000 (bps)'],
    ['maxNotional: 9007199254740991', 'LIMIT_NEVER_BINDS', 'what is never reached limits nothing'],
  ])('%s is refused by its name', (limit, code, text) => {
    const answer = answerTo(example.replace('maxOrderQty: 50', limit));
    expect(answer.code).toBe(code);
    expect(answer.text).toContain(text);
  });
});
