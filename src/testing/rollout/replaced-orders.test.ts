import { describe, expect, it } from 'vitest';
import type { Command } from '../../domain/command.ts';
import { canary } from './rollout-specs.ts';
import { openDesk, reportOf, sentOf, trader, type RolloutDesk, type Turn } from './rollout-desk.ts';

const pause: Command = { verb: 'pauseStrategy', algorithmID: 'algo', reason: 'test' };

interface Raced {
  readonly desk: RolloutDesk;
  readonly first: number;
  readonly second: number;
  /** Number of the cancel that went out for the first. */
  readonly cancel: number;
}

const cancelsOf = ({ decisions }: Turn): readonly { readonly clOrdID: number; readonly target: number }[] =>
  decisions.filter((one) => one.kind === 'cancelSent');

/** A working order, its replace on its way, and the cancel that a pause sends behind it. */
function raced(): Raced {
  const desk = openDesk();
  const row = desk.deploy(canary('d0', '1.0.0'));
  const [first] = sentOf(desk.intent(row, 'buy', 10));
  desk.say(reportOf(desk, first, 0, { execType: 'new' }));
  const replacing = desk.intent(row, 'buy', 12, { action: 'replace', targetTag: 1 });
  const [second] = replacing.decisions.flatMap((one) => (one.kind === 'replaceSent' ? [one.order.clOrdID] : []));
  const [{ clOrdID: cancel, target }] = cancelsOf(desk.order(pause, trader, null));
  expect(target).toBe(first);
  return { desk, first, second, cancel };
}

const replaced = ({ desk, first, second }: Raced): Turn =>
  desk.say(reportOf(desk, second, 0, { execType: 'replaced', origClOrdID: first, cumQty: 0, leavesQty: 12 }));
const refused = ({ desk, first, cancel }: Raced): Turn =>
  desk.say(reportOf(desk, cancel, 0, { execType: 'cancelRejected', origClOrdID: first }));
const targetsOf = (turn: Turn): readonly number[] => cancelsOf(turn).map(({ target }) => target);

describe('an order that was replaced while a pause took it back', () => {
  it('replaced first: the new number is taken back, and the refusal of the old cancel changes nothing of that', () => {
    const race = raced();
    const turn = replaced(race);
    expect(targetsOf(turn)).toEqual([race.second]);
    expect(targetsOf(refused(race))).toEqual([]);
    const { desk, second } = race;
    const [{ clOrdID }] = cancelsOf(turn);
    const ended = desk.say(reportOf(desk, clOrdID, 0, { execType: 'canceled', origClOrdID: second, cumQty: 0, leavesQty: 0 }));
    expect(ended.decisions).toContainEqual(expect.objectContaining({ kind: 'orderStateChanged', clOrdID: second, to: 'canceled' }));
  });

  it('the cancel is refused first: the new number is taken back when it stands', () => {
    const race = raced();
    expect(targetsOf(refused(race))).toEqual([]);
    expect(targetsOf(replaced(race))).toEqual([race.second]);
  });

  it('cancel and replace are both refused: the old number, which goes on working, is taken back again, once', () => {
    const race = raced();
    const { desk, first, second } = race;
    refused(race);
    const turn = desk.say(reportOf(desk, second, 0, { execType: 'replaceRejected', origClOrdID: first }));
    expect(targetsOf(turn)).toEqual([first]);
    const [{ clOrdID }] = cancelsOf(turn);
    expect(targetsOf(desk.say(reportOf(desk, clOrdID, 0, { execType: 'cancelRejected', origClOrdID: first })))).toEqual([]);
  });

  it('without a cancel a replaced order stays at work', () => {
    const desk = openDesk();
    const row = desk.deploy(canary('d0', '1.0.0'));
    const [first] = sentOf(desk.intent(row, 'buy', 10));
    desk.say(reportOf(desk, first, 0, { execType: 'new' }));
    const { decisions } = desk.intent(row, 'buy', 12, { action: 'replace', targetTag: 1 });
    const [second] = decisions.flatMap((one) => (one.kind === 'replaceSent' ? [one.order.clOrdID] : []));
    expect(targetsOf(replaced({ desk, first, second, cancel: 0 }))).toEqual([]);
  });
});
