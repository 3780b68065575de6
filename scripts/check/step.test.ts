import { expect, test } from 'vitest';
import { runSteps, type Finding } from './step.ts';

function stepThat(run: () => Promise<Finding>) {
  return { name: 'planted', unit: 'files', run };
}

test('a step that saw nothing has failed though its tool was content', async () => {
  const [verdict] = await runSteps([stepThat(() => Promise.resolve({ passed: true, seen: 0, output: '' }))], () => undefined);
  expect(verdict).toMatchObject({ passed: false, output: 'planted saw no files: it looked at nothing' });
});

test('a step that throws has failed, the others still run, and verdicts keep the order of the steps', async () => {
  const steps = [
    stepThat(() => Promise.reject(new Error('broken tool'))),
    stepThat(() => Promise.resolve({ passed: true, seen: 3, output: '' })),
    stepThat(() => Promise.resolve({ passed: false, seen: 3, output: 'found' })),
  ];
  const told: boolean[] = [];
  const verdicts = await runSteps(steps, (verdict) => told.push(verdict.passed));
  expect(verdicts.map((verdict) => verdict.passed)).toEqual([false, true, false]);
  expect(verdicts[0]?.output).toContain('broken tool');
  expect(told).toHaveLength(3);
});
