import { expect, test } from 'vitest';
import { prng } from '../../base/prng.ts';
import type { DeploymentSpec } from '../../domain/spec.ts';
import { createAgenda, createDeployment, judgeNext, nextJudgment } from './deployment.ts';

test('the agenda names the earliest judgment of all deployments, whatever was planned, moved and dropped before', () => {
  const luck = prng('agenda');
  const agenda = createAgenda();
  const spec = {} as DeploymentSpec;
  const deployments = Array.from({ length: 7 }, (_none, ix) => createDeployment(ix, spec, ix, 'admin', agenda));
  expect(nextJudgment(agenda, deployments)).toBe(Infinity);
  let dropped = 0;
  for (let n = 0; n < 2_000; n++) {
    const at = luck.int(3) === 0 ? 0 : 1 + luck.int(40);
    if (at === 0) dropped += 1;
    judgeNext(deployments[luck.int(7)], at);
    if (luck.int(2) === 0) continue;
    const planned = deployments.map(({ judgeAt }) => judgeAt).filter((one) => one > 0);
    expect(nextJudgment(agenda, deployments)).toBe(Math.min(Infinity, ...planned));
  }
  expect(dropped).toBeGreaterThan(100);
});
