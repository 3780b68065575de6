import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { gateTests } from '../../core/rollout/gate-terms.ts';

const page = readFileSync(join(import.meta.dirname, '../../../docs/reference/gates.md'), 'utf8');
const where = { capital: 'before capital', paper: 'on paper', both: 'before capital, on paper' } as const;

test('docs/reference/gates.md lists every test with its metrics and where it is asked, and no other', () => {
  const [, table] = /## Tests\n\n([\s\S]*?)\n\n/.exec(page) ?? [];
  const rows = (table ?? '')
    .split('\n')
    .slice(2)
    .map((line) => line.split('|').map((cell) => cell.trim().replaceAll('`', '')));
  expect(rows.map(([, name, metrics, asked]) => [name, metrics, asked])).toEqual(
    gateTests.map((one) => [one.test, one.metrics.join(', '), where[one.where]]),
  );
});
