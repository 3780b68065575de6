import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { projectRoot } from '../../src/testing/tidy/tree.ts';

const root = mkdtempSync(join(tmpdir(), 'plimsoll-steps-'));
afterAll(() => rmSync(root, { recursive: true }));

/** Steps for plans: what a command of CI may do. `meet A B` waits, bounded, until the other one is there too. */
const commands = `
says() { echo "$1: $2 passed, $3 failed"; [ "$3" -eq 0 ]; }
silent() { echo 'nothing is counted'; }
fails() { echo 'no count either'; return 3; }
killed() { echo 'before it is killed'; kill -9 "$BASHPID"; echo "$1: 9 passed, 0 failed"; }
meet() { echo "$1 begins"; touch "$1"; for n in $(seq 200); do [ -e "$2" ] && echo "$1 ends" && says "$1" 1 0 && return; sleep 0.05; done; return 1; }
lonely() { touch here; for one in a b; do [ -e "$one" ] && [ ! -e "$one.over" ] && return 1; done; says lonely 1 0; }
over() { meet "$1" "$2" && touch "$1.over"; }
`;

/** Runs a plan in a folder of its own. */
function run(plan: string): { readonly status: number | null; readonly lines: readonly string[]; readonly output: string } {
  const folder = mkdtempSync(join(root, 'plan-'));
  const path = join(folder, 'plan.sh');
  writeFileSync(path, `set -u\ncd '${folder}'\n. '${join(projectRoot, '.ci/steps.sh')}'\n${commands}${plan}\nclose\n`);
  const { status, stdout } = spawnSync('bash', [path], { encoding: 'utf8', timeout: 60_000 });
  return { status, output: stdout, lines: stdout.trimEnd().split('\n') };
}

test('counts of all steps are added up, each with its times', () => {
  const { status, lines, output } = run('step one says one 3 0\nbeside two says two 4 0');
  expect(lines.at(-1)).toBe('7 passed, 0 failed');
  expect(status).toBe(0);
  expect(output).toMatch(/^one +passed +\d+ s +\d+ s of CPU +3 passed +0 failed$/m);
  expect(output).toMatch(/^two +passed +\d+ s +\d+ s of CPU +4 passed +0 failed$/m);
});

test.each(['step', 'beside'])('%s: what fails, says nothing or is killed counts as failed, and the others go on', (how) => {
  const { status, lines, output } = run(
    ['a fails', 'b silent', 'c killed c', 'd says d 5 2', 'e says e 1 0'].map((one) => `${how} ${one}`).join('\n'),
  );
  expect(lines.at(-1)).toBe('6 passed, 5 failed');
  expect(status).toBe(1);
  // steps of a lane are counted as they end
  expect(output.match(/^failed step: .$/gm)?.sort()).toEqual(['a', 'b', 'c', 'd'].map((name) => `failed step: ${name}`));
  expect(output).toContain('before it is killed');
  expect(output).toMatch(/^e +passed/m);
});

test('three lanes run side by side and their outputs do not mix', () => {
  const { lines, output } = run('beside a meet a b\nbeside b meet b c\nbeside c meet c a');
  expect(lines.at(-1)).toBe('3 passed, 0 failed');
  for (const name of ['a', 'b', 'c']) expect(output).toContain(`${name} begins\n${name} ends\n${name}: 1 passed, 0 failed\n`);
});

test('a step that is alone waits until all lanes are empty', () => {
  const { lines } = run('beside a over a b\nbeside b over b a\nstep lonely lonely');
  expect(lines.at(-1)).toBe('3 passed, 0 failed');
});

test('a plan in which nothing is counted fails', () => {
  const { status, lines } = run('step a silent');
  expect([status, lines.at(-1)]).toEqual([1, '0 passed, 1 failed']);
  expect(run('').status).toBe(1);
});

test('an interrupted plan ends its lanes with their children', () => {
  const { status, output } = run(
    'long() { (sleep 60) & echo $! >child; wait; }\nbeside a long\nwhile [ ! -s child ]; do sleep 0.05; done\ntrap \'for n in $(seq 200); do kill -0 "$(cat child)" 2>/dev/null || { echo "child is gone"; break; }; sleep 0.05; done; rm -rf "$logs"\' EXIT\nkill -TERM $$',
  );
  expect(status).toBe(143);
  expect(output).toContain('child is gone');
});

/** The program of a step: a script that the command names, or what npm runs under its name. */
function programOf(command: string): string {
  const script = /scripts\/\S+\.(?:ts|sh)/.exec(command)?.[0];
  if (script !== undefined) return script;
  const { check, bench } = { check: 'scripts/check.ts', bench: 'bench/run.ts' };
  return command.startsWith('npm run check') ? check : command.includes('bench') ? bench : '.ci/run';
}

test('each step of CI is counted: its program closes under the name that the plan gives it', () => {
  const read = (path: string): string => readFileSync(join(projectRoot, path), 'utf8');
  const steps = [...read('.ci/run').matchAll(/^(?:step|beside) (\S+) (.+)$/gm)];
  expect(steps.length).toBeGreaterThan(30);
  const uncounted = steps
    .map(([, name, command]) => ({ name, text: read(programOf(command)) }))
    .filter(({ name, text }) => ![`'${name}'`, `${name}: `, `\`${name.replace(/\d+$/, '')}\${`].some((closing) => text.includes(closing)))
    .map(({ name }) => name);
  expect(uncounted).toEqual([]);
});
