import colors from 'picocolors';
import type { ControlAnswer } from '../desk/control-socket.ts';

/** One object for programs, or lines for people. */
export function print(json: boolean, body: unknown, text: string): void {
  process.stdout.write(json ? `${JSON.stringify(body)}\n` : text.endsWith('\n') || text === '' ? text : `${text}\n`);
}

/** Ends a command with one clear sentence. @returns the exit code. */
export function fail(json: boolean, exitCode: number, sentence: string, hint: string): number {
  if (json) process.stdout.write(`${JSON.stringify({ error: sentence, exitCode })}\n`);
  else process.stderr.write(`${colors.red('plimsoll:')} ${sentence}\n${hint === '' ? '' : `${hint}\n`}`);
  return exitCode;
}

/** What a running desk answered. */
export function printAnswer(json: boolean, answer: ControlAnswer): void {
  print(json, answer.body, answer.text);
  process.exitCode = answer.exitCode;
}
