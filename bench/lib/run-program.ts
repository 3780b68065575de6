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

/** What a program of the bench found, or why it was left out. */
export type ProgramResult =
  | {
      readonly kind: 'measured';
      readonly program: string;
      readonly measured: readonly Measured[];
      readonly printed: Readonly<Record<string, unknown>>;
    }
  | { readonly kind: 'skipped'; readonly program: string; readonly reason: string };

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
  if (child.status !== 0) throw new Error(`bench/${name}.ts ended with ${child.status ?? child.signal}: ${child.stdout.slice(-400)}`);
  const printed = objectOf(child.stdout.trimEnd().split('\n').at(-1) ?? '', name);
  const measured = program.figures.map((figure) => {
    const value = numberAt(printed, figure.path, name);
    return { figure, value, met: isMet(figure, value) };
  });
  return { kind: 'measured', program: name, measured, printed };
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
