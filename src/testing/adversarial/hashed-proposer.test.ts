import { expect, test } from 'vitest';
import { stateHash } from '../../core/engine.ts';
import { SeededScript } from '../rollout/seeded-script.ts';

test('who proposed a deployment, and so may not approve it, is part of the state', () => {
  const { core } = new SeededScript(2).run(80).desk;
  const hash = stateHash(core);
  const [deployment] = core.rollout.deployments;
  Reflect.set(deployment, 'proposedBy', `not ${deployment.proposedBy}`);
  expect(stateHash(core)).not.toBe(hash);
});
