import { describe, expect, it } from 'vitest';
import { microsUnchecked } from '../base/units.ts';
import type { Decision } from '../domain/decision.ts';
import { minSegmentBytes } from './format.ts';
import { RecordStream } from './record-stream.ts';
import { shapeOf } from './shape.ts';

const decision: Decision = { kind: 'killLatched', engaged: true, actor: 'rita', reason: 'x'.repeat(700) };

describe('the stream of records', () => {
  it('lets no segment end between an input and its decisions: a crash leaves all of them or none', () => {
    const shape = shapeOf({ coreDigest: 'd5'.repeat(32), term: 1, segmentBytes: minSegmentBytes });
    const stream = new RecordStream(shape, false);
    const ends = new Set<number>();
    for (let turn = 0; turn < 40; turn++) {
      const seq = stream.lastSeq + 1;
      const at = microsUnchecked(1_700_000_000_000_000 + turn);
      stream.appendInput(seq, at, { kind: 'stateCheck', reason: 'test' });
      for (let n = 1; n <= turn % 7; n++) stream.appendDecision(seq + n, at, seq, decision);
      ends.add(stream.lastSeq);
    }
    const pieces = stream.take()?.pieces ?? [];
    expect(pieces.length).toBeGreaterThan(3);
    expect(pieces.filter(({ lastSeq }) => !ends.has(lastSeq))).toEqual([]);
  });
});
