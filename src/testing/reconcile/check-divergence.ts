import { prng } from '../../base/prng.ts';
import { byteWriter } from '../../base/canonical.ts';
import { hex, sha256 } from '../../base/sha256.ts';
import { hashOrders } from '../../core/orders/hash-orders.ts';
import { hashLedger } from '../../core/positions/hash.ts';
import { isSettled } from '../../core/reconcile/reconciliation.ts';
import { hashRollout } from '../../core/rollout/hash-rollout.ts';
import type { BreakClass } from '../../domain/statement.ts';
import { ComparedDesk } from './compared-desk.ts';
import { divergences, type Planted } from './divergences.ts';

/** Divergences that one desk goes through before the next one begins. */
const perDesk = 25;

export interface Tally {
  readonly cases: number;
  readonly found: number;
  readonly faults: readonly string[];
}

/** Plants `count` divergences of a class, one after the other, and checks each: found, ended as its rule says, nothing invented or dropped, twice is once. */
export function checkClass(kind: BreakClass, count: number, seed: string, mostFaults = 5): Tally {
  const faults: string[] = [];
  let found = 0;
  let world: ComparedDesk | undefined;
  for (let n = 0; n < count && faults.length < mostFaults; n++) {
    if (world === undefined || n % perDesk === 0) world = new ComparedDesk(prng(`${seed}/${kind}/${Math.floor(n / perDesk)}`));
    const wrong = checkOne(world, kind, n % 5 === 0);
    if (wrong.length === 0) found += 1;
    else {
      faults.push(...wrong.map((text) => `${kind} ${n}: ${text}`));
      world = undefined;
    }
  }
  return { cases: count, found, faults };
}

function checkOne(world: ComparedDesk, kind: BreakClass, hashed: boolean): readonly string[] {
  const faults: string[] = [];
  const must = (holds: boolean, text: string): void => {
    if (!holds) faults.push(text);
  };
  must(world.openBreaks().length === 0 && world.mode === 'ACTIVE', `begins with ${world.openBreaks().join()} open, ${world.mode}`);
  world.venue.canceled.length = 0;
  const planted = divergences[kind](world);
  const turn = world.desk.turns.length;
  const held = world.positionsHere();
  const there = world.workingThere();
  world.compare();
  const changes = world.breaksFrom(turn).filter((one) => one.class === kind);
  const ids = new Set(changes.map(({ breakID }) => breakID));
  must(
    changes.some(({ state }) => state === 'found'),
    'was not found',
  );
  must(ids.size === 1, `is ${ids.size} records: ${[...ids].join(', ')}`);
  must(
    [...ids].every((id) => id.endsWith(planted.subject)),
    `its record is ${[...ids].join()}, expected one of ${planted.subject}`,
  );
  checkEnd(world, kind, planted, must);
  checkOrders(world, turn, planted, there, must);
  if (planted.ends === 'open') must(String(world.positionsHere()) === String(held), 'what only people can settle was booked');
  checkTwice(world, hashed, must);
  planted.heal();
  world.compare();
  must(world.openBreaks().length === 0, `stays open after the venue agrees: ${world.openBreaks().join()}`);
  must(world.mode === 'ACTIVE', `is ${world.mode} with no break open`);
  must(
    String(world.positionsHere()) === String(world.venue.positions),
    `positions: here ${String(world.positionsHere())}, there ${String(world.venue.positions)}`,
  );
  return faults;
}

type Must = (holds: boolean, text: string) => void;

function checkEnd(world: ComparedDesk, kind: BreakClass, planted: Planted, must: Must): void {
  const open = world.openBreaks();
  if (planted.ends === 'resolved') {
    must(open.length === 0, `leaves ${open.join()} open`);
    must(world.mode === 'ACTIVE', `leaves its row ${world.mode}`);
  } else {
    must(
      open.some((id) => id.startsWith(`${kind}/`)),
      'is not open any more, and nobody ended it',
    );
    must(world.mode === 'CANCEL_ONLY', `leaves its row ${world.mode} with a break open`);
  }
}

/** No order is sent, what works works on, and nothing else is taken back. */
function checkOrders(world: ComparedDesk, turn: number, planted: Planted, before: readonly string[], must: Must): void {
  const sent = world.decisionsFrom(turn).filter(({ kind }) => kind === 'orderSent' || kind === 'replaceSent');
  must(sent.length === 0, `${sent.length} orders were invented`);
  must(
    String([...new Set(world.venue.canceled)]) === String(planted.takesBack),
    `took back ${world.venue.canceled.join()}, expected ${planted.takesBack.join()}`,
  );
  if (planted.class === 'cumQty')
    must(
      world.effectsFrom(turn).some(({ kind }) => kind === 'query'),
      'the venue was not asked for the order',
    );
  if (planted.class === 'cumQty' || planted.class === 'contradiction') return;
  const gone = new Set([...planted.takesBack, ...planted.vanishes].map(String));
  const left = before.filter((line) => !gone.has(line.split(' ')[0]));
  must(String(world.workingThere()) === String(left), `at the venue ${world.workingThere().join('; ')}, expected ${left.join('; ')}`);
  must(String(world.workingHere()) === String(left), `here ${world.workingHere().join('; ')}, expected ${left.join('; ')}`);
}

/** Once more: no break begins or ends, no order, no cancel, and where nothing is open the same state but for the questions. */
function checkTwice(world: ComparedDesk, hashed: boolean, must: Must): void {
  const turn = world.desk.turns.length;
  const { core } = world.desk;
  // a comparison, so that both hashes are of a desk that has just been compared
  if (hashed) world.compare();
  const before = hashed ? hashButQuestions(world) : '';
  world.compare();
  const changed = world.breaksFrom(turn).filter(({ state, attempts }) => state !== 'correcting' || attempts < 2);
  must(changed.length === 0, `the second comparison changed ${changed.map(({ breakID, state }) => `${breakID} ${state}`).join()}`);
  const acted = world.effectsFrom(turn).filter(({ kind }) => kind === 'send' || kind === 'replace' || kind === 'cancel');
  must(acted.length === 0, `the second comparison sent ${acted.map(({ kind }) => kind).join()}`);
  if (hashed && isSettled(core.reconciliation) && world.openBreaks().length === 0)
    must(before === hashButQuestions(world), 'the second comparison left another state');
}

/** Hash of the state with what the questions count left out: their number, their times, marks and feeds that went on meanwhile. */
function hashButQuestions({ desk: { core } }: ComparedDesk): string {
  const writer = byteWriter();
  hashOrders(writer, core.orders);
  hashLedger(writer, core.ledger);
  hashRollout(writer, core.rollout);
  for (const row of core.gate.rows) writer.u8(core.gate.mode[row.ix]);
  for (const { breakID, state, here, there } of core.reconciliation.breaks.values()) writer.str(`${breakID} ${state} ${here} ${there}`);
  return hex(sha256(writer.view()));
}
