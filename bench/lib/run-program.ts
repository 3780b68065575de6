import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { programBeside } from '../../src/testing/program-beside.ts';
import { projectRoot } from '../../src/testing/tidy/tree.ts';
import type { Effort } from './effort.ts';
import { isMet, type BenchProgram, type Figure } from './figures.ts';

export interface Measured {
  readonly figure: Figure;
  readonly value: number;
  readonly met: boolean;
}

/** What a program of the bench found, why it was left out, or how it failed. */
export type ProgramResult =
  | {
      readonly kind: 'measured';
      readonly program: string;
      readonly measured: readonly Measured[];
      readonly printed: Readonly<Record<string, unknown>>;
    }
  | { readonly kind: 'skipped'; readonly program: string; readonly reason: string }
  | { readonly kind: 'failed'; readonly program: string; readonly reason: string };

/** Runs one program in a process of its own. One that fails takes nothing from what the others measure. */
export function runProgram(program: BenchProgram, effort: Effort): ProgramResult {
  const { name } = program;
  if (program.needs !== '' && !existsSync(join(projectRoot, program.needs)))
    return { kind: 'skipped', program: name, reason: `${program.needs} is absent` };
  if ((name === 'memory' && effort.lastInputs === 0) || (name === 'hosts' && effort.name === 'smoke'))
    return { kind: 'skipped', program: name, reason: 'not in a smoke run' };
  const child = spawnSync(
    process.execPath,
    [...program.nodeFlags, ...programBeside(import.meta.url, `../${name}`), ...program.options(effort), '--json'],
    { cwd: projectRoot, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], maxBuffer: 1 << 26 },
  );
  if (child.status !== 0) {
    const said = child.stdout.slice(-400).trimEnd();
    return { kind: 'failed', program: name, reason: `ended with ${child.status ?? child.signal}${said === '' ? '' : `: ${said}`}` };
  }
  try {
    const printed = objectOf(child.stdout.trimEnd().split('\n').at(-1) ?? '', name);
    const measured = program.figures.map((figure) => {
      const value = numberAt(printed, figure.path, name);
      return { figure, value, met: isMet(figure, value) };
    });
    return { kind: 'measured', program: name, measured, printed };
  } catch (error) {
    return { kind: 'failed', program: name, reason: error instanceof Error ? error.message : String(error) };
  }
}

function objectOf(text: string, name: string): Record<string, unknown> {
  const value: unknown = JSON.parse(text);
  if (!isRecord(value)) throw new Error(`bench/${name}.ts: expected one JSON object in its last line`);
  return value;
}

function numberAt(from: Record<string, unknown>, path: string, name: string): number {
  let value: unknown = from;
  for (const part of path.split('.')) value = isRecord(value) ? value[part] : undefined;
  if (typeof value !== 'number') throw new Error(`bench/${name}.ts: expected a number at ${path}`);
  return value;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
