import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lots, micros, ticks } from '../../base/units.ts';
import type { CaptureChunk } from '../../domain/input.ts';
import { CaptureTap } from '../../runtime/live/capture-tap.ts';
import { createDoorbell } from '../../runtime/rings/doorbell.ts';
import { RingWriter } from '../../runtime/rings/ring.ts';
import { nodeWorld } from '../../runtime/threads.ts';
import { verifyChunks } from '../../verify/capture.ts';
import { captureFiles } from '../desk/capture.ts';
import { syntheticMarket } from '../desk/definitions.ts';
import { CaptureThread } from './capture.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'plimsoll-capture-'));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

function feed(capture: CaptureThread, from: number, count: number): void {
  const tap = new CaptureTap(new RingWriter(capture.memory, createDoorbell(false)), () => undefined);
  for (let n = from; n < from + count; n++)
    tap.take(
      {
        kind: 'trade',
        eventSeq: n,
        feed: 0,
        feedSeq: n,
        eventTime: micros(n),
        receivedAt: micros(n),
        listing: 0,
        price: ticks(100),
        qty: lots(1),
        aggressor: 'buy',
        tradeID: n,
      },
      micros(n),
    );
  expect(tap.lost).toBe(0);
}

async function captured(directory: string, from: number, count: number): Promise<{ chunks: CaptureChunk[]; lame: string }> {
  const chunks: CaptureChunk[] = [];
  const capture = new CaptureThread(directory, syntheticMarket, 'test');
  capture.start(
    nodeWorld,
    (message) => void (message.kind === 'chunk' && chunks.push(message.chunk)),
    () => undefined,
  );
  feed(capture, from, count);
  await capture.end();
  return { chunks, lame: capture.lame };
}

test('what the core hands on is in the files and in what is noted, whole chunks and the last, and a later desk goes on in a new file', async () => {
  const directory = join(root, 'capture');
  const first = await captured(directory, 1, 5_000);
  expect(first.lame).toBe('');
  expect(first.chunks.map(({ events }) => events)).toEqual([2_048, 2_048, 904]);
  // files may be moved away from the front: no later one takes the name of another
  const second = await captured(directory, 5_001, 10);
  const third = await captured(directory, 5_011, 10);
  expect([...second.chunks, ...third.chunks].map(({ file, events }) => `${file} ${events}`)).toEqual([
    '0000000002.capture 10',
    '0000000003.capture 10',
  ]);
  rmSync(captureFiles(directory)[0]);
  const fourth = await captured(directory, 5_021, 10);
  expect(fourth.chunks.map(({ file }) => file)).toEqual(['0000000004.capture']);
  const notes = [...second.chunks, ...third.chunks, ...fourth.chunks].map((chunk, n) => ({ ...chunk, seq: n + 1 }));
  expect(verifyChunks(notes, directory)).toMatchObject({ valid: true, noted: 3, sound: 3 });
});

test('a disk that takes nothing ends the capture with a sentence, and the core hears that it is over', async () => {
  const directory = join(root, 'gone');
  const said: string[] = [];
  const told: string[] = [];
  const capture = new CaptureThread(directory, syntheticMarket, 'test');
  rmSync(directory, { recursive: true });
  // nothing can be made below a device
  capture.start(
    {
      spawn: (order) => nodeWorld.spawn({ ...order, data: { ...(order.data as object), directory: '/dev/null/capture' } }),
    },
    ({ kind }) => told.push(kind),
    (text) => said.push(text),
  );
  feed(capture, 1, 100);
  await capture.end();
  expect(told).toEqual(['captureOver']);
  expect(capture.lame).toContain('/dev/null/capture');
  expect(said).toEqual([`nothing is captured any more, the desk goes on: ${capture.lame}`]);
});
