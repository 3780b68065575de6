import { expect, test } from 'vitest';
import { prng } from '../../base/prng.ts';
import { createDeskView, foldDecision, foldInput } from '../../projections/desk-view.ts';
import { ComparedDesk } from '../../testing/reconcile/compared-desk.ts';
import { answerOf as spokenAnswer } from '../../testing/rollout/rollout-desk.ts';
import { answerOf } from '../desk/control.ts';
import type { ControlAnswer } from '../desk/control-socket.ts';
import { EventLog } from '../desk/event-log.ts';
import { deskPeople } from '../desk/people.ts';
import type { AskedDesk } from './ask-verb.ts';

const breakID = 'position/V/A1/X';

/** A desk whose account has three lots more at the venue, and how people at a terminal speak to it. */
class Terminal {
  readonly world = new ComparedDesk(prng('terminal'));
  readonly #view = createDeskView();
  #folded = 0;

  constructor() {
    this.world.venue.positions[0] += 3;
    this.world.compare();
  }

  async say(
    who: 'risk' | 'senior' | 'trader',
    request: Readonly<Record<string, unknown>> & { readonly verb: string },
  ): Promise<ControlAnswer> {
    return answerOf(this.#asked(), request, deskPeople[who]);
  }

  /** The difference as a reader of the view sees it. */
  get seen(): number {
    const one = this.#folded >= 0 ? this.#asked().view.openBreaks.get(breakID) : undefined;
    return one === undefined ? 0 : one.there - one.here;
  }

  #asked(): AskedDesk {
    this.#fold();
    const { desk } = this.world;
    return {
      view: this.#view,
      core: desk.core,
      events: new EventLog(this.#view),
      ask: (command, actor, approvedBy = null, said = {}) => {
        const commandID = `t${desk.turns.length}`;
        const turn = desk.order(command, actor, approvedBy, commandID, said.expectedRevision ?? null);
        this.#fold();
        const { code, text } = spokenAnswer(turn);
        return Promise.resolve({ accepted: code === 'OK', code, text, seq: turn.seq, commandID });
      },
      deploy: () => Promise.reject(new Error('nothing is deployed here')),
    };
  }

  #fold(): void {
    const { turns } = this.world.desk;
    for (; this.#folded < turns.length; this.#folded++) {
      const { seq, at, input, decisions } = turns[this.#folded];
      foldInput(this.#view, seq - decisions.length, at, input);
      decisions.forEach((decision, n) => foldDecision(this.#view, seq - decisions.length + 1 + n, at, decision));
    }
  }
}

const accept = { verb: 'accept-break', id: breakID, reason: 'a transfer on its way' } as const;

test('one person proposes to live with a break, another one agrees, and its row works again', async () => {
  const terminal = new Terminal();
  const proposed = await terminal.say('risk', { ...accept, expectedRevision: terminal.seen });
  expect([terminal.seen, proposed.exitCode]).toEqual([3, 3]);
  expect(terminal.world.mode).toBe('CANCEL_ONLY');
  const own = await terminal.say('risk', { verb: 'approve', id: 'p1' });
  expect([own.exitCode, own.body]).toMatchObject([4, { code: 'PROPOSER_CANNOT_APPROVE' }]);
  const agreed = await terminal.say('senior', { verb: 'approve', id: breakID });
  expect([agreed.exitCode, agreed.text]).toMatchObject([0, expect.stringContaining(`${breakID} is accepted`)]);
  expect([terminal.world.mode, (await terminal.say('risk', { verb: 'breaks' })).exitCode]).toEqual(['ACTIVE', 0]);
});

test('another difference than the one that was proposed is not accepted, and a reader sees the new one', async () => {
  const terminal = new Terminal();
  await terminal.say('risk', { ...accept, expectedRevision: 3 });
  terminal.world.venue.positions[0] += 40;
  terminal.world.compare();
  const agreed = await terminal.say('senior', { verb: 'approve', id: 'p1' });
  expect(agreed.body).toMatchObject({ code: 'REVISION_CHANGED' });
  expect([terminal.world.mode, terminal.seen]).toEqual(['CANCEL_ONLY', 43]);
  expect((await terminal.say('risk', { ...accept, expectedRevision: 3 })).body).toMatchObject({ code: 'REVISION_CHANGED' });
});

test('what is not open, what only the venue ends and whoever may not are refused by name before a second person is asked', async () => {
  const terminal = new Terminal();
  expect((await terminal.say('risk', { ...accept, id: 'position/V/A1/Y' })).body).toMatchObject({ code: 'UNKNOWN_BREAK' });
  expect((await terminal.say('trader', accept)).body).toMatchObject({ code: 'ROLE_REQUIRED' });
  expect((await terminal.say('risk', { verb: 'accept-break', reason: 'of nothing' })).exitCode).toBe(64);
  terminal.world.venue.silent = 5;
  terminal.world.compare();
  expect((await terminal.say('risk', { ...accept, id: 'venueSilent/V/A1' })).body).toMatchObject({ code: 'UNKNOWN_BREAK' });
});
