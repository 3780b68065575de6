import { describe, expect, it } from 'vitest';
import { smallCoreCapacities } from '../../core/core.ts';
import { createDecisionComparer } from '../../journal/diff.ts';
import { Follower } from '../../runtime/follower.ts';
import { recoverDesk } from '../../runtime/recovery.ts';
import { createMemoryDisk } from '../journal/memory-disk.ts';
import { openJournal, smallShape } from '../journal/small-journal.ts';
import { canary } from '../rollout/rollout-specs.ts';
import { admin, answerOf, openDesk, risk, senior2, sliceID, trader } from '../rollout/rollout-desk.ts';
import { outcomeOf, setLimit, tradingDesk, traded, unanswered, versionKey } from './incident-desk.ts';

/** 1 August 2012: one of eight servers ran an old program behind a flag that had been given a new meaning. 45 minutes, 4 million executions, 460 million USD. */
describe('Knight 2012', () => {
  /** The journal of a desk whose build decided one thing otherwise than this one does. */
  async function otherNode() {
    const { desk } = tradingDesk();
    const disk = createMemoryDisk();
    const journal = await openJournal(disk, { segmentBytes: 1 << 18 });
    for (const turn of desk.turns) {
      const seq = journal.nextSeq;
      journal.appendInput(seq, turn.at, turn.input);
      turn.decisions.forEach((decision, n) => {
        const told = decision.kind === 'rowChanged' ? { ...decision, epoch: decision.epoch + 1 } : decision;
        journal.appendDecision(seq + 1 + n, turn.at, seq, told);
      });
    }
    await journal.flush();
    return { disk, directory: 'journal', capacities: smallCoreCapacities, same: createDecisionComparer() };
  }

  it('a node whose build decides otherwise than the journal says does not trade on it', async () => {
    const node = await otherNode();
    const recovered = await recoverDesk({ ...node, coreDigest: 'ef'.repeat(32) });
    expect(recovered).toMatchObject({ ok: false, error: { code: 'TAIL_OF_ANOTHER_BUILD' } });
  });

  it('a follower whose build decides otherwise than the core says so, and takes no snapshot', async () => {
    const node = await otherNode();
    const follower = new Follower({ ...node, coreDigest: smallShape.coreDigest });
    expect(await follower.catchUp()).toBeGreaterThan(0);
    expect(follower.differences.length).toBeGreaterThan(0);
    expect(await follower.snapshot()).toBe(0);
  });

  it('a generator of child orders whose count of fills never advances stops at the lots of its parent', () => {
    const { desk, row } = tradingDesk();
    const parent = 50;
    setLimit(desk, versionKey('maxPosition'), parent);
    const outcomes: (number | string)[] = [];
    let working = 0;
    for (let child = 0; child < 20; child++) {
      const outcome = outcomeOf(desk.intent(row, 'buy', 10));
      outcomes.push(outcome);
      if (typeof outcome === 'string') continue;
      working += 10;
      // one fills, one works, nobody answers for the third: the strategy sees none of it
      if (child % 3 === 0) traded(desk, outcome, 10, 10, `e-${child}`);
      if (child % 3 === 2) unanswered(desk, outcome);
    }
    expect(working).toBe(parent);
    expect(new Set(outcomes.slice(5))).toEqual(new Set(['POSITION_EXCEEDS_MAX']));
  });

  it('whatever such a generator sends, filled and open together stay within the capital that its version was granted', () => {
    const { desk, row } = tradingDesk();
    let lots = 0;
    for (let child = 0; child < 40; child++) {
      const outcome = outcomeOf(desk.intent(row, 'buy', 7));
      if (typeof outcome === 'string') continue;
      lots += 7;
      traded(desk, outcome, child % 2 === 0 ? 7 : 3, 7, `e-${child}`);
    }
    // 10,000 USD at 100.01 a lot
    expect(lots).toBe(98);
  });

  it('a version that nobody registered is not deployed', () => {
    const desk = openDesk();
    expect(answerOf(desk.order({ verb: 'deploy', spec: canary('d9', '9.9.9') }, trader, null)).code).toBe('UNKNOWN_VERSION');
  });

  it('a version that was taken out of trading does not come back by one person', () => {
    const { desk, row } = tradingDesk();
    desk.order({ verb: 'rollback', deploymentID: 'd0', reason: 'it loses' }, trader, null);
    expect(answerOf(desk.order({ verb: 'deploy', spec: canary('d1', '1.0.0') }, trader, null)).code).toBe('VERSION_HALTED');
    const unhalt = { verb: 'unhalt', sliceID, version: '1.0.0', reason: 'back again' } as const;
    expect(answerOf(desk.order(unhalt, risk, null)).code).toBe('SECOND_PERSON_REQUIRED');
    expect(outcomeOf(desk.intent(row, 'buy', 1))).toBe('VERSION_HALTED');
    expect(answerOf(desk.order(unhalt, risk, senior2)).code).toBe('OK');
  });

  it('a flag used again: the name of a version never stands for another program', () => {
    const desk = openDesk();
    const again = (digest: string): string =>
      answerOf(desk.order({ verb: 'registerVersion', algorithmID: 'algo', version: '1.0.0', artifactDigest: digest }, admin, null)).code;
    expect(again('a'.repeat(64))).toBe('OK');
    expect(again('b'.repeat(64))).toBe('ALREADY_DEPLOYED');
  });

  it('a flag used again: the key of a command never stands for another command', () => {
    const { desk } = tradingDesk();
    const pause = { verb: 'pauseStrategy', algorithmID: 'algo', reason: 'lunch' } as const;
    expect(answerOf(desk.order(pause, trader, null, 'key-1')).code).toBe('OK');
    expect(answerOf(desk.order(pause, trader, null, 'key-1')).code).toBe('OK');
    const other = answerOf(desk.order({ ...pause, verb: 'stopStrategy' }, trader, null, 'key-1'));
    expect(other.code).toBe('KEY_USED_FOR_ANOTHER_COMMAND');
  });
});
