import type { Proposable } from '../../domain/command.ts';
import type { LimitName } from '../../domain/limit.ts';
import { admin, admin2, answerOf, senior2, sliceID } from '../rollout/rollout-desk.ts';
import { canary, rung } from '../rollout/rollout-specs.ts';
import type { BoundaryDesk } from './boundary-desk.ts';

const reason = 'edge';
/** A proposal waits this long (security.md: approvals and proposals expire after fifteen minutes), microseconds. */
const waits = 900_000_000;

const limit = (name: LimitName, value: number): Proposable => ({
  verb: 'setLimit',
  key: { scope: 'firm', scopeID: '', limit: name },
  value,
  reason,
});

/** One unit more is loosened, one less is tightened, the same is neither; of a duplicate window the other way round. */
export function limits(b: BoundaryDesk): void {
  for (const [name, sign, value] of [
    ['maxNotional', 1, 1_000_000_000],
    ['duplicateWindow', -1, 5_000_000],
    // these hold before anybody sets them
    ['volatilityCutAbove', 1, 3_000],
    ['volatilityMaxAge', 1, 86_400_000_000],
  ] as const) {
    const preset = name.startsWith('volatility');
    if (preset) b.alone(limit(name, value + sign), 'SECOND_PERSON_REQUIRED');
    b.alone(limit(name, value), 'OK');
    b.alone(limit(name, value + sign), 'SECOND_PERSON_REQUIRED');
    b.alone(limit(name, value), 'OK');
    b.ask(limit(name, value + sign), 'OK');
    b.alone(limit(name, value), 'OK');
    b.alone(limit(name, value - sign), 'OK');
  }
}

const level = (value: number, knownAt: number | null = null): Proposable => ({
  verb: 'tellSignal',
  name: 'VIX',
  value,
  knownAt: knownAt as never,
  reason,
});

/** A hundredth of a point above the level that cuts everything is told by one person; at it, by two. */
export function signals(b: BoundaryDesk): void {
  b.alone(level(30), 'SECOND_PERSON_REQUIRED');
  const first = answerOf(b.alone(level(30.01), 'OK')).text;
  if (!first.endsWith('it was never told before')) b.say(`nothing due, and of the first level is said: ${first}`);
  b.ask(level(30), 'OK');
  b.ask(level(0), 'OK');
  const { text } = answerOf(b.ask(level(0.5), 'OK'));
  if (!text.endsWith('it was 0')) b.say(`nothing due, and of a level that was 0 is said: ${text}`);
  b.ask(level(10_000), 'OK');
  b.ask(level(10_000.01), 'SIGNAL_NOT_TAKEN');
  b.ask(level(-0.01), 'SIGNAL_NOT_TAKEN');
  const told = b.desk.at;
  b.passTo(told + 10);
  b.ask(level(40, told - 1), 'SIGNAL_NOT_TAKEN');
  b.ask(level(40, told), 'OK');
  b.ask(level(40, told + 11), 'SIGNAL_NOT_TAKEN');
  b.ask(level(40, told + 10), 'OK');
}

/** A count grows by one trial in one byte more, or by none in one byte more. */
export function trials(b: BoundaryDesk): void {
  const accept = (count: number, bytes: number, head: string, due: 'OK' | 'TRIALS_NOT_ACCEPTED', trialVariance = 0.5): void =>
    void b.ask({ verb: 'acceptTrials', algorithmID: 'algo', trials: count, trialVariance, head: head.repeat(64), bytes }, due);
  accept(0, 1, 'a', 'TRIALS_NOT_ACCEPTED');
  accept(1, 0, 'a', 'TRIALS_NOT_ACCEPTED');
  accept(1, 1, 'a', 'OK');
  accept(1, 1, 'a', 'OK');
  accept(1, 1, 'b', 'TRIALS_NOT_ACCEPTED');
  accept(1, 2, 'a', 'TRIALS_NOT_ACCEPTED');
  accept(1, 2, 'b', 'OK');
  accept(2, 2, 'c', 'TRIALS_NOT_ACCEPTED');
  accept(2, 3, 'c', 'OK');
  accept(1, 4, 'd', 'TRIALS_NOT_ACCEPTED');
  accept(2, 3, 'd', 'TRIALS_NOT_ACCEPTED');
  accept(3, 4, 'd', 'TRIALS_NOT_ACCEPTED', -0.5);
  accept(3, 4, 'd', 'OK', 0);
  accept(4, 5, 'e', 'TRIALS_NOT_ACCEPTED', 1e6);
  accept(4, 5, 'e', 'OK', 999_999.5);
  accept(1e12 + 1, 6, 'f', 'TRIALS_NOT_ACCEPTED');
  accept(1e12, 6, 'f', 'OK');
}

/** A yes is good up to and without the instant in which the proposal expires. */
export function proposals(b: BoundaryDesk): void {
  b.alone(limit('maxNotional', 1_000_000_000), 'OK');
  for (const [late, due] of [
    [1, 'OK'],
    [0, 'PROPOSAL_EXPIRED'],
  ] as const) {
    const yes = b.propose(limit('maxNotional', 1_000_000_002 - late), 'OK');
    b.passTo(b.desk.at + waits - late);
    b.by(senior2, null, yes, due);
  }
}

/** Room for one more is there in the instant in which the others expire. */
export function queue(b: BoundaryDesk): void {
  const from = b.desk.at;
  for (let n = 0; n < 1_024; n++) b.propose(level(20), 'OK');
  b.propose(level(20), 'CAPACITY_REACHED');
  b.passTo(from + waits - 1);
  b.propose(level(20), 'CAPACITY_REACHED');
  b.passTo(from + waits);
  b.propose(level(20), 'OK');
}

/** A second slice of an algorithm that is there has its number: what limits or kills the one does the other. */
export function algorithms(b: BoundaryDesk): void {
  const slice = (algorithmID: string): Proposable => ({
    verb: 'setSlice',
    sliceID: `${algorithmID}@side.USD`,
    algorithmID,
    accountGroup: 'side',
    currency: 'USD',
    totalCapital: '1000',
    reserve: '0',
  });
  for (const algorithmID of ['algo', 'other']) b.by(admin, { ...admin2, roles: ['Admin'] }, slice(algorithmID), 'OK');
  const numbers = b.desk.core.gate.slices.map(({ algorithmID, algorithm }) => `${algorithmID} ${algorithm}`);
  const due = ['algo 0', 'algo 0', 'other 1'];
  if (numbers.join() !== due.join()) b.say(`nothing due, and slices have the algorithms ${numbers.join(', ')}, expected ${due.join(', ')}`);
}

/** A share that was lowered rises again as far as capital is free, to the unit. */
export function room(b: BoundaryDesk): void {
  const slice = (reserve: string): Proposable => ({
    verb: 'setSlice',
    sliceID,
    algorithmID: 'algo',
    accountGroup: 'main',
    currency: 'USD',
    totalCapital: '1000000',
    reserve,
  });
  const share = (version: string, allocation: number): Proposable => ({ verb: 'allocate', sliceID, version, allocation, reason });
  b.deploy(canary('one', '1.0.0', { stages: [rung(1_000)] }));
  b.alone(share('1.0.0', 500), 'OK');
  b.deploy(canary('other', '1.1.0', { stages: [rung(500)] }));
  b.by(admin, null, slice('850000.000001'), 'OK');
  b.ask(share('1.0.0', 1_000), 'NOT_ENOUGH_FREE_CAPITAL');
  b.by(admin, { ...admin2, roles: ['Admin'] }, slice('850000'), 'OK');
  b.ask(share('1.0.0', 1_000), 'OK');
}

/** Capital of a slice, its reserve and a version's share, one unit of money (0.000001 USD) up, the same, and one down. */
export function money(b: BoundaryDesk): void {
  const slice = (totalCapital: string, reserve: string): Proposable => ({
    verb: 'setSlice',
    sliceID,
    algorithmID: 'algo',
    accountGroup: 'main',
    currency: 'USD',
    totalCapital,
    reserve,
  });
  const both = { ...admin2, roles: ['Admin' as const] };
  b.by(admin, null, slice('1000000', '100000'), 'OK');
  b.by(admin, null, slice('1000000.000001', '100000'), 'SECOND_PERSON_REQUIRED');
  b.by(admin, null, slice('1000000', '99999.999999'), 'SECOND_PERSON_REQUIRED');
  b.by(admin, null, slice('1000000', '100000.000001'), 'OK');
  b.by(admin, both, slice('1000000', '100000'), 'OK');
  b.by(admin, null, slice('999999.999999', '100000'), 'OK');
  b.by(admin, both, slice('1000000', '100000'), 'OK');
  const row = b.deploy(canary('share', '1.0.0', { stages: [rung(1_000)] }));
  const share: Proposable = { verb: 'allocate', sliceID, version: '1.0.0', allocation: 1_000, reason };
  b.alone(share, 'OK');
  b.cap('1.0.0', 100_000_000_000n);
  // ten units of capital are one of a share of a tenth
  b.by(admin, both, slice('1000000.00001', '100000'), 'OK');
  b.alone(share, 'SECOND_PERSON_REQUIRED');
  b.ask(share, 'OK');
  b.cap('1.0.0', 100_000_000_001n);
  b.alone(share, 'OK');
  b.cap('1.0.0', 100_000_000_001n);
  // 100 USD are lost before the session day begins: an increase is a share of what is left, and what is no increase is not
  b.fill(row, 'buy', 10);
  const midnight = (Math.floor(b.desk.at / 86_400_000_000) + 1) * 86_400_000_000;
  b.fresh(9_000);
  b.passTo(midnight + 1, false, 9_000);
  b.alone(share, 'OK');
  b.cap('1.0.0', 100_000_000_001n);
  b.by(admin, both, slice('1000000.00002', '100000'), 'OK');
  b.alone(share, 'OK');
  b.cap('1.0.0', 99_990_000_002n);
}
