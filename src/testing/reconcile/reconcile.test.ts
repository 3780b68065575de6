import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { prng } from '../../base/prng.ts';
import { micros } from '../../base/units.ts';
import type * as Reconciliation from '../../core/reconcile/reconciliation.ts';
import { breakRules, type BreakRule } from '../../core/reconcile/rules.ts';
import type * as SoundStatement from '../../core/reconcile/sound-statement.ts';
import { breakClasses, type BreakClass } from '../../domain/statement.ts';
import { answerOf, risk, senior, senior2, sentOf, trader } from '../rollout/rollout-desk.ts';
import { checkClass } from './check-divergence.ts';
import { ComparedDesk } from './compared-desk.ts';
import { divergences } from './divergences.ts';

/** Lifts the protection of the table, to plant a fault. */
const table = breakRules as Record<BreakClass, BreakRule>;
const intact = { ...breakRules };

/** Faults outside the table: every statement is believed, questions without an answer are not counted. */
const planted = vi.hoisted(() => ({ believes: false, forgets: false }));

vi.mock('../../core/reconcile/sound-statement.ts', async (original) => {
  const { contradictionOf } = await original<typeof SoundStatement>();
  return { contradictionOf: (...of: Parameters<typeof contradictionOf>) => (planted.believes ? '' : contradictionOf(...of)) };
});

vi.mock('../../core/reconcile/reconciliation.ts', async (original) => {
  const real = await original<typeof Reconciliation>();
  const askedAccount: typeof real.askedAccount = (...of) => {
    const asked = real.askedAccount(...of);
    if (planted.forgets) Object.defineProperty(asked, 'unanswered', { get: () => 0, set: () => undefined, configurable: true });
    return asked;
  };
  return { ...real, askedAccount };
});

afterEach(() => {
  Object.assign(table, intact);
  Object.assign(planted, { believes: false, forgets: false });
});

function world(seed: string): ComparedDesk {
  return new ComparedDesk(prng(seed));
}

describe('every class of break', () => {
  for (const kind of breakClasses)
    it(`${kind}: found, ended as its rule says, nothing invented or dropped, twice is once`, () => {
      expect(checkClass(kind, 20, 'test')).toEqual({ cases: 20, found: 20, faults: [] });
    });
});

describe('a rule that is taken away is missed', () => {
  for (const kind of breakClasses)
    it(kind, () => {
      const { act } = intact[kind];
      // what ends by itself is only told; what people must end ends by itself
      table[kind] = { ...intact[kind], act: act === 'tell' ? 'ignore' : 'tell' };
      // these two have no rule but to be told: what finds them is taken away
      planted.believes = kind === 'contradiction';
      planted.forgets = kind === 'venueSilent';
      expect(checkClass(kind, 20, 'planted').faults.length).toBeGreaterThan(0);
    });
});

describe('what is under way is no break', () => {
  it('a fill whose report comes after the statement', () => {
    for (let n = 0; n < 50; n++) {
      const one = world(`in flight ${n}`);
      const order = one.work();
      const report = one.venue.fill(order, 1, one.at);
      const turn = one.desk.turns.length;
      one.desk.say({ kind: 'reconcile', reason: 'person', venue: -1, every: 0 });
      one.exchange();
      one.desk.say(report);
      one.settle();
      expect(one.breaksFrom(turn)).toEqual([]);
      expect(one.workingHere()).toEqual(one.workingThere());
    }
  });

  it('a fill behind the cut that was reported before the statement was read', () => {
    for (let n = 0; n < 50; n++) {
      const one = world(`behind the cut ${n}`);
      const order = one.work();
      const turn = one.desk.turns.length;
      const asked = one.desk.say({ kind: 'reconcile', reason: 'person', venue: -1, every: 0 });
      const [page] = asked.effects.flatMap((effect) => (effect.kind === 'statement' ? one.venue.statement(0, effect.ask, one.at) : []));
      one.desk.advance(1);
      one.desk.say(one.venue.fill(order, 1, one.at));
      one.desk.say(page);
      one.settle();
      expect(one.breaksFrom(turn)).toEqual([]);
    }
  });

  it('a report that comes after its fill was booked from a statement is a duplicate', () => {
    const one = world('late report');
    const order = one.work();
    const report = one.venue.fill(order, 1, one.at);
    one.wait(2_000_000);
    one.compare();
    const turn = one.desk.turns.length;
    one.desk.say(report);
    expect(one.decisionsFrom(turn)).toEqual([]);
    expect(one.positionsHere()).toEqual(one.venue.positions);
  });

  it('an answer that comes after its question was given up, and a page that comes twice', () => {
    const one = world('late answer');
    one.venue.silent = 1;
    const first = one.desk.say({ kind: 'reconcile', reason: 'person', venue: -1, every: 0 });
    one.settle();
    const turn = one.desk.turns.length;
    for (const effect of first.effects)
      if (effect.kind === 'statement') for (const page of one.venue.statement(0, effect.ask, one.at)) one.desk.say(page);
    expect(one.decisionsFrom(turn)).toEqual([]);
  });
});

describe('people', () => {
  it('two of them accept a break: its row works again while the figures stay, and is restricted again when they do not', () => {
    const one = world('accepted');
    one.venue.positions[0] += 3;
    one.compare();
    expect(one.openBreaks()).toEqual(['position/V/A1/X']);
    const ask = { verb: 'acceptBreak', breakID: 'position/V/A1/X', reason: 'a transfer on its way' } as const;
    expect(answerOf(one.desk.order(ask, risk, null)).code).toBe('SECOND_PERSON_REQUIRED');
    expect(answerOf(one.desk.order({ ...ask, breakID: 'position/V/A1/Y' }, risk, senior2)).code).toBe('UNKNOWN_BREAK');
    expect(one.mode).toBe('CANCEL_ONLY');
    expect(answerOf(one.desk.order(ask, senior, senior2)).code).toBe('OK');
    expect(one.mode).toBe('ACTIVE');
    one.compare();
    expect(one.mode).toBe('ACTIVE');
    one.venue.positions[0] += 1;
    one.compare();
    expect([one.openBreaks(), one.mode]).toEqual([['position/V/A1/X'], 'CANCEL_ONLY']);
  });
});

describe('a position that two people accepted', () => {
  const ask = { verb: 'acceptBreak', breakID: 'position/V/A1/X', reason: 'a transfer on its way' } as const;

  /** Three lots more at the venue, which two people live with. */
  function accepted(seed: string): ComparedDesk {
    const one = world(seed);
    one.venue.positions[0] += 3;
    one.compare();
    expect(answerOf(one.desk.order(ask, senior, senior2)).code).toBe('OK');
    return one;
  }

  function trade(one: ComparedDesk, qty: number): void {
    one.wait(60_000);
    const order = one.work(qty);
    one.desk.say(one.venue.fill(order, qty, one.at));
    one.wait(2_000_000);
  }

  it('stays accepted when both sides trade on by the same: three lots apart before, three lots apart after', () => {
    for (let n = 0; n < 8; n++) {
      const one = accepted(`accepted, then traded ${n}`);
      for (let k = 0; k < 4; k++) {
        trade(one, 2 + k);
        one.compare();
        expect([one.openBreaks(), one.mode]).toEqual([[], 'ACTIVE']);
      }
    }
  });

  it('is found again at one lot more or less apart, also in the same moment as a trade', () => {
    for (const more of [1, -1, -6]) {
      const one = accepted(`accepted, then ${more}`);
      trade(one, 4);
      one.compare();
      trade(one, 3);
      one.venue.positions[0] += more;
      const turn = one.desk.turns.length;
      one.compare();
      expect([one.openBreaks(), one.mode]).toEqual([['position/V/A1/X'], 'CANCEL_ONLY']);
      expect(one.breaksFrom(turn)).toMatchObject([{ state: 'found', class: 'position' }]);
    }
  });

  it('is over when the venue shows none, and the same three lots later are another break', () => {
    const one = accepted('accepted, then over');
    one.venue.positions[0] -= 3;
    one.compare();
    trade(one, 5);
    one.venue.positions[0] += 3;
    one.compare();
    expect([one.openBreaks(), one.mode]).toEqual([['position/V/A1/X'], 'CANCEL_ONLY']);
  });
});

describe('two people, one after the other', () => {
  it('a yes to a break whose figures moved since the proposal is overtaken', () => {
    const one = world('moved');
    one.venue.positions[0] += 3;
    one.compare();
    const command = { verb: 'acceptBreak', breakID: 'position/V/A1/X', reason: 'test' } as const;
    const proposal = one.desk.order({ verb: 'propose', command }, risk, null).decisions.find((of) => of.kind === 'proposalChanged');
    one.venue.positions[0] += 5_000;
    one.compare();
    const { proposalID, digest } = proposal ?? { proposalID: '', digest: '' };
    expect(answerOf(one.desk.order({ verb: 'agree', proposalID, digest }, senior2, null)).code).toBe('REVISION_CHANGED');
    expect([one.openBreaks(), one.mode]).toEqual([['position/V/A1/X'], 'CANCEL_ONLY']);
  });
});

describe('a break about an execution that no statement reaches back to any more', () => {
  /** A day later, at a venue that states executions from the time on that it is asked for. */
  function dayLater(one: ComparedDesk): void {
    one.desk.advance(86_400_000_000 + 60_000_000);
    for (const listing of [0, 1]) one.desk.mark(listing);
    const { venue } = one;
    venue.alter = (page) => {
      const since = micros(one.at - 86_400_000_000);
      return { ...page, since, fills: page.fills.filter(({ transactTime }) => transactTime >= since) };
    };
    one.compare('interval');
  }

  for (const kind of ['conflictingFill', 'lateFill'] as const)
    it(`${kind}: is not over with it; a statement that reaches so far ends it`, () => {
      const one = world(`out of sight ${kind}`);
      const { subject, heal } = divergences[kind](one);
      one.compare();
      const open = one.openBreaks();
      expect(open.filter((id) => id.endsWith(subject))).toHaveLength(1);
      dayLater(one);
      expect([one.openBreaks(), one.mode]).toEqual([open, 'CANCEL_ONLY']);
      heal();
      one.venue.alter = undefined;
      one.compare();
      expect([one.openBreaks(), one.mode]).toEqual([[], 'ACTIVE']);
    });

  it('two people end it, and it stays ended when a later statement reaches back to it', () => {
    const one = world('out of sight, accepted');
    divergences.conflictingFill(one);
    one.compare();
    const [breakID] = one.openBreaks();
    dayLater(one);
    expect(answerOf(one.desk.order({ verb: 'acceptBreak', breakID, reason: 'test' }, senior, senior2)).code).toBe('OK');
    expect(one.mode).toBe('ACTIVE');
    one.compare();
    one.venue.alter = undefined;
    one.compare();
    expect([one.openBreaks(), one.mode]).toEqual([[], 'ACTIVE']);
  });
});

describe('what a person stopped while a break was open', () => {
  const stops = {
    'a pause of its strategy': (one: ComparedDesk) => {
      one.desk.order({ verb: 'pauseStrategy', algorithmID: 'algo', reason: 'test' }, trader, null);
    },
    'a kill of the firm, released': (one: ComparedDesk) => {
      one.desk.order({ verb: 'kill', reason: 'test' }, trader, null);
      expect(answerOf(one.desk.order({ verb: 'release', reason: 'test' }, senior, senior2)).code).toBe('OK');
    },
    'a kill of its strategy, released': (one: ComparedDesk) => {
      const target = { scope: 'strategy', id: 'algo' } as const;
      one.desk.order({ verb: 'kill', reason: 'test', target }, trader, null);
      expect(answerOf(one.desk.order({ verb: 'release', reason: 'test', target }, senior, senior2)).code).toBe('OK');
    },
  };
  for (const [what, stop] of Object.entries(stops))
    it(`${what}: the end of the break gives nothing back, a resume does`, () => {
      const one = world(what);
      one.venue.positions[0] += 3;
      one.compare();
      expect([one.openBreaks(), one.mode]).toEqual([['position/V/A1/X'], 'CANCEL_ONLY']);
      stop(one);
      one.venue.positions[0] -= 3;
      one.compare();
      expect([one.openBreaks(), one.mode]).toEqual([[], 'CANCEL_ONLY']);
      expect(sentOf(one.desk.intent(one.row, 'buy', 1))).toEqual([]);
      expect(answerOf(one.desk.order({ verb: 'resume', deploymentID: 'd0', reason: 'test' })).code).toBe('OK');
      expect(one.mode).toBe('ACTIVE');
    });

  it('a break that is still open when the strategy is started again goes on to restrict, and gives back what it took', () => {
    const one = world('paused and started');
    one.venue.positions[0] += 3;
    one.compare();
    one.desk.order({ verb: 'pauseStrategy', algorithmID: 'algo', reason: 'test' }, trader, null);
    expect(answerOf(one.desk.order({ verb: 'startStrategy', algorithmID: 'algo', reason: 'test' })).code).toBe('OK');
    expect(one.mode).toBe('CANCEL_ONLY');
    one.venue.positions[0] -= 3;
    one.compare();
    expect(one.mode).toBe('ACTIVE');
  });
});

describe('a start on the journal of a desk that is gone', () => {
  it('restricts every row until its account is compared, and finds what came apart', () => {
    const one = world('start');
    const [lost, filled] = [one.work(9), one.work(9)];
    one.venue.orders.delete(lost.orderID);
    one.venue.fill(filled, 4, one.at);
    one.desk.say({ kind: 'start', term: 2, coreDigest: 'd'.repeat(64), text: 'test' });
    expect(one.mode).toBe('CANCEL_ONLY');
    one.compare('start');
    expect([one.mode, one.desk.core.starting, one.openBreaks()]).toEqual(['ACTIVE', false, []]);
    expect(one.positionsHere()).toEqual(one.venue.positions);
    expect(one.workingHere()).toEqual(one.workingThere());
  });

  it('takes an order of the desk before back by its own term, where the lost end of the journal gave its number again', () => {
    const one = world('twice');
    one.desk.say({ kind: 'start', term: 2, coreDigest: 'd'.repeat(64), text: 'test' });
    one.compare('start');
    const own = one.work(9);
    const strange = { ...own, term: 1, orderID: 'of the desk before' };
    one.venue.put(strange);
    one.compare();
    expect([...one.venue.orders.values()]).toEqual([own]);
    expect([one.mode, one.openBreaks()]).toEqual(['ACTIVE', []]);
    expect(one.workingHere()).toEqual(one.workingThere());
  });

  it('keeps a row restricted while a break of its account is open, and lets it go by itself', () => {
    const one = world('start with a break');
    one.venue.positions[1] -= 2;
    one.desk.say({ kind: 'start', term: 2, coreDigest: 'd'.repeat(64), text: 'test' });
    one.compare('start');
    expect([one.mode, one.openBreaks()]).toEqual(['CANCEL_ONLY', ['position/V/A1/Y']]);
    one.venue.positions[1] += 2;
    one.compare('interval');
    expect([one.mode, one.openBreaks()]).toEqual(['ACTIVE', []]);
  });
});

it('the table of the reference is the table of the code', () => {
  const page = readFileSync(new URL('../../../docs/reference/reconciliation.md', import.meta.url), 'utf8');
  const rows = [...page.matchAll(/^\| `(\w+)` \| [^|]+ \| (\w+) \|([^|]*)\|([^|]*)\|$/gm)];
  const written = rows.map(([, kind, act, waits, stops]) => [kind, act, waits.trim() === '2 s' ? 2_000_000 : 0, stops.trim() === 'yes']);
  expect(written).toEqual(breakClasses.map((kind) => [kind, breakRules[kind].act, breakRules[kind].after, breakRules[kind].ledgerInDoubt]));
});
