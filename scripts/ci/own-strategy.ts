import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { projectRoot } from '../../src/testing/tidy/tree.ts';
import { Checks } from './checks.ts';

// docs/how-to/deploy-your-own-strategy.md word by word, in a clean clone: files are saved under the names that the page gives, commands are run in its order.
const page = readFileSync(join(projectRoot, 'docs/how-to/deploy-your-own-strategy.md'), 'utf8');
const maxMinutes = 10;
const checks = new Checks();
const clone = mkdtempSync(join(tmpdir(), 'plimsoll-own-strategy-'));
const env = { ...process.env, NO_COLOR: '1', XDG_DATA_HOME: join(clone, '.data') };

interface Block {
  readonly language: string;
  readonly text: string;
  /** File that the words before it name; '' = none. */
  readonly file: string;
}

/** Fenced blocks in order, each with the last `mine/…` that the text before it says to save. */
function blocksOf(text: string): readonly Block[] {
  const blocks: Block[] = [];
  let before = 0;
  for (const match of text.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)) {
    const words = text.slice(before, match.index);
    const file = [...words.matchAll(/[Ss]ave (?:it|this) as `(mine\/[\w.-]+)`/g)].at(-1)?.[1] ?? '';
    blocks.push({ language: match[1], text: match[2], file });
    before = match.index + match[0].length;
  }
  return blocks;
}

/** What the page promises of a command: a part of its output. */
const promised: readonly (readonly [RegExp, RegExp])[] = [
  [/^bin\/plimsoll paper/, /verified yes, replay equal yes/],
  [/^bin\/plimsoll token list/, /rita +RiskManager[\s\S]*tom +Trader|tom +Trader[\s\S]*rita +RiskManager/],
  [/^bin\/plimsoll deploy/, /dips 1\.0\.0 is loading/],
  [/^bin\/plimsoll explain/, /missing; judged next at \d\d:\d\d:\d\d[\s\S]*minTrades/],
  [/^bin\/plimsoll get deployment/, /dips-live {3}Canary[\s\S]*Micro[\s\S]*Small/],
  [/^bin\/plimsoll promote dips-live --dir/, /GATES_NOT_PASSED[\s\S]*minDuration/],
  [/^bin\/plimsoll promote dips-live --waive/, /p1 waits for a second person of RiskManager/],
  [/^bin\/plimsoll proposals/, /p1 +by rita/],
  [/^bin\/plimsoll approve/, /dips-live is at Small/],
  [/^bin\/plimsoll status dips-live --dir mine\/desk$/, /Progressing at Small/],
  [/^bin\/plimsoll pause/, /is paused/],
  [/^bin\/plimsoll rollback/, /is rolled back/],
  [/^bin\/plimsoll status dips-live --dir mine\/desk \|\|/, /Aborted|Degraded|RollingBack/],
  [/^bin\/plimsoll kill/, /kill switch engaged/],
];

function run(command: string): void {
  const begun = performance.now();
  let output = '';
  let status = 0;
  try {
    output = execFileSync('bash', ['-euo', 'pipefail', '-c', `{ ${command}; } 2>&1`], {
      cwd: clone,
      env,
      encoding: 'utf8',
      timeout: 300_000,
    });
  } catch (error) {
    const failed = error as { readonly status?: number; readonly stdout?: string };
    status = failed.status ?? -1;
    output = String(failed.stdout ?? error);
  }
  const promise = promised.find(([of]) => of.test(command))?.[1];
  const holds = status === 0 && (promise === undefined || promise.test(output));
  checks.check(`${command} (${((performance.now() - begun) / 1_000).toFixed(1)} s)`, holds, `exit ${status}: ${output}`);
}

/** The desk that has a terminal of its own. */
async function bringUp(command: string): Promise<ChildProcess> {
  const desk = spawn(process.execPath, command.split(' '), { cwd: clone, env, stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  desk.stdout.setEncoding('utf8').on('data', (chunk: string) => (said += chunk));
  for (let n = 0; n < 600 && !said.includes('HTTP') && desk.exitCode === null; n++) await sleep(100);
  checks.check(command, said.includes('dips 1.0.0') && said.includes('HTTP'), said);
  return desk;
}

async function endDesk(desk: ChildProcess): Promise<void> {
  const ended = new Promise<number | null>((resolve) => desk.once('exit', resolve));
  desk.kill('SIGINT');
  checks.equal('Ctrl-C ends the desk in good order', await ended, 0);
}

let desk: ChildProcess | undefined;
const began = performance.now();
try {
  execFileSync('git', ['clone', '--quiet', projectRoot, clone], { env });
  for (const { language, text, file } of blocksOf(page)) {
    if (language !== 'sh') {
      checks.check(`the page says where its ${language} block is saved`, file !== '', text.slice(0, 80));
      mkdirSync(dirname(join(clone, file)), { recursive: true });
      writeFileSync(join(clone, file), text);
      continue;
    }
    for (const command of text.trim().split('\n')) {
      // the page ends the desk before it looks at its journal
      if (command.startsWith('bin/plimsoll journal verify') && desk !== undefined) {
        await endDesk(desk);
        desk = undefined;
      }
      if (command.startsWith('bin/plimsoll up ')) desk = await bringUp(command);
      else run(command);
      // a version loads, warms up and makes its first fills before there is something to look at
      if (command.startsWith('bin/plimsoll deploy ')) await sleep(5_000);
    }
  }
  const minutes = (performance.now() - began) / 60_000;
  checks.check(`all of it in ${minutes.toFixed(1)} minutes, at most ${maxMinutes}`, minutes <= maxMinutes);
  checks.check('the page has files and commands', blocksOf(page).length >= 10, blocksOf(page).length);
} catch (error) {
  checks.check('the step came to its end', false, String(error));
} finally {
  desk?.kill('SIGKILL');
  rmSync(clone, { recursive: true, force: true });
}
checks.close('own-strategy');
