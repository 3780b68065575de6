import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'prettier';
import { projectRoot } from '../../src/testing/tidy/tree.ts';
import type { Machine } from './machine.ts';
import { isRecord } from './run-program.ts';

/** Figures of a whole run that stand in the repository. */
export interface CommittedFigures {
  readonly cpu: string;
  readonly cores: number;
  readonly figures: ReadonlyMap<string, number>;
}

const file = join(projectRoot, 'bench', 'figures.json');

/** Undefined = none are committed yet. */
export function readCommitted(): CommittedFigures | undefined {
  if (!existsSync(file)) return undefined;
  const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
  if (!isRecord(value) || !isRecord(value['machine']) || !Array.isArray(value['figures']))
    throw new Error('bench/figures.json: expected machine and figures');
  const { cpu, cores } = value['machine'];
  if (typeof cpu !== 'string' || typeof cores !== 'number') throw new Error('bench/figures.json: expected machine.cpu and machine.cores');
  const figures = new Map<string, number>();
  const rows: readonly unknown[] = value['figures'];
  for (const row of rows) {
    if (isRecord(row) && typeof row['figure'] === 'string' && typeof row['measured'] === 'number')
      figures.set(row['figure'], row['measured']);
  }
  return { cpu, cores, figures };
}

export function isSameMachine(committed: CommittedFigures, here: Machine): boolean {
  return committed.cpu === here.cpu && committed.cores === here.cores;
}

export async function writeCommitted(report: object): Promise<void> {
  writeFileSync(file, await format(JSON.stringify(report), { parser: 'json', printWidth: 140 }));
}
