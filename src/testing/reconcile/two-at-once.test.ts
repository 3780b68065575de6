import { describe, expect, it } from 'vitest';
import { prng } from '../../base/prng.ts';
import { breakClasses, type BreakClass } from '../../domain/statement.ts';
import { ComparedDesk } from './compared-desk.ts';
import { divergences } from './divergences.ts';

/** Planted last these undo what was planted before them: three days pass, every order is taken back. */
const last: readonly BreakClass[] = ['lateFill', 'orphan'];
/** Both stand at the venue under one number of their own. */
const strange: readonly BreakClass[] = ['unknownOrder', 'foreignOrder'];

function arePlantedTogether(first: BreakClass, second: BreakClass): boolean {
  // a statement that contradicts itself is compared with nothing: the other one waits for a sound one
  if (first === 'contradiction' || second === 'contradiction') return false;
  return !last.includes(second) && !(strange.includes(first) && strange.includes(second));
}

/** Plants one divergence on top of another. @returns what is wrong after the comparison, and after the venue agrees again */
function faultsOf(kinds: readonly [BreakClass, BreakClass]): string[] {
  const faults: string[] = [];
  const must = (holds: boolean, text: string): void => {
    if (!holds) faults.push(`${kinds.join(' and ')}: ${text}`);
  };
  const world = new ComparedDesk(prng(`both/${kinds.join('/')}`));
  const before = world.desk.turns.length;
  const planted = kinds.map((kind) => divergences[kind](world));
  const turn = world.desk.turns.length;
  world.compare();
  for (const kind of kinds)
    must(
      world.breaksFrom(before).some((one) => one.class === kind && one.state === 'found'),
      `${kind} was not found`,
    );
  const sent = world.decisionsFrom(turn).filter(({ kind }) => kind === 'orderSent' || kind === 'replaceSent');
  must(sent.length === 0, `${sent.length} orders were invented`);
  const mayGo = new Set(planted.flatMap(({ takesBack, vanishes }) => [...takesBack, ...vanishes]));
  must(
    world.venue.canceled.every((number) => mayGo.has(number)),
    `took back ${world.venue.canceled.join()}`,
  );
  const open = planted.filter(({ ends }) => ends === 'open');
  for (const one of open)
    must(
      world.openBreaks().some((id) => id.startsWith(`${one.class}/`)),
      `${one.class} is not open any more`,
    );
  if (open.length === 0) must(world.openBreaks().length === 0, `leave ${world.openBreaks().join()} open`);
  must(world.mode === (open.length === 0 ? 'ACTIVE' : 'CANCEL_ONLY'), `leave the row ${world.mode}`);
  for (const one of planted.reverse()) one.heal();
  world.compare();
  must(world.openBreaks().length === 0 && world.mode === 'ACTIVE', `stay ${world.mode} with ${world.openBreaks().join()} open`);
  must(String(world.positionsHere()) === String(world.venue.positions), `positions are ${String(world.positionsHere())}`);
  must(String(world.workingHere()) === String(world.workingThere()), `${world.workingHere().join('; ')} work here`);
  return faults;
}

describe('two divergences at once', () => {
  for (const first of breakClasses.filter((kind) => kind !== 'contradiction'))
    it(`${first} under each of the others: both found, both ended as their rules say, nothing invented or dropped`, () => {
      const seconds = breakClasses.filter((second) => arePlantedTogether(first, second));
      expect(seconds.flatMap((second) => faultsOf([first, second]))).toEqual([]);
      expect(seconds.length).toBeGreaterThan(11);
    });
});
