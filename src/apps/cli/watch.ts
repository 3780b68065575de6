import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { askDesk, type ControlAnswer, type ControlRequest } from '../desk/control-socket.ts';
import { exitCodes, type ExitCode } from '../desk/exit-codes.ts';
import { needDirectory } from '../desk/need-directory.ts';
import { Interrupt } from './interrupt.ts';
import { countOf } from './option-values.ts';
import { print, printAnswer } from './output.ts';
import { askRunningDesk } from './kill.ts';

/** How often a desk is asked again (ms). */
const lookEvery = 250;

/** Asks again and again until `done`, the desk is gone, the time is over (exit 2) or Ctrl-C; shows each answer that differs. */
async function watch(
  dir: string,
  request: ControlRequest,
  seconds: number | undefined,
  show: (answer: ControlAnswer) => void,
  done: (answer: ControlAnswer) => boolean,
  stateOf: (answer: ControlAnswer) => string,
): Promise<ExitCode> {
  const interrupt = new Interrupt();
  const end = seconds === undefined ? Infinity : performance.now() + seconds * 1_000;
  let last = await askRunningDesk(dir, request);
  show(last);
  let shown = stateOf(last);
  while (!interrupt.asked && !done(last)) {
    if (performance.now() >= end) return exitCodes.timeout;
    await sleep(lookEvery);
    const answer = await askDesk(dir, request);
    // the desk has ended: what was seen last stands
    if (answer === undefined) break;
    last = answer;
    if (stateOf(answer) === shown) continue;
    shown = stateOf(answer);
    show(answer);
  }
  return last.exitCode as ExitCode;
}

/** Over: nothing changes any more without a person, or there is nothing of that name. */
function isOver({ body, exitCode }: ControlAnswer): boolean {
  const phase = (body as { readonly phase?: unknown }).phase;
  return exitCode === exitCodes.refused || phase === 'Healthy' || phase === 'Aborted' || phase === 'Degraded';
}

/** Elsewhere than in a terminal a line is worth printing when somebody would act on it: not for every second and every fill. */
function stepOf({ body, exitCode }: ControlAnswer): string {
  const { phase, reason, stage, revision, swap, judgedNow = [] } = body as Step;
  return JSON.stringify([exitCode, phase, reason, stage, revision, swap?.step, judgedNow.map(({ gate, verdict }) => `${gate} ${verdict}`)]);
}

interface Step {
  readonly phase?: string;
  readonly reason?: string;
  readonly stage?: string | null;
  readonly revision?: number | null;
  readonly swap?: { readonly step: string };
  readonly judgedNow?: readonly { readonly gate: string; readonly verdict: string }[];
}

export interface WatchOptions {
  readonly dir: string;
  readonly timeout?: number;
  readonly json?: true;
}

/** `get deployment X -w`: in a terminal the tree is drawn over itself, elsewhere each state is printed once. */
export async function watchTree(id: string, { dir, timeout, json }: WatchOptions): Promise<void> {
  needDirectory(dir);
  const page = json !== true && process.stdout.isTTY;
  const show = (answer: ControlAnswer): void => {
    if (page)
      process.stdout.write(
        `\u001b[H${answer.text
          .split('\n')
          .map((line) => `${line}\u001b[K`)
          .join('\n')}\u001b[J`,
      );
    else print(json === true, answer.body, `${answer.text}\n`);
  };
  if (page) process.stdout.write('\u001b[2J\u001b[?25l');
  try {
    process.exitCode = await watch(dir, { verb: 'tree', id }, timeout, show, isOver, page ? ({ text }) => text : stepOf);
  } finally {
    if (page) process.stdout.write('\u001b[?25h\n');
  }
}

interface StatusOptions extends WatchOptions {
  readonly wait?: true;
}

/** Health of a desk or of one deployment, for people and for scripts that wait. */
export function addStatus(plimsoll: Command): void {
  plimsoll
    .command('status')
    .description('one line for each deployment; the exit code says how it is')
    .argument('[deployment]')
    .requiredOption('--dir <directory>', 'directory of the running desk')
    .option('--wait', 'until it is done or waits for a person')
    .option('--timeout <seconds>', 'longest wait; then the exit code is 2', countOf)
    .option('--json', 'print one JSON object and nothing else')
    .action(async (id: string | undefined, options: StatusOptions) => {
      const request = { verb: 'status', id: id ?? '' };
      if (options.wait !== true) {
        printAnswer(options.json === true, await askRunningDesk(options.dir, request));
        return;
      }
      const show = (answer: ControlAnswer): void => print(options.json === true, answer.body, answer.text);
      process.exitCode = await watch(options.dir, request, options.timeout, show, isSettled, ({ text }) => text);
    });
}

/** Every deployment asked for is done, or something waits for a person. */
function isSettled({ body, exitCode }: ControlAnswer): boolean {
  if (exitCode === exitCodes.refused || exitCode === exitCodes.waitsForPerson || exitCode === exitCodes.aborted) return true;
  const { deployments = [] } = body as { readonly deployments?: readonly { readonly done: boolean }[] };
  return deployments.every((one) => one.done);
}
