import { expect, it } from 'vitest';
import type { PlainObject } from './field-reader.ts';
import { parseSpec } from './spec-parser.ts';

const stages = [0.01, 0.05, 0.25].map((allocation) => ({ name: `S${allocation}`, allocation, minDuration: 'PT1H' }));

function parsed(configuration: PlainObject): ReturnType<typeof parseSpec> {
  return parseSpec(
    { strategy: 'Canary', algorithmId: 'algo', version: '1.0.0', configuration: { totalCapital: '1000', stages, ...configuration } },
    { accountGroup: 'main', currency: 'USD', universe: ['X.V'], venues: [{ venueID: 'V', accountID: 'A1' }], calendar: 'ALWAYS' },
  );
}

it('a baseline runs beside the stages that it names, else beside those of at most a tenth', () => {
  const upTo = (baseline: PlainObject): unknown => {
    const spec = parsed({ baseline });
    return spec.ok ? spec.value.spec.baseline?.upTo : spec.error;
  };
  expect([upTo({ upTo: 0.29 }), upTo({ upTo: 0.0001 }), upTo({})]).toEqual([2_900, 1, 500]);
  expect(upTo({ upTo: 0.51 })).toMatchObject([{ path: 'configuration.baseline.upTo' }]);
  expect(upTo({ until: 0.1 })).toMatchObject([{ path: 'configuration.baseline.until' }]);
});

it('a spec without one keeps the hash that it had', () => {
  const [plain, with_] = [parsed({}), parsed({ baseline: {} })];
  if (!plain.ok || !with_.ok) throw new Error('expected specs');
  expect(plain.value.spec).not.toHaveProperty('baseline');
  expect(with_.value.spec.specHash).not.toBe(plain.value.spec.specHash);
});
