import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { prng } from '../base/prng.ts';
import { nodeDisk } from '../storage/file/node-disk.ts';
import { programBeside } from '../testing/program-beside.ts';
import { verifyDirectory } from '../verify/verify.ts';
import { createFileJournal } from './file-journal.ts';
import { readJournal } from './reader.ts';

const kills = 4;
const writer = programBeside(import.meta.url, '../testing/journal/endless-writer');

/** Starts a writer, kills it after it has acknowledged so many commits; the last seq that it printed. */
function killedAfter(root: string, commits: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...writer, root], { stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      if (text.split('\n').length > commits) child.kill('SIGKILL');
    });
    child.on('error', reject).on('close', () => resolve(Number(text.split('\n').at(-2) ?? 0)));
  });
}

test('a writer that is killed has lost nothing that it acknowledged', async () => {
  const luck = prng('kill');
  const seen: string[] = [];
  for (let n = 0; n < kills; n++) {
    const root = mkdtempSync(join(tmpdir(), 'plimsoll-kill-'));
    const acknowledged = await killedAfter(root, 1 + luck.int(400));
    const end = await readJournal(nodeDisk(root), 'journal', () => undefined);
    seen.push(`${acknowledged} of ${end.lastSeq} (${end.kind})`);
    expect(acknowledged).toBeGreaterThan(0);
    expect(end.lastSeq).toBeGreaterThanOrEqual(acknowledged);
    expect(['open', 'torn']).toContain(end.kind);
    expect(verifyDirectory(join(root, 'journal')).problems).toEqual([]);
    const again = await createFileJournal({
      disk: nodeDisk(root),
      directory: 'journal',
      origin: 'a',
      coreDigest: '00'.repeat(32),
      term: 2,
      durability: 'group',
    });
    expect(again).toMatchObject({ ok: false, error: { code: 'JOURNAL_UNFINISHED' } });
    rmSync(root, { recursive: true });
  }
  console.log(`${kills} kills, acknowledged of found: ${seen.join(', ')}`);
});
