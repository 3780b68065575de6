import { describe, expect, it } from 'vitest';
import { lots, micros, ticks } from '../../base/units.ts';
import { judgeNow } from '../../core/rollout/promotion.ts';
import { canary, paper, rung } from '../rollout/rollout-specs.ts';
import { answerOf, openDesk, reportOf, risk, senior2, sentOf, trader, type RolloutDesk, type Turn } from '../rollout/rollout-desk.ts';
import { StatingVenue } from '../reconcile/stating-venue.ts';

/** Time passes with fresh marks; the venue answers, where there is one. */
function pass(desk: RolloutDesk, seconds: number, venue?: StatingVenue): readonly Turn[] {
  const from = desk.turns.length;
  let read = from;
  for (let n = 0; n < seconds * 2; n++) {
    desk.advance(500_000);
    desk.mark(0);
    desk.mark(1);
    for (; read < desk.turns.length; read++)
      for (const effect of desk.turns[read].effects) for (const word of venue?.take(effect, micros(desk.at)) ?? []) desk.say(word);
  }
  return desk.turns.slice(from);
}

const granted = (turns: readonly Turn[]): readonly string[] =>
  turns.flatMap(({ decisions }) => decisions.flatMap((one) => (one.kind === 'stageGranted' ? [`${one.deploymentID} ${one.stage}`] : [])));

const start = (desk: RolloutDesk): Turn => desk.say({ kind: 'start', term: 2, coreDigest: 'd'.repeat(64), text: 'crashed' });
const compare = (desk: RolloutDesk): Turn => desk.say({ kind: 'reconcile', reason: 'person', venue: -1, every: 0 });
const promote = (desk: RolloutDesk, waives: readonly string[]): { readonly code: string; readonly text: string } =>
  answerOf(desk.order({ verb: 'promote', deploymentID: 'd0', reason: 'test', waives }, risk, senior2));

describe('while the desk does not know what it has, nobody gets more capital', () => {
  it('a break with its venue is open: the climb waits, people cannot promote past it, and it goes on when the break is gone', () => {
    const desk = openDesk();
    const venue = new StatingVenue();
    desk.deploy(canary('d0', '1.0.0', { stages: [rung(100), rung(500)] }));
    venue.positions[0] = 7;
    compare(desk);
    const [first] = desk.turns.slice(-1);
    for (const effect of first.effects) for (const word of venue.take(effect, micros(desk.at))) desk.say(word);
    const before = pass(desk, 180, venue);
    expect([...desk.core.reconciliation.breaks.values()].map(({ class: kind }) => kind)).toEqual(['position']);
    expect(granted(before)).toEqual([]);
    expect(desk.phaseOf('d0')).toBe('Progressing');
    const refused = promote(desk, ['minDuration', 'minPnL', 'minTrades']);
    expect([refused.code, refused.text.includes('reconciled')]).toEqual(['GATES_NOT_PASSED', true]);
    venue.positions[0] = 0;
    compare(desk);
    expect(granted(pass(desk, 90, venue))).toEqual(['d0 1']);
  });

  it('it has started and its venue has not answered yet: the climb waits for the comparison', () => {
    const desk = openDesk();
    const venue = new StatingVenue();
    desk.deploy(canary('d0', '1.0.0', { stages: [rung(100), rung(500)] }));
    pass(desk, 59, venue);
    start(desk);
    // the venue says nothing
    const waits = pass(desk, 20);
    expect(granted(waits)).toEqual([]);
    expect(promote(desk, ['minDuration']).code).toBe('GATES_NOT_PASSED');
    compare(desk);
    const [asked] = desk.turns.slice(-1);
    for (const effect of asked.effects) for (const word of venue.take(effect, micros(desk.at))) desk.say(word);
    expect(granted(pass(desk, 90, venue))).toEqual(['d0 1']);
  });

  it('a version that has loaded meanwhile waits with its first rung', () => {
    const desk = openDesk();
    const venue = new StatingVenue();
    desk.order({ verb: 'deploy', spec: canary('d0', '1.0.0') }, trader);
    const row = desk.rowOf('1.0.0');
    start(desk);
    desk.mark(0);
    desk.mark(1);
    desk.host(row, 'loaded');
    expect(granted([desk.host(row, 'warmed'), ...pass(desk, 10)])).toEqual([]);
    compare(desk);
    const [asked] = desk.turns.slice(-1);
    for (const effect of asked.effects) for (const word of venue.take(effect, micros(desk.at))) desk.say(word);
    expect(granted(pass(desk, 30, venue))[0]).toBe('d0 0');
  });

  it('a break of another account holds nobody back', () => {
    const desk = openDesk();
    const venue = new StatingVenue();
    const [known] = desk.core.registry.venues;
    desk.say({ kind: 'register', what: 'venue', venue: { ...known, venueID: 'W' } });
    const account = { accountID: 'B1', venueID: 'W', accountGroup: 'other', margin: { kind: 'cash' } } as const;
    desk.say({ kind: 'register', what: 'account', account });
    desk.deploy(canary('d0', '1.0.0', { stages: [rung(100), rung(500)] }));
    compare(desk);
    // V answers, W never does
    const taken: Turn[] = [];
    for (const effect of desk.turns[desk.turns.length - 1].effects)
      if (effect.kind === 'statement' && effect.venue === 0)
        for (const word of venue.take(effect, micros(desk.at))) taken.push(desk.say(word));
    const turns = pass(desk, 90);
    expect([...desk.core.reconciliation.breaks.values()].map(({ class: kind }) => kind)).toEqual(['venueSilent']);
    expect(granted(turns)).toEqual(['d0 1']);
  });
});

it('a run on paper is judged by what it made on paper, also before a start has given it its simulator back', () => {
  const desk = openDesk();
  const spec = paper('p', '1.0.0', canary('d1', '1.0.0'));
  const { promotionCriteria } = spec;
  const row = desk.deploy({ ...spec, promotionCriteria: promotionCriteria === null ? null : { ...promotionCriteria, minPnL: '0' } });
  for (const [side, price] of [
    ['buy', 10_000],
    ['sell', 9_000],
  ] as const) {
    const [id] = sentOf(desk.intent(row, side, 10, { price: ticks(side === 'buy' ? 10_001 : 9_999) }));
    desk.say(
      reportOf(desk, id, 0, {
        execType: 'trade',
        lastQty: lots(10),
        lastPx: ticks(price),
        cumQty: 10,
        leavesQty: 0,
        simulated: true,
        execID: side,
      }),
    );
  }
  pass(desk, 58);
  start(desk);
  pass(desk, 30);
  expect(desk.phaseOf('p')).not.toBe('Healthy');
  expect(desk.phaseOf('d1')).toBe('none');
  const [deployment] = desk.core.rollout.deployments;
  const judged = judgeNow(desk.core, deployment, micros(desk.at)).filter(({ gate }) => gate === 'minPnL' || gate === 'minTrades');
  expect(judged.map(({ gate, verdict, value }) => [gate, verdict, value])).toEqual([
    ['minTrades', 'pass', 2],
    ['minPnL', 'fail', -100],
  ]);
});
