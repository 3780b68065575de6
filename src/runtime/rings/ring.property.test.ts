import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createDoorbell } from './doorbell.ts';
import { createRingMemory, RingReader, RingWriter } from './ring.ts';

interface Heard {
  readonly type: number;
  readonly bytes: readonly number[];
}

function write(writer: RingWriter, type: number, bytes: readonly number[]): boolean {
  const at = writer.claim(bytes.length);
  if (at < 0) return false;
  for (let i = 0; i < bytes.length; i++) writer.bytes[at + i] = bytes[i];
  writer.commit(type, at + bytes.length);
  return true;
}

function read(reader: RingReader, limit: number): Heard[] {
  const heard: Heard[] = [];
  reader.poll((type, payload, at) => heard.push({ type, bytes: [...payload.bytes.slice(at, payload.end)] }), limit);
  return heard;
}

const message = fc.record({ type: fc.integer({ min: 1, max: 0xffffffff }), bytes: fc.array(fc.nat(255), { maxLength: 100 }) });
const action = fc.oneof(
  { weight: 4, arbitrary: message.map((one) => ({ do: 'write' as const, ...one })) },
  { weight: 1, arbitrary: fc.constant({ do: 'publish' as const }) },
  { weight: 2, arbitrary: fc.nat(5).map((limit) => ({ do: 'read' as const, limit })) },
  { weight: 1, arbitrary: fc.constant({ do: 'crash' as const }) },
);

/** The obvious ring: two arrays. */
test('a ring is a queue: what was published is read once, in order, whole, over every wrap, and a full ring says so', () => {
  let cases = 0;
  let refusals = 0;
  let crashes = 0;
  fc.assert(
    fc.property(fc.array(action, { minLength: 20, maxLength: 300 }), fc.nat(64), (actions, turns) => {
      const memory = createRingMemory(256);
      // positions near 2^32, so that they wrap within the run
      const heads = new Int32Array(memory, 0, 128);
      heads[0] = heads[64] = -turns;
      const writer = new RingWriter(memory, createDoorbell(false));
      let reader = new RingReader(memory);
      const committed: Heard[] = [];
      const visible: Heard[] = [];
      for (const one of actions) {
        cases++;
        if (one.do === 'write') {
          const { type, bytes } = one;
          if (write(writer, type, bytes)) committed.push({ type, bytes });
          else refusals++;
        } else if (one.do === 'publish') {
          writer.publish();
          visible.push(...committed.splice(0));
        } else if (one.do === 'read') {
          expect(read(reader, one.limit)).toEqual(visible.splice(0, one.limit));
        } else {
          // the reader dies in its first message; its successor hears that message again, from the start
          crashes++;
          const die = (): never => {
            throw new Error('torn');
          };
          if (visible.length > 0) expect(() => reader.poll(die, 9)).toThrow('torn');
          reader = new RingReader(memory);
        }
        expect(reader.empty).toBe(visible.length === 0);
      }
      writer.publish();
      visible.push(...committed);
      expect(read(reader, 1_000)).toEqual(visible);
      expect(writer.lag).toBe(0);
    }),
    { numRuns: 400 },
  );
  expect(cases).toBeGreaterThan(10_000);
  expect(refusals).toBeGreaterThan(100);
  expect(crashes).toBeGreaterThan(100);
});

test('what is committed and not published is not seen', () => {
  const memory = createRingMemory(256);
  const writer = new RingWriter(memory, createDoorbell(false));
  const reader = new RingReader(memory);
  expect(write(writer, 7, [1, 2, 3])).toBe(true);
  expect(read(reader, 9)).toEqual([]);
  writer.publish();
  expect(read(reader, 9)).toEqual([{ type: 7, bytes: [1, 2, 3] }]);
});

test('a message cannot be written past its claim, and one that is larger than half of the ring is refused', () => {
  const writer = new RingWriter(createRingMemory(256), createDoorbell(false));
  const at = writer.claim(8);
  expect(() => writer.reserve(at + 9)).toThrow('ring: expected a message up to byte 16');
  writer.abandon();
  expect(() => writer.claim(writer.maxPayload + 1)).toThrow('at most half');
});

test('ring sizes are powers of two', () => {
  expect(() => createRingMemory(300)).toThrow('expected a power of two');
});

test('what is shown can be read and wakes nobody; a publish after it does', () => {
  const bell = createDoorbell(false);
  const memory = createRingMemory(256);
  const writer = new RingWriter(memory, bell);
  const reader = new RingReader(memory);
  const words = new Int32Array(bell.shared);
  // its owner lies down
  words[32] = 1;
  expect(write(writer, 7, [1])).toBe(true);
  writer.show();
  expect(words[0]).toBe(0);
  expect(read(reader, 9)).toEqual([{ type: 7, bytes: [1] }]);
  writer.publish();
  expect(words[0]).toBe(1);
  writer.publish();
  expect(words[0]).toBe(1);
});
