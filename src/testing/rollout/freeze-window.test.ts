import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cmp, splitZero, toBigInt } from '../../base/split.ts';
import { lots, microsUnchecked, ticks } from '../../base/units.ts';
import type { Core } from '../../core/core.ts';
import { createOutcome } from '../../core/outcome.ts';
import { findDeployment } from '../../core/rollout/deploy.ts';
import { capInto, modeOf } from '../../core/risk/order-gate.ts';
import { step as coreStep, stateHash } from '../../core/engine.ts';
import { decodeCore, encodeCore } from '../../core/snapshot.ts';
import type { FreezeWindows } from '../../domain/spec.ts';
import { canary, paper, rung } from './rollout-specs.ts';
import {
  admin,
  admin2,
  answerOf,
  openDesk,
  reportOf,
  risk,
  senior2,
  sentOf,
  startAt,
  trader,
  type RolloutDesk,
  type Step,
  type Turn,
} from './rollout-desk.ts';
import { activeVersion, blueGreen, deployGreen, FakeHost, settleNow } from './swap-desk.ts';

const minute = 60_000_000;
/** UTC windows by their distance from the start of the desk (microseconds). */
const windows = (...spans: readonly (readonly [number, number])[]): { readonly freeze: FreezeWindows } => ({
  freeze: {
    zone: 'UTC',
    weekly: [],
    dated: spans.map(([from, to]) => ({ from: microsUnchecked(startAt + from), to: microsUnchecked(startAt + to) })),
  },
});

const capOf = (desk: RolloutDesk, row: number): bigint => {
  const out = splitZero();
  capInto(out, desk.core.gate, row);
  return toBigInt(out);
};
const stageOf = (desk: RolloutDesk, id = 'd0'): number => findDeployment(desk.core, id)?.stage ?? NaN;
const grantsAt = (desk: RolloutDesk): readonly number[] =>
  desk.turns.filter(({ decisions }) => decisions.some(({ kind }) => kind === 'stageGranted')).map(({ at }) => at - startAt);

/** Marks come for that long, so that nothing is stale. */
function pass(desk: RolloutDesk, micros: number): void {
  const until = desk.at + micros;
  while (desk.at < until) {
    desk.advance(Math.min(900_000, until - desk.at));
    for (const listing of [0, 1]) desk.mark(listing);
  }
}

describe('a ladder and a freeze window', () => {
  it('what is due inside waits with the reason, and is granted at the opening instant', () => {
    const desk = openDesk();
    desk.deploy(canary('d0', '1.0.0', windows([30_000_000, 5 * minute + 7])));
    pass(desk, 5 * minute);
    expect([stageOf(desk), desk.phaseOf('d0'), grantsAt(desk)]).toEqual([0, 'Progressing', [0]]);
    const said = desk.turns.flatMap(({ decisions }) => decisions.filter((one) => one.kind === 'gateJudged' && one.gate === 'freezeWindow'));
    expect(said).toMatchObject([
      { verdict: 'pass' },
      { verdict: 'inconclusive', value: 4 * minute + 7, text: 'window opens 22:18 on 2023-11-14 (UTC)' },
    ]);
    desk.advance(6);
    expect(stageOf(desk)).toBe(0);
    desk.advance(1);
    expect([stageOf(desk), grantsAt(desk)]).toEqual([1, [0, 5 * minute + 7]]);
  });

  it('at its first instant it holds, a microsecond earlier and at its end it does not', () => {
    const granted = (from: number, to: number): number => {
      const desk = openDesk();
      desk.deploy(canary('d0', '1.0.0', windows([from, to])));
      pass(desk, 2 * minute);
      return grantsAt(desk)[1];
    };
    expect(granted(minute, minute + 5)).toBe(minute + 5);
    expect(granted(minute + 1, minute + 5)).toBe(minute);
    expect(granted(minute - 5, minute)).toBe(minute);
  });

  it('a first rung waits for it too, also one that is loaded inside', () => {
    const desk = openDesk();
    desk.deploy(canary('d0', '1.0.0', windows([0, 10])));
    expect([stageOf(desk), desk.core.nextDeadline()]).toEqual([-1, startAt + 10]);
    desk.advance(10);
    expect([stageOf(desk), grantsAt(desk)]).toEqual([0, [10]]);
  });

  it("two people's promotion and a raised share are refused by name; a lowered share, a rollback and a kill pass", () => {
    const desk = openDesk();
    const row = desk.deploy(canary('d0', '1.0.0', windows([30_000_000, 60 * minute])));
    const promote = { verb: 'promote', deploymentID: 'd0', reason: 'test', waives: ['minDuration'] } as const;
    const share = (allocation: number) =>
      ({ verb: 'allocate', sliceID: 'algo@main.USD', version: '1.0.0', allocation, reason: 'test' }) as const;
    pass(desk, 31_000_000);
    const whole = capOf(desk, row);
    const refused = answerOf(desk.order(promote, risk, senior2));
    expect(refused).toMatchObject({
      code: 'FREEZE_WINDOW',
      text: 'promote: d0 is in a freeze window, window opens 23:13 on 2023-11-14 (UTC)',
    });
    expect(answerOf(desk.order({ ...promote, waives: ['freezeWindow'] }, risk, senior2)).code).toBe('FREEZE_WINDOW');
    expect(answerOf(desk.order({ verb: 'propose', command: promote }, risk, null)).code).toBe('FREEZE_WINDOW');
    expect(answerOf(desk.order(share(50), risk, null)).code).toBe('OK');
    expect(capOf(desk, row)).toBeLessThan(whole);
    expect(answerOf(desk.order(share(100), risk, senior2)).code).toBe('FREEZE_WINDOW');
    expect(answerOf(desk.order({ verb: 'rollback', deploymentID: 'd0', reason: 'test' }, risk, null)).code).toBe('OK');
    expect(modeOf(desk.core.gate, row)).toBe('HALTED');
    expect(answerOf(desk.order({ verb: 'kill', reason: 'test' }, risk, null)).code).toBe('OK');
    expect(desk.core.rollout.killed).toBe(true);
  });

  it('the capital of its slice is not raised, nor its reserve lowered, by whomever; less of it, and a slice without a window, pass', () => {
    const desk = openDesk();
    desk.deploy(canary('d0', '1.0.0', windows([30_000_000, 60 * minute])));
    const [{ sliceID: own, total, reserve }] = desk.core.gate.slices;
    const money = (split: typeof total, more: number): string => String(Number(toBigInt(split)) / 1e6 + more);
    const set = (more: number, moreReserve: number) =>
      ({
        verb: 'setSlice',
        sliceID: own,
        algorithmID: 'algo',
        accountGroup: 'main',
        currency: 'USD',
        totalCapital: money(total, more),
        reserve: money(reserve, moreReserve),
      }) as const;
    expect(answerOf(desk.order(set(1, 1), admin, admin2)).code).toBe('OK');
    pass(desk, 31_000_000);
    const before = [toBigInt(total), toBigInt(reserve)];
    const refused = answerOf(desk.order(set(1, 0), admin, admin2));
    expect(refused).toMatchObject({
      code: 'FREEZE_WINDOW',
      text: 'allocation: d0 is in a freeze window, window opens 23:13 on 2023-11-14 (UTC)',
    });
    expect(answerOf(desk.order(set(0, -1), admin, admin2)).code).toBe('FREEZE_WINDOW');
    // nobody is asked to agree to what is refused anyway
    expect(answerOf(desk.order({ verb: 'propose', command: set(1, 0) }, admin, null)).code).toBe('FREEZE_WINDOW');
    expect([toBigInt(total), toBigInt(reserve)]).toEqual(before);
    expect(answerOf(desk.order(set(0, 0), admin, admin2)).code).toBe('OK');
    expect(answerOf(desk.order(set(-1, 0), admin, null)).code).toBe('OK');
    expect(answerOf(desk.order({ ...set(0, 0), sliceID: 'other@main.USD', algorithmID: 'other' }, admin, admin2)).code).toBe('OK');
    pass(desk, 60 * minute - 31_000_000);
    expect(answerOf(desk.order(set(1, 0), admin, admin2)).code).toBe('OK');
  });

  it('a window of a deployment that is over holds nothing any more', () => {
    const desk = openDesk();
    desk.deploy(canary('d0', '1.0.0', windows([30_000_000, 60 * minute])));
    pass(desk, 31_000_000);
    expect(answerOf(desk.order({ verb: 'rollback', deploymentID: 'd0', reason: 'test' }, risk, null)).code).toBe('OK');
    pass(desk, 3_000_000);
    expect(desk.phaseOf('d0')).toBe('Aborted');
    const [{ sliceID: own, total }] = desk.core.gate.slices;
    const totalCapital = String(Number(toBigInt(total)) / 1e6 + 5);
    const more = {
      verb: 'setSlice',
      sliceID: own,
      algorithmID: 'algo',
      accountGroup: 'main',
      currency: 'USD',
      totalCapital,
      reserve: '0',
    } as const;
    expect(answerOf(desk.order(more, admin, admin2)).code).toBe('OK');
  });

  it('the same promotion and share pass at the opening instant', () => {
    const desk = openDesk();
    desk.deploy(
      canary('d0', '1.0.0', {
        ...windows([30_000_000, 40_000_000]),
        stages: [rung(100), rung(500, { minDuration: { days: 1, micros: 0 } })],
      }),
    );
    pass(desk, 40_000_000);
    const promote = { verb: 'promote', deploymentID: 'd0', reason: 'test', waives: ['minDuration'] } as const;
    expect([desk.at - startAt, answerOf(desk.order(promote, risk, senior2)).code, stageOf(desk)]).toEqual([40_000_000, 'OK', 1]);
  });
});

describe('a cutover and a freeze window', () => {
  const green = (more: ReturnType<typeof windows>, warmup = 0) => {
    const spec = blueGreen('bg', '1.0.0', '1.1.0', more);
    return { ...spec, blueGreen: spec.blueGreen && { ...spec.blueGreen, warmup: { days: 0, micros: warmup } } };
  };
  const committedAt = (desk: RolloutDesk): readonly number[] =>
    desk.turns.filter(({ decisions }) => decisions.some(({ kind }) => kind === 'swapCommitted')).map(({ at }) => at - startAt);
  const ready = (from: number, to: number): { desk: RolloutDesk; host: FakeHost; began: number } => {
    const desk = openDesk();
    const host = new FakeHost(desk);
    activeVersion(desk, '1.0.0');
    const began = desk.at - startAt;
    deployGreen(desk, host, green(windows([began + from, began + to])));
    settleNow(desk, host);
    return { desk, host, began };
  };
  function later(desk: RolloutDesk, host: FakeHost, micros: number): void {
    const from = desk.turns.length;
    pass(desk, micros);
    for (const turn of desk.turns.slice(from)) host.take(turn.effects);
    settleNow(desk, host);
  }

  it('one that would reach into a window waits in the shadow and is made at the opening instant', () => {
    // a cutover may take half a second: it would be committed inside
    const { desk, host, began } = ready(500_000, 10_000_000);
    expect([desk.core.rollout.swaps[0].step, desk.phaseOf('bg'), committedAt(desk)]).toEqual(['shadowing', 'Progressing', []]);
    expect(desk.core.rollout.swaps[0].deadline).toBe(startAt + began + 10_000_000);
    later(desk, host, 9_999_999);
    expect(committedAt(desk)).toEqual([]);
    later(desk, host, 1);
    expect(committedAt(desk)).toEqual([began + 10_000_000]);
  });

  it('one that is over before the window begins is made', () => {
    const { desk, began } = ready(500_001, 10_000_000);
    expect(committedAt(desk)).toEqual([began]);
  });

  it('one that could be committed in a window shorter than itself waits for its opening instant', () => {
    const { desk, host, began } = ready(100_000, 100_007);
    expect([desk.core.rollout.swaps[0].step, desk.phaseOf('bg'), committedAt(desk)]).toEqual(['shadowing', 'Progressing', []]);
    expect(desk.core.rollout.swaps[0].deadline).toBe(startAt + began + 100_007);
    later(desk, host, 100_007);
    expect(committedAt(desk)).toEqual([began + 100_007]);
  });

  it('none is stopped only to be refused by a window, however short windows are and however slow its hosts: it is made, and outside of them', () => {
    const spans = fc.array(fc.tuple(fc.nat(1_500_000), fc.integer({ min: 1, max: 700_000 })), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(spans, fc.integer({ min: 20_000, max: 120_000 }), (drawn, slow) => {
        const desk = openDesk();
        const host = new FakeHost(desk);
        activeVersion(desk, '1.0.0');
        const began = desk.at - startAt;
        const held = drawn.map(([from, long]) => [began + 1 + from, began + 1 + from + long] as const);
        deployGreen(desk, host, green(windows(...held)));
        // each answer comes that much later than it was asked for
        for (let n = 0; n < 8_000_000 / slow && committedAt(desk).length === 0; n++) {
          const from = desk.turns.length;
          pass(desk, slow);
          for (const turn of desk.turns.slice(from)) host.take(turn.effects);
          host.answer();
        }
        const aborted = desk.turns.flatMap(({ decisions }) => decisions.filter(({ kind }) => kind === 'swapAborted'));
        expect(aborted).toEqual([]);
        const [committed] = committedAt(desk);
        expect(held.some(([from, to]) => committed >= from && committed < to)).toBe(false);
      }),
      { numRuns: 60, seed: 9 },
    );
  });

  it('a person neither proposes one inside nor promotes one; what a paper run leads to waits', () => {
    const desk = openDesk();
    const host = new FakeHost(desk);
    activeVersion(desk, '1.0.0');
    const began = desk.at - startAt;
    const spec = green(windows([began, began + 10 * minute]));
    expect(answerOf(desk.order({ verb: 'deploy', spec }, trader))).toMatchObject({ code: 'FREEZE_WINDOW' });
    expect(desk.core.rollout.byID.has('bg')).toBe(false);
    desk.deploy(paper('p', '1.1.0', spec));
    pass(desk, 2 * minute);
    const row = desk.rowOf('1.1.0');
    desk.host(row, 'loaded');
    host.take(desk.host(row, 'warmed').effects);
    settleNow(desk, host);
    expect(findDeployment(desk.core, 'bg')).toMatchObject({ phase: 'Progressing' });
    expect(desk.core.rollout.swaps[0]).toMatchObject({ step: 'shadowing', deadline: startAt + began + 10 * minute });
    const promote = { verb: 'promote', deploymentID: 'bg', reason: 'test', waives: ['agreement'] } as const;
    expect(answerOf(desk.order(promote, risk, senior2)).code).toBe('FREEZE_WINDOW');
    desk.order({ verb: 'waive', deploymentID: 'bg', stage: 0, gate: 'agreement', reason: 'test' }, risk, senior2);
    later(desk, host, startAt + began + 10 * minute - desk.at);
    expect(committedAt(desk)).toEqual([began + 10 * minute]);
  });

  it('a pause inside and its resumption cost no second wait', () => {
    const { desk, host, began } = ready(1, 10 * minute);
    later(desk, host, minute);
    desk.order({ verb: 'pause', deploymentID: 'bg', reason: 'test' }, risk, null);
    later(desk, host, 9 * minute);
    expect(committedAt(desk)).toEqual([]);
    host.take(desk.order({ verb: 'resume', deploymentID: 'bg', reason: 'test' }, risk, null).effects);
    settleNow(desk, host);
    expect(committedAt(desk)).toEqual([began + 10 * minute]);
  });

  it('capital that the old version frees inside is given at the opening instant', () => {
    const desk = openDesk(undefined, undefined, '900000');
    const host = new FakeHost(desk);
    const blue = activeVersion(desk, '1.0.0');
    const fill = (id: number): Turn =>
      desk.say(reportOf(desk, id, 0, { execType: 'trade', lastQty: lots(10), lastPx: ticks(9_999), cumQty: 10, leavesQty: 0 }));
    fill(sentOf(desk.intent(blue, 'buy', 10))[0]);
    const began = desk.at - startAt;
    const spec = {
      ...green(windows([began + minute, began + 2 * minute])),
      handover: { positions: 'drain', openOrders: 'adopt' } as const,
    };
    const row = deployGreen(desk, host, spec);
    settleNow(desk, host);
    const before = capOf(desk, row);
    later(desk, host, minute);
    fill(sentOf(desk.intent(blue, 'sell', 10))[0]);
    later(desk, host, minute - 1);
    expect(capOf(desk, row)).toBe(before);
    desk.advance(1);
    expect(capOf(desk, row)).toBeGreaterThan(before);
  });
});

/** Turns inside a window in which a row got a larger cap than it had. */
function raisedInside(turns: readonly Turn[], spans: readonly (readonly [number, number])[]): readonly number[] {
  const caps = new Map<number, { hi: number; lo: number }>();
  const found: number[] = [];
  for (const { at, decisions } of turns) {
    const inside = spans.some(([from, to]) => at - startAt >= from && at - startAt < to);
    for (const one of decisions) {
      if (one.kind !== 'rowChanged') continue;
      if (inside && cmp(one.cap, caps.get(one.row) ?? splitZero()) > 0) found.push(at);
      caps.set(one.row, one.cap);
    }
  }
  return found;
}

function decoded(core: Core): Core {
  const read = decodeCore(encodeCore(core));
  if (!read.ok) throw new Error(read.error);
  return read.value;
}

describe('any windows', () => {
  const span = fc
    .tuple(fc.nat(200), fc.integer({ min: 1, max: 60 }))
    .map(([from, long]) => [from * 1_000_000, (from + long) * 1_000_000] as const);
  const climb = (spans: readonly (readonly [number, number])[], step?: Step): RolloutDesk => {
    const desk = openDesk(step);
    desk.deploy(canary('d0', '1.0.0', windows(...spans)));
    pass(desk, 5 * minute);
    return desk;
  };

  it('inside no row gets more, and outside nothing waits for them; a restored desk does the same', () => {
    fc.assert(
      fc.property(fc.array(span, { minLength: 1, maxLength: 4 }), (spans) => {
        const desk = climb(spans);
        expect(raisedInside(desk.turns, spans)).toEqual([]);
        const open = (at: number): number => {
          const over = spans.filter(([from, to]) => at >= from && at < to).map(([, to]) => to);
          return over.length === 0 ? at : open(Math.max(...over));
        };
        const first = open(0);
        const second = open(first + minute);
        expect(grantsAt(desk)).toEqual([first, second, open(second + minute)].filter((at) => at <= 5 * minute));
        let twin: Core | undefined;
        let inputs = 0;
        const restored: Step = (core, seq, at, input, outcome) => {
          if (++inputs === 60) twin = decoded(core);
          if (twin !== undefined) coreStep(twin, seq, at, input, createOutcome());
          coreStep(core, seq, at, input, outcome);
        };
        climb(spans, restored);
        expect(twin === undefined ? '' : stateHash(twin)).toEqual(stateHash(desk.core));
      }),
      { numRuns: 12 },
    );
  });

  it('a core that forgets them is found out', () => {
    const forgetful: Step = (core, seq, at, input, outcome) => {
      const asked = input.kind === 'command' && input.command.verb === 'deploy' ? input.command.spec : undefined;
      if (asked !== undefined && input.kind === 'command') {
        const { freeze: _forgotten, ...spec } = asked;
        coreStep(core, seq, at, { ...input, command: { verb: 'deploy', spec } }, outcome);
      } else coreStep(core, seq, at, input, outcome);
    };
    const spans = [[30_000_000, 90_000_000]] as const;
    expect(raisedInside(climb(spans, forgetful).turns, spans)).toEqual([startAt + minute]);
  });
});
