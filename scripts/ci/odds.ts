import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prng } from '../../src/base/prng.ts';
import { Checks } from './checks.ts';
import { list, member, objectOf, plimsoll } from './plimsoll.ts';

// The odds of the reference ladder against the figures that the rollout rules give for it (20,000 paths, standard error at most 0.0035), under three models
// of returns: with the thresholds as they are written, as those figures were made; and the plain ladder's. The time is printed, not judged: machines are shared.
const paths = 4_000;
const published = [
  { sharpe: 0, promote: 0.0094, rollback: 0.6 },
  { sharpe: 1, promote: 0.062, rollback: 0.3 },
  { sharpe: 2, promote: 0.277, rollback: 0.12 },
  { sharpe: 4, promote: 0.898, rollback: 0.02 },
];

const checks = new Checks();
const folder = mkdtempSync(join(tmpdir(), 'plimsoll-odds-'));
const returns = join(folder, 'returns.txt');
const luck = prng('returns');
writeFileSync(returns, Array.from({ length: 2_000 }, (_, t) => (1 + (t % 200 < 40 ? 1 : 0)) * 0.001 * luck.normal()).join('\n'));
const args = ['lint', 'examples/reference-ladder.yaml', '--oc', '--json', '--paths', String(paths), '--seed', 'ci', '--returns', returns];
const run = await plimsoll(args);
const answer = objectOf(run);
console.log(`${paths} paths, five Sharpe ratios, three models: ${run.seconds.toFixed(1)} s`);
checks.equal('lint --oc ends with 0', run.status, 0);
const models = list(answer, 'models');
checks.equal(
  'three models of returns',
  models.map((model) => member(model, 'model')),
  ['iid', 'jumps', 'bootstrap'],
);
for (const { sharpe, promote, rollback } of published) {
  const row = list(answer, 'asWritten').find((one) => member(one, 'sharpe') === sharpe);
  const judged = list(models[0], 'odds').find((one) => member(one, 'sharpe') === sharpe);
  near(`Sharpe ${sharpe}: P(enter Full)`, member(row, 'promote'), promote);
  near(`Sharpe ${sharpe}: P(rollback)`, member(row, 'rollback'), rollback);
  checks.check(
    `Sharpe ${sharpe}: what the first version has to show is never reached more often than what is written`,
    Number(member(judged, 'promote')) <= Number(member(row, 'promote')),
    member(judged, 'promote'),
  );
}
for (const model of models) {
  const promote = list(model, 'odds').map((row) => Number(member(row, 'promote')));
  checks.check(
    `${String(member(model, 'model'))}: more edge, more promotions`,
    promote.every((p, k) => k === 0 || p >= promote[k - 1]),
    promote,
  );
}
const plain = list(answer, 'plainLadder').map((row) => Number(member(row, 'promote')));
checks.check('the plain ladder gives Sharpe 0 all of the capital with 0.87', Math.abs(plain[0] - 0.87) < 0.01 + 3 * deviation(0.87), plain);
const wrong = await plimsoll(['lint', 'examples/reference-ladder.yml']);
checks.equal('a file that is not there is refused', [wrong.status, wrong.stderr.includes('no such file')], [4, true]);
rmSync(folder, { recursive: true });
checks.close('odds');

function deviation(p: number): number {
  return Math.sqrt((p * (1 - p)) / paths);
}

/** Within three standard errors of the difference: ours and that of 20,000 paths. */
function near(what: string, found: unknown, expected: number): void {
  const error = Math.sqrt(expected * (1 - expected) * (1 / paths + 1 / 20_000) + 0.0005 * 0.0005);
  checks.check(
    `${what} is ${String(found)}, ${expected} published`,
    typeof found === 'number' && Math.abs(found - expected) <= 3 * error,
    found,
  );
}
