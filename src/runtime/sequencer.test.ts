import { expect, test } from 'vitest';
import { micros } from '../base/units.ts';
import { createCore, smallCoreCapacities } from '../core/core.ts';
import type { Input } from '../domain/input.ts';
import { CountJournal } from './count-journal.ts';
import { Sequencer, type SequencerOptions } from './sequencer.ts';

const timer: Input = { kind: 'timer', deadline: micros(5) };

function sequencer(more: Partial<SequencerOptions>): Sequencer {
  return new Sequencer({
    core: createCore(1, smallCoreCapacities),
    journal: new CountJournal(),
    leave: () => undefined,
    observe: () => undefined,
    ...more,
  });
}

test('an input that the journal does not take leaves nothing behind: the next one is numbered as if it had not been', () => {
  class Choosy extends CountJournal {
    choosy = true;
    override appendInput(seq: number): void {
      if (this.choosy) throw new RangeError('text: planted');
      super.appendInput(seq);
    }
  }
  const journal = new Choosy();
  const taking = sequencer({ journal });
  expect(() => taking.submit(micros(1), timer)).toThrow('text: planted');
  journal.choosy = false;
  expect(taking.submit(micros(1), timer)).toBe(1);
});

test('after a throw in the middle of an input nothing is stepped any more, and every later input says why', () => {
  let steps = 0;
  const breaking = sequencer({
    observe: () => {
      if (++steps === 2) throw new TypeError('planted');
    },
  });
  expect(breaking.submit(micros(1), timer)).toBe(1);
  expect(() => breaking.submit(micros(2), timer)).toThrow('planted');
  for (let n = 0; n < 2; n++)
    expect(() => breaking.submit(micros(3), timer)).toThrow('the core stopped in the middle of input 2: TypeError: planted');
  expect(steps).toBe(2);
});

test('an effect that submits is refused by name', () => {
  const nested: Sequencer = sequencer({ observe: () => void nested.submit(micros(1), timer) });
  expect(() => nested.submit(micros(1), timer)).toThrow('one input at a time');
});
