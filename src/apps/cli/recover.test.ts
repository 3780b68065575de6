import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, afterEach, expect, test, vi } from 'vitest';
import { appendTurn, sampleTurns } from '../../testing/journal/sample-records.ts';
import { exitCodes } from '../desk/exit-codes.ts';
import { beginJournal } from '../desk/journal-files.ts';
import { addRecover } from './recover.ts';

const folder = mkdtempSync(join(tmpdir(), 'plimsoll-recover-'));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => void vi.restoreAllMocks());

/** A journal that was closed in good order, and its head. */
async function closed(name: string, seed: number, keysOf?: string): Promise<{ readonly directory: string; readonly head: string }> {
  const directory = mkdtempSync(join(folder, `${name}-`));
  if (keysOf !== undefined) for (const key of ['journal.key', 'journal.vkey']) cpSync(join(keysOf, key), join(directory, key));
  const journal = await beginJournal(directory, 'c'.repeat(64), 'os');
  for (const turn of sampleTurns(seed, 40)) appendTurn(journal, turn);
  await journal.close();
  const head = join(directory, 'kept.txt');
  writeFileSync(head, journal.head());
  return { directory, head };
}

async function recover(...words: string[]): Promise<string> {
  const said: string[] = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => said.push(String(text)) > 0);
  const plimsoll = new Command();
  addRecover(plimsoll);
  await plimsoll.parseAsync(['recover', ...words], { from: 'user' });
  return said.join('');
}

test('a head that was kept is held against a journal that was closed in good order, too', async () => {
  const kept = await closed('kept', 1);
  expect(await recover(kept.directory, '--head', kept.head)).toContain('closed in good order');
  const rewritten = await closed('rewritten', 2, kept.directory);
  await expect(recover(rewritten.directory, '--head', kept.head)).rejects.toMatchObject({ exitCode: exitCodes.aborted });
  const nonsense = join(folder, 'nonsense.txt');
  writeFileSync(nonsense, readFileSync(kept.head, 'utf8').slice(9));
  await expect(recover(kept.directory, '--head', nonsense)).rejects.toMatchObject({ exitCode: exitCodes.refused });
});
