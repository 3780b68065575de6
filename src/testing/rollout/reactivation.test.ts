import { describe, expect, test } from 'vitest';
import { splitZero, toNumber } from '../../base/split.ts';
import { lots, ticks } from '../../base/units.ts';
import { stateHash } from '../../core/engine.ts';
import { capInto, modeOf } from '../../core/risk/order-gate.ts';
import { decodeCore, encodeCore } from '../../core/snapshot.ts';
import { wakeWithin } from '../../core/rollout/reactivation.ts';
import { answerWithin } from '../../core/rollout/swap.ts';
import { syncedFor, syncEvery } from '../../core/rollout/standby.ts';
import type { DeploymentSpec } from '../../domain/spec.ts';
import type { Effect } from '../../domain/effect.ts';
import type { HandoverNotice } from '../../domain/swap.ts';
import { answerOf, openDesk, reportOf, risk, RolloutDesk, senior, senior2, sentOf, sliceID, trader, type Turn } from './rollout-desk.ts';
import { canary } from './rollout-specs.ts';
import { ReactivationInvariants } from './reactivation-invariants.ts';
import { activeVersion, blueGreen, deployGreen, FakeHost, settleNow } from './swap-desk.ts';

/** What RB5 of the last rollback said; '' = it is not done. */
function said(desk: RolloutDesk): string {
  for (const { decisions } of [...desk.turns].reverse())
    for (const one of decisions) if (one.kind === 'rollbackStepDone' && one.step === 'RB5') return one.text;
  return '';
}

interface Swapped {
  readonly desk: RolloutDesk;
  readonly host: FakeHost;
  readonly blue: number;
  readonly green: number;
  readonly violations: string[];
}

/** 1.1.0 took over from 1.0.0, which stands by. */
function swapped(more: Partial<DeploymentSpec['rollback']> = {}): Swapped {
  const violations: string[] = [];
  const invariants = new ReactivationInvariants((text) => violations.push(text));
  const desk = openDesk(undefined, (turn, of) => invariants.watch(turn, of));
  const host = new FakeHost(desk);
  const blue = activeVersion(desk, '1.0.0');
  const spec = blueGreen('bg', '1.0.0', '1.1.0');
  const green = deployGreen(desk, host, { ...spec, rollback: { ...spec.rollback, reactivatePrevious: 'versionFault', ...more } });
  settleNow(desk, host);
  return { desk, host, blue, green, violations };
}

/** So many microseconds with fresh marks; what hosts are asked for is answered. */
function pass({ desk, host }: Swapped, by: number): void {
  for (let left = by; left > 0; left -= 500_000) {
    const from = desk.turns.length;
    desk.advance(Math.min(left, 500_000));
    for (const { effects } of desk.turns.slice(from)) host.take(effects);
    host.answerAll();
    for (const listing of [0, 1]) desk.mark(listing);
  }
}

/** The version throws; what its desk asks of hosts waits for `answerAll`. */
function fault({ desk, host, green }: Swapped): Turn {
  const turn = desk.host(green, 'exception');
  host.take(turn.effects);
  return turn;
}

const handovers = (effects: readonly Effect[]): readonly Extract<Effect, { kind: 'handover' }>[] =>
  effects.flatMap((one) => (one.kind === 'handover' ? [one] : []));
const capOf = ({ core }: RolloutDesk, row: number): number => {
  const cap = splitZero();
  capInto(cap, core.gate, row);
  return toNumber(cap) / 1e6;
};
const standing = ({ desk, blue }: Swapped): readonly unknown[] => [
  modeOf(desk.core.gate, blue),
  desk.core.rollout.lifecycle[blue],
  capOf(desk, blue),
];

describe('a rollback for the fault of a version', () => {
  test('gives the one that stands by its capital back: asked of its host first, under a new epoch, with a record of its own', () => {
    const all = swapped();
    const { desk, host, blue, green } = all;
    const epoch = desk.core.gate.epoch[blue];
    const turn = fault(all);
    expect(handovers(turn.effects)).toMatchObject([{ verb: 'wake', from: blue, to: blue, reducing: true }]);
    // nothing has happened yet
    expect([...standing(all), said(desk)]).toEqual(['SIMULATED', 'Standby', 0, '']);
    const woken = host.answer();
    expect(standing(all)).toEqual(['ACTIVE', 'Active', 100_000]);
    expect(desk.core.gate.epoch[blue]).toBe(epoch + 1);
    expect(handovers(woken?.effects ?? [])).toMatchObject([
      { verb: 'commit', from: blue, to: blue, reducing: false, toAuthority: { epoch: epoch + 1, capital: 100_000, trading: true } },
    ]);
    expect(said(desk)).toBe('1.0.0 is Active again with 10.00 % of the slice, from its state at event 100');
    expect([desk.phaseOf('bg'), modeOf(desk.core.gate, green)]).toEqual(['Aborted', 'HALTED']);
    expect(sentOf(desk.intent(blue, 'buy', 10, { tag: 500 }))).toHaveLength(1);
    expect(all.violations).toEqual([]);
  });

  test('refuses what it proposed to the simulator before', () => {
    const all = swapped();
    fault(all);
    const epoch = all.desk.core.gate.epoch[all.blue];
    all.host.answerAll();
    const denied = all.desk.intent(all.blue, 'buy', 10, { epoch }).decisions;
    expect(denied).toMatchObject([{ kind: 'orderDenied', code: 'STALE_EPOCH' }]);
  });

  test('keeps it at work when its rollback window is over, and rolls it back like any other', () => {
    const all = swapped({ rollbackWindow: { days: 0, micros: 120_000_000 } });
    fault(all);
    all.host.answerAll();
    pass(all, 150_000_000);
    expect(standing(all)).toEqual(['ACTIVE', 'Active', 100_000]);
    all.desk.host(all.blue, 'exception');
    expect(said(all.desk)).toBe('nothing reactivated: its spec says that nothing is');
    expect(modeOf(all.desk.core.gate, all.blue)).toBe('HALTED');
    expect(all.violations).toEqual([]);
  });

  test('gives no more than was freed: lots that the custodian holds keep their capital, in whole steps', () => {
    const all = swapped();
    const { desk, green, blue } = all;
    const [order] = sentOf(desk.intent(green, 'buy', 333));
    const fill = { execType: 'trade', lastQty: lots(333), lastPx: ticks(10_000), cumQty: lots(333), leavesQty: lots(0) } as const;
    desk.say(reportOf(desk, order, 0, fill));
    fault(all);
    all.host.answerAll();
    // 100,000 less 333 lots at 100.00
    expect(capOf(desk, blue)).toBe(66_700);
    expect(all.violations).toEqual([]);
  });

  test('survives replay, a snapshot at each turn, and a crash before its record leaves the capital in reserve', () => {
    const all = swapped();
    fault(all);
    const asked = all.desk.turns.length;
    all.host.answerAll();
    const replayed = new RolloutDesk();
    for (const [n, { at, input }] of all.desk.turns.entries()) {
      replayed.at = at;
      replayed.say(input);
      if (n < asked - 2) continue;
      const decoded = decodeCore(encodeCore(replayed.core).slice());
      if (!decoded.ok) throw new Error(decoded.error);
      expect(stateHash(decoded.value)).toBe(stateHash(replayed.core));
    }
    expect(stateHash(replayed.core)).toBe(stateHash(all.desk.core));
    const crashed = new RolloutDesk();
    for (const { at, input } of all.desk.turns.slice(0, asked)) {
      crashed.at = at;
      crashed.say(input);
    }
    crashed.say({ kind: 'start', term: 2, coreDigest: 'd'.repeat(64), text: 'crashed' });
    expect(said(crashed)).toBe('nothing reactivated: 1.0.0 stands by and is CANCEL_ONLY');
    expect([capOf(crashed, all.blue), crashed.phaseOf('bg')]).toEqual([0, 'Aborted']);
  });

  test('a crash after its record: applied by replay, ACTIVE again when the venues are compared', () => {
    const all = swapped();
    fault(all);
    all.host.answerAll();
    const { desk, blue } = all;
    desk.say({ kind: 'start', term: 2, coreDigest: 'd'.repeat(64), text: 'crashed' });
    expect(standing(all)).toEqual(['CANCEL_ONLY', 'Active', 100_000]);
    expect(desk.turns.at(-1)?.effects.some((one) => one.kind === 'load' && one.row === blue)).toBe(true);
    for (const listing of [0, 1]) desk.mark(listing);
    desk.say({ kind: 'venuesCompared', breaks: 0, text: '' });
    expect(standing(all)).toEqual(['ACTIVE', 'Active', 100_000]);
  });
});

type Spoil = (notice: HandoverNotice) => HandoverNotice | null;
const onWake =
  (spoil: Spoil): Spoil =>
  (notice) =>
    notice.event === 'adopted' ? spoil(notice) : notice;

describe('the capital stays in reserve, the old version in standby, and the record says why', () => {
  const end = (all: Swapped): readonly unknown[] => {
    fault(all);
    all.host.answerAll();
    all.desk.advance(wakeWithin);
    expect(all.violations).toEqual([]);
    return [said(all.desk), ...standing(all)];
  };
  const reserve = (why: string): readonly unknown[] => [`nothing reactivated: ${why}`, 'SIMULATED', 'Standby', 0];

  test('its spec says never', () => {
    expect(end(swapped({ reactivatePrevious: 'never' }))).toEqual(reserve('its spec says that nothing is'));
  });

  test('the trigger is no fault of the version', () => {
    const all = swapped();
    all.desk.order({ verb: 'rollback', deploymentID: 'bg', reason: 'test' }, risk, null);
    expect([said(all.desk), ...standing(all)]).toEqual(reserve('a human trigger leaves the capital in reserve'));
  });

  test('its host refuses, takes another state than its own, or is silent', () => {
    const [refuses, other, silent] = [swapped(), swapped(), swapped()];
    refuses.host.spoil = onWake((notice) => ({ ...notice, event: 'refused', text: 'not with these lots' }));
    expect(end(refuses)).toEqual(reserve('its host refused: not with these lots'));
    other.host.spoil = onWake((notice) => ({ ...notice, taken: 'e'.repeat(64) }));
    expect(end(other)).toEqual(reserve('its host refused: the state that was taken is not its own'));
    silent.host.spoil = onWake(() => null);
    expect(end(silent)).toEqual(reserve('its host did not answer within 500 ms'));
    expect(silent.host.steps.slice(-2)).toEqual(['commit', 'wake']);
    const aborts = silent.desk.turns.flatMap(({ effects }) => handovers(effects)).filter(({ verb }) => verb === 'abort');
    expect(aborts).toMatchObject([{ from: silent.blue, to: silent.blue }]);
  });

  test('a listing has no fresh mark', () => {
    const all = swapped();
    all.desk.say({ kind: 'feed', feed: 0, listing: 0, condition: 'stale', value: 0, text: '' });
    expect(end(all)).toEqual(reserve('1.0.0 stands by and is not warm: a listing has no fresh, valid mark'));
  });

  test('its state is too old: copies were refused, not answered, or spoiled', () => {
    const spoils: readonly (readonly [Spoil, string])[] = [
      [(notice) => ({ ...notice, event: 'refused', text: 'cannot migrate' }), ': cannot migrate'],
      [() => null, ': no answer of its host within 30 s'],
      [(notice) => ({ ...notice, taken: 'e'.repeat(64) }), ': the state that it took is not the one that was exported'],
    ];
    for (const [spoil, why] of spoils) {
      const all = swapped();
      all.host.spoil = (notice) => (notice.event === 'synced' ? spoil(notice) : notice);
      pass(all, syncEvery + answerWithin + 1_000_000);
      expect(end(all)).toEqual(reserve(`1.0.0 stands by without the state of its successor${why}`));
    }
  });

  test('its successor stood by itself for longer than two copies: what it had of it is too old', () => {
    const all = swapped();
    const { desk, host, blue, green } = all;
    pass(all, 61_000_000);
    const spec = blueGreen('third', '1.1.0', '1.2.0');
    const third = deployGreen(desk, host, { ...spec, rollback: { ...spec.rollback, reactivatePrevious: 'versionFault' } });
    settleNow(desk, host);
    pass(all, syncedFor + syncEvery);
    fault({ ...all, green: third });
    host.answerAll();
    expect([desk.core.rollout.lifecycle[green], said(desk)]).toEqual([
      'Active',
      '1.1.0 is Active again with 10.00 % of the slice, from its state at event 100',
    ]);
    const [text, ...rest] = end(all);
    expect(text).toMatch(/^nothing reactivated: the state of 1\.0\.0 is 18\d\.\d s old, expected at most 120 s/);
    expect([rest, desk.core.rollout.lifecycle[blue]]).toEqual([['SIMULATED', 'Standby', 0], 'Standby']);
  });

  test('a copy was on its way when its successor was fenced', () => {
    const all = swapped();
    pass(all, syncEvery - 1_000_000);
    all.host.spoil = (notice) => (notice.event === 'synced' ? null : notice);
    pass(all, 1_500_000);
    expect(end(all)).toEqual(
      reserve('1.0.0 stands by without the state of its successor: a copy of the state was on its way when its successor was fenced'),
    );
  });

  test('the kill switch is engaged, before or while its host is asked', () => {
    const all = swapped();
    fault(all);
    all.desk.order({ verb: 'kill', reason: 'test' }, trader, null);
    all.host.answerAll();
    expect([said(all.desk), capOf(all.desk, all.blue)]).toEqual(['nothing reactivated: the kill switch is engaged', 0]);
    all.desk.order({ verb: 'release', reason: 'test' }, senior, senior2);
    expect(standing(all)[2]).toBe(0);
    expect(all.violations).toEqual([]);
  });

  test('it throws itself while it is woken: both are halted', () => {
    const all = swapped();
    fault(all);
    all.desk.host(all.blue, 'exception');
    all.host.answerAll();
    all.desk.advance(wakeWithin);
    const texts = all.desk.turns.flatMap(({ decisions }) =>
      decisions.flatMap((one) => (one.kind === 'rollbackStepDone' && one.step === 'RB5' ? [one.text] : [])),
    );
    expect(texts).toEqual([
      'nothing reactivated: its spec says that nothing is',
      'nothing reactivated: 1.0.0 stands by no more, it is Halted',
    ]);
    expect([modeOf(all.desk.core.gate, all.blue), modeOf(all.desk.core.gate, all.green)]).toEqual(['HALTED', 'HALTED']);
    expect(all.desk.core.rollout.open).toEqual([]);
  });

  test('it never completed a deployment: it is no version that is known to be good', () => {
    const desk = openDesk();
    const host = new FakeHost(desk);
    const blue = desk.deploy(canary('climb', '1.0.0'));
    const spec = blueGreen('bg', '1.0.0', '1.1.0');
    const green = deployGreen(desk, host, { ...spec, rollback: { ...spec.rollback, reactivatePrevious: 'versionFault' } });
    settleNow(desk, host);
    host.take(desk.host(green, 'exception').effects);
    expect(said(desk)).toBe('nothing reactivated: 1.0.0 stands by and never completed a deployment');
    expect(desk.core.rollout.lifecycle[blue]).toBe('Standby');
  });

  test('nobody stands by', () => {
    const desk = openDesk();
    const base = canary('d0', '1.0.0');
    const row = desk.deploy({ ...base, rollback: { ...base.rollback, reactivatePrevious: 'versionFault' } });
    desk.host(row, 'exception');
    expect(said(desk)).toBe('nothing reactivated: no version stands by for it');
  });
});

describe('a version that stands by', () => {
  test('takes its successor’s state every minute of the rollback window, and is put away after it', () => {
    const all = swapped({ rollbackWindow: { days: 0, micros: 600_000_000 } });
    const { desk, blue, green } = all;
    pass(all, 605_000_000);
    const syncs = desk.turns.flatMap(({ effects, at }) => handovers(effects).map((one) => ({ ...one, at })));
    const copies = syncs.filter(({ verb, to }) => verb === 'sync' && to === blue);
    expect(copies.length).toBe(9);
    expect(copies.every(({ from, reducing }) => from === green && reducing)).toBe(true);
    expect(desk.core.rollout.lifecycle[blue]).toBe('Retired');
    expect([desk.core.rollout.openStandbys, desk.core.nextDeadline() === undefined]).toEqual([[], false]);
    expect(all.violations).toEqual([]);
  });

  test('people still bring it back otherwise: halted, unhalted by two, deployed from its first stage', () => {
    const { desk, green } = swapped({ reactivatePrevious: 'never' });
    desk.host(green, 'exception');
    expect(answerOf(desk.order({ verb: 'deploy', spec: canary('again', '1.0.0') }, trader)).code).toBe('ALREADY_DEPLOYED');
    expect(answerOf(desk.order({ verb: 'halt', sliceID, version: '1.0.0', reason: 'test' }, risk, null)).code).toBe('OK');
    expect(answerOf(desk.order({ verb: 'unhalt', sliceID, version: '1.0.0', reason: 'test' }, risk, senior2)).code).toBe('OK');
    expect(answerOf(desk.order({ verb: 'deploy', spec: canary('again', '1.0.0') }, trader)).code).toBe('OK');
  });
});
