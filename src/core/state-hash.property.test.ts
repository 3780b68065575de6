import { describe, expect, it } from 'vitest';
import type { ByteWriter } from '../base/canonical.ts';
import { step } from './engine.ts';
import { firstOpen } from './orders/order-store.ts';
import { hashCore } from './state-hash.ts';
import type { Core } from './core.ts';
import { SeededScript } from '../testing/rollout/seeded-script.ts';
import { admin, openDesk, reportOf, risk, sentOf } from '../testing/rollout/rollout-desk.ts';
import { canary } from '../testing/rollout/rollout-specs.ts';
import { activeVersion, blueGreen, deployGreen, FakeHost, settleNow } from '../testing/rollout/swap-desk.ts';

/** One field as it was written: its kind and its value. */
type Token = string;

/** Writes down what is written, field by field. */
function tokensOf(write: (writer: ByteWriter) => void): readonly Token[] {
  const tokens: Token[] = [];
  const note = (kind: string) => (value: unknown) => void tokens.push(`${kind} ${String(value)}`);
  const [u8, u16, u32, i32, f64, safeInt, bool, str] = ['u8', 'u16', 'u32', 'i32', 'f64', 'safeInt', 'bool', 'str'].map(note);
  write({
    ...{ u8, u16, u32, i32, f64, safeInt, bool, str },
    bytes: (source) => void tokens.push(`bytes ${source.join()}`),
    split: ({ hi, lo }) => void tokens.push(`split ${hi} ${lo}`),
    reset: () => undefined,
    length: () => tokens.length,
    view: () => new Uint8Array(0),
  });
  return tokens;
}

const kindOf = (token: Token | undefined): string => (token ?? 'end').split(' ', 1)[0] ?? '';

/**
 * Two states are written without doubt when the first field in which they differ is of one kind in both: then a reader who has come so far knows what it
 * reads, and no two states give the same bytes. @returns what is in doubt; '' = nothing
 */
function doubt(a: readonly Token[], b: readonly Token[]): string {
  for (let n = 0; n < Math.max(a.length, b.length); n++) {
    if (a[n] === b[n]) continue;
    return kindOf(a[n]) === kindOf(b[n])
      ? ''
      : `field ${n}: ${a[n] ?? 'end'} against ${b[n] ?? 'end'}, after ${a.slice(n - 3, n).join(', ')}`;
  }
  return '';
}

const written = (core: Core): readonly Token[] => tokensOf((writer) => hashCore(writer, core));

/** Doubts between every two of the states. */
function doubtsAmong(states: readonly (readonly Token[])[]): { readonly pairs: number; readonly doubts: ReadonlySet<string> } {
  const doubts = new Set<string>();
  let pairs = 0;
  for (let a = 0; a < states.length; a++)
    for (let b = a + 1; b < states.length; b++, pairs++) {
      const found = doubt(states[a], states[b]);
      if (found !== '') doubts.add(found);
    }
  return { pairs, doubts };
}

/** States of random lives: of each the one after every 150th input. */
function randomStates(seeds: number): readonly (readonly Token[])[] {
  const states: (readonly Token[])[] = [];
  for (let seed = 1; seed <= seeds; seed++) {
    let turns = 0;
    new SeededScript(seed, (core, seq, at, input, outcome) => {
      step(core, seq, at, input, outcome);
      if (++turns % 150 === 0) states.push(written(core));
    }).run(120, seed % 2 === 0 ? 20 : 0);
  }
  return states;
}

/** A desk with a swap under way and an open order. */
function busyCore(): Core {
  const desk = openDesk();
  const host = new FakeHost(desk);
  const blue = activeVersion(desk, '1.0.0');
  const [resting] = sentOf(desk.intent(blue, 'buy', 20));
  desk.say(reportOf(desk, resting, 0, { execType: 'new', cumQty: 0, leavesQty: 20 }));
  deployGreen(desk, host, blueGreen('bg', '1.0.0', '1.1.0'));
  settleNow(desk, host);
  desk.deploy(canary('other', '1.2.0'));
  return desk.core;
}

describe('the bytes that a state is hashed by', () => {
  it('leave no doubt between any two states of random lives', () => {
    const states = randomStates(24);
    const { pairs, doubts } = doubtsAmong(states);
    expect(pairs).toBeGreaterThan(1_000);
    expect([...doubts]).toEqual([]);
  });

  it('tell apart what is set at times only, without doubt', () => {
    const core = busyCore();
    const plain = written(core);
    const order = firstOpen(core.orders);
    const watch = core.risk.monitors.rows.find((one) => one !== undefined);
    if (order === undefined || watch === undefined) throw new Error('expected an order and a watched row');
    const changes: readonly (readonly [string, () => void])[] = [
      ['a wanted cancel', () => (order.cancelWanted = true)],
      ['a ruined version', () => (watch.nav.ruined = true)],
      ['a restriction', () => (core.risk.sessions.restrictions[0] += 1)],
      ['a row that starts', () => (core.starting = true)],
      ['a stale row', () => core.staleRows.add(0)],
      ['an asked account', () => (core.reconciliation.asks += 1)],
      ['a waiver', () => core.rollout.deployments[0].waivers.add('0 parity')],
      ['a reason with a word more', () => (core.rollout.deployments[0].reason = 'x')],
    ];
    const states = [plain];
    for (const [what, change] of changes) {
      change();
      const now = written(core);
      expect([what, now.join() === states.at(-1)?.join()]).toEqual([what, false]);
      states.push(now);
    }
    expect([...doubtsAmong(states).doubts]).toEqual([]);
  });

  it('a field that is written at times only is found', () => {
    const of = (wanted: boolean, lost: number): readonly Token[] =>
      tokensOf((writer) => {
        writer.u8(0);
        if (wanted) writer.bool(true);
        writer.u8(lost);
      });
    expect(doubtsAmong([of(false, 1), of(true, 1)]).doubts.size).toBe(1);
    expect(doubt([], ['u8 1'])).toContain('end against u8 1');
  });

  it('a restriction and its end by people are two states', () => {
    const desk = openDesk();
    const before = written(desk.core);
    desk.order({ verb: 'restrict', instrumentID: 'X', reason: 'test' }, risk);
    const during = written(desk.core);
    desk.order({ verb: 'unrestrict', instrumentID: 'X', reason: 'test' }, admin);
    expect(doubt(before, during)).toBe('');
    expect(during.join()).not.toBe(before.join());
  });
});
