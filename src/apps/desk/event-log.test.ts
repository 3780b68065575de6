import { expect, test } from 'vitest';
import { micros } from '../../base/units.ts';
import type { Decision } from '../../domain/decision.ts';
import { createDeskView, foldDecision } from '../../projections/desk-view.ts';
import { canary } from '../../testing/rollout/rollout-specs.ts';
import { EventLog, maxEvents, maxLoggedDeployments } from './event-log.ts';

const at = micros(1);

function proposed(n: number, row: number): Decision {
  const spec = canary(`d${n}`, '1.0.0');
  return { kind: 'deploymentProposed', deployment: n, deploymentID: spec.deploymentID, row, actor: 'tom', spec };
}

function fired(row: number): Decision {
  return { kind: 'triggerFired', row, rule: 'manual', class: 'human', value: 0, limit: 0, text: 'test' };
}

test('the events of the deployments that had one last are kept, and no more of each than its limit', () => {
  const view = createDeskView();
  const log = new EventLog(view);
  let seq = 0;
  const take = (decision: Decision): void => {
    foldDecision(view, ++seq, at, decision);
    log.take(seq, at, decision);
  };
  const deployments = maxLoggedDeployments + 50;
  for (let n = 0; n < deployments; n++) {
    take(proposed(n, n % 3));
    take(fired(n % 3));
    // the first one of all is heard of again and again
    take({
      kind: 'phaseChanged',
      deployment: 0,
      deploymentID: 'd0',
      from: 'Progressing',
      to: 'Progressing',
      reason: '',
    } as unknown as Decision);
  }
  expect(log.logged).toBe(maxLoggedDeployments);
  expect(log.of('d0')).toHaveLength(maxEvents);
  expect(log.of('d1')).toEqual([]);
  expect(log.of(`d${deployments - 1}`).map(({ kind }) => kind)).toEqual(['deploymentProposed', 'triggerFired']);
});

test('what happens to a row is told of its last deployment, also where the view was folded from a journal', () => {
  const view = createDeskView();
  foldDecision(view, 1, at, proposed(0, 7));
  foldDecision(view, 2, at, proposed(1, 7));
  const log = new EventLog(view);
  log.take(3, at, fired(7));
  expect(log.of('d0')).toEqual([]);
  expect(log.of('d1').map(({ seq }) => seq)).toEqual([3]);
});
