import { describe, expect, it } from 'vitest';
import { closedJournal, openJournal } from '../testing/journal/small-journal.ts';
import { createMemoryDisk } from '../testing/journal/memory-disk.ts';
import type { MemoryDisk } from '../testing/journal/memory-disk.ts';
import { appendTurn, sampleTurns } from '../testing/journal/sample-records.ts';
import { checkProof } from '../verify/proof.ts';
import { verifyFiles } from '../verify/verify.ts';
import { imageOf, sourceOf } from '../testing/journal/small-journal.ts';
import { proveConsistency, proveRecord } from './prove.ts';
import { Witness } from './witness.ts';
import { askWitness, serveWitness } from './witness-http.ts';

const turns = sampleTurns(9, 120);

async function grown(
  from: number,
  to: number,
  disk = createMemoryDisk(),
): Promise<{ readonly disk: MemoryDisk; readonly heads: readonly string[]; readonly key: string }> {
  const journal = await openJournal(disk);
  const heads: string[] = [];
  for (const [n, turn] of turns.slice(from, to).entries()) {
    appendTurn(journal, turn);
    if (n % 20 !== 19) continue;
    await journal.checkpoint();
    heads.push(journal.head());
  }
  return { disk, heads, key: journal.publicKey };
}

describe('a proof', () => {
  it('holds for every record against the head, by the code of the stand-alone verifier, and for no other', async () => {
    const { disk, head, verifierKey, journal } = await closedJournal(6, 60);
    let proofs = 0;
    for (let seq = 1; seq < journal.nextSeq; seq += 3) {
      const proof = await proveRecord(disk, 'journal', seq, head);
      if (!proof.ok) throw new Error(proof.error);
      expect(checkProof(JSON.stringify(proof.value), verifierKey)).toMatchObject({ valid: true });
      if (proof.value.kind !== 'inclusion') continue;
      const other = { ...proof.value, index: proof.value.index === 0 ? 1 : proof.value.index - 1 };
      expect(checkProof(JSON.stringify(other), verifierKey).valid).toBe(false);
      // the number that a person reads is the record's own
      expect(checkProof(JSON.stringify({ ...proof.value, seq: seq + 1 }), verifierKey).verdict).toBe(
        `expected the record that bears the number ${seq + 1}, was ${seq}`,
      );
      expect(checkProof(JSON.stringify({ ...proof.value, record: 'AAAA' }), verifierKey).valid).toBe(false);
      const bytes = Buffer.from(proof.value.record, 'base64');
      bytes[bytes.length - 1] ^= 1;
      expect(checkProof(JSON.stringify({ ...proof.value, record: bytes.toString('base64') }), verifierKey).valid).toBe(false);
      proofs += 1;
    }
    expect(proofs).toBeGreaterThan(20);
    expect(await proveRecord(disk, 'journal', 1_000_000)).toMatchObject({
      ok: false,
      error: 'record 1000000: this journal does not hold it',
    });
  });

  it('shows that a head begins with each older one, and not with one of another journal', async () => {
    const { disk, heads, key } = await grown(0, 120);
    const other = await grown(10, 120);
    for (const [n, before] of heads.entries()) {
      for (const head of heads.slice(n)) {
        const proof = await proveConsistency(disk, 'journal', before, head);
        if (!proof.ok) throw new Error(proof.error);
        expect(checkProof(JSON.stringify(proof.value), key)).toMatchObject({ valid: true });
        expect(checkProof(JSON.stringify({ ...proof.value, before: other.heads[n] }), key).valid).toBe(false);
      }
    }
    expect(checkProof('{}', key).verdict).toBe('head: expected a signed checkpoint');
    expect(checkProof('null', key).verdict).toBe('expected a proof in JSON');
    expect(checkProof('no', key).verdict).toBe('expected a proof in JSON');
  });
});

describe('a witness', () => {
  it('signs what begins with what it has signed, over the loopback interface, and nothing else', async () => {
    const { disk, heads, key } = await grown(0, 120);
    const own = createMemoryDisk();
    const opened = await Witness.open(own, 'witness', 'outside', key);
    if (typeof opened === 'string') throw new Error(opened);
    const server = await serveWitness(opened, 0);
    const url = `http://127.0.0.1:${server.port}`;
    try {
      for (const head of heads) {
        const answer = await askWitness(disk, 'journal', head, url);
        expect(answer).toMatchObject({ status: 200 });
        if (answer.status === 200) expect(verifyFiles(sourceOf(imageOf(disk)), { head: answer.note }).problems).toEqual([]);
      }
      const [first, last] = [heads[0], heads.at(-1) ?? ''];
      expect(await askWitness(disk, 'journal', first, url)).toMatchObject({ status: 422 });
      // the same key, another history: whoever has the disk and the key rewrites the log
      const rewritten = createMemoryDisk();
      for (const name of ['journal.key', 'journal.vkey']) rewritten.put(name, disk.content(name));
      const { heads: forged } = await grown(1, 120, rewritten);
      expect(await askWitness(rewritten, 'journal', forged.at(-1) ?? '', url)).toMatchObject({ status: 422 });
      const strange = await grown(0, 40);
      expect((await askWitness(strange.disk, 'journal', strange.heads[0], url)).status).toBeGreaterThanOrEqual(403);
      expect(opened.head.startsWith(last.split('\n\n')[0])).toBe(true);
      // what it has signed for outlives it
      const again = await Witness.open(own.afterPowerCut(), 'witness', 'outside', key);
      expect(typeof again === 'string' ? again : again.size).toBe(opened.size);
    } finally {
      await server.close();
    }
  });

  it('finds a rewritten journal by its head where the journal alone is valid', async () => {
    const { disk, heads } = await grown(0, 120);
    const rewritten = createMemoryDisk();
    for (const name of ['journal.key', 'journal.vkey']) rewritten.put(name, disk.content(name));
    await grown(1, 121, rewritten);
    expect(verifyFiles(sourceOf(imageOf(rewritten))).valid).toBe(true);
    expect(verifyFiles(sourceOf(imageOf(rewritten)), { head: heads.at(-1) ?? '' }).valid).toBe(false);
  });
});
