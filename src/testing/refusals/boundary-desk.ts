import { lots, ticks } from '../../base/units.ts';
import type { Actor } from '../../domain/actor.ts';
import type { Command, CommandRefusal, Proposable } from '../../domain/command.ts';
import type { Decision } from '../../domain/decision.ts';
import type { Intent } from '../../domain/input.ts';
import type { Report } from '../../domain/report.ts';
import type { DeploymentSpec } from '../../domain/spec.ts';
import { answerOf, reportOf, risk, senior2, sentOf, trader, type RolloutDesk, type Turn } from '../rollout/rollout-desk.ts';
import { FakeHost } from '../rollout/swap-desk.ts';
import { capOf } from './command-book.ts';
import { JudgedDesk } from './judged-desk.ts';

type Due = 'OK' | CommandRefusal;

/** Marks come this often where a life needs fresh ones (microseconds). */
const beat = 900_000;

/** A desk that is led to an instant, a sum or a number, and asked there: what is due stands beside each question. */
export class BoundaryDesk {
  readonly desk: RolloutDesk;
  readonly host: FakeHost;
  readonly #judged: JudgedDesk;

  constructor(reserve = '100000') {
    this.#judged = new JudgedDesk(reserve);
    this.desk = this.#judged.desk;
    this.host = new FakeHost(this.desk);
  }

  get wrong(): string {
    return this.#judged.wrong;
  }

  /** What is not as it is due to be. */
  say(text: string): void {
    this.#judged.say(text);
  }

  /** Two who may ask for it. */
  ask(command: Command, due: Due): Turn {
    return this.by(risk, senior2, command, due);
  }

  /** One of them alone. */
  alone(command: Command, due: Due): Turn {
    return this.by(risk, null, command, due);
  }

  by(actor: Actor, second: Actor | null, command: Command, due: Due): Turn {
    const turn = this.#heard(this.desk.order(command, actor, second));
    const { code, text } = answerOf(turn);
    const asked = JSON.stringify(command);
    if (due !== 'OK' && code === 'OK') this.say(`${asked}: ${due} due, and it was accepted`);
    else if (code !== due) this.say(`${asked}: ${due === 'OK' ? 'nothing' : due} due, and the answer was ${code}: ${text}`);
    return turn;
  }

  /** Kept for a second person. @returns what that one says yes with */
  propose(command: Proposable, due: Due): Command {
    const { decisions } = this.alone({ verb: 'propose', command }, due);
    const open = decisions.find((one) => one.kind === 'proposalChanged' && one.state === 'open');
    return open?.kind === 'proposalChanged'
      ? { verb: 'agree', proposalID: open.proposalID, digest: open.digest }
      : { verb: 'agree', proposalID: '', digest: '' };
  }

  /** Deployed, loaded and warm. @returns its row */
  deploy(spec: DeploymentSpec): number {
    this.by(trader, null, { verb: 'deploy', spec }, 'OK');
    const row = this.desk.rowOf(spec.version);
    this.loaded(row);
    return row;
  }

  loaded(row: number): void {
    for (const event of ['loaded', 'warmed'] as const) this.#heard(this.desk.host(row, event));
    this.now();
  }

  /** Marks of both listings at this instant. */
  fresh(mid = 10_000): void {
    for (const listing of [0, 1]) this.#heard(this.desk.mark(listing, mid));
  }

  /** Up to an instant, whose own deadlines have not come yet: whoever asks now comes before them. Without `lively` the feed is silent meanwhile. */
  passTo(at: number, lively = false, mid = 10_000): void {
    while (lively && this.desk.at + beat < at) {
      this.#advance(beat);
      this.fresh(mid);
    }
    if (this.desk.at < at - 1) this.#advance(at - 1 - this.desk.at);
    this.desk.at = at;
    this.fresh(mid);
  }

  /** Deadlines of this instant, and what hosts say to them. */
  now(): void {
    for (let n = 0; n < 16; n++) {
      this.host.answerAll();
      const from = this.desk.turns.length;
      this.#advance(0);
      if (this.desk.turns.length === from && this.host.waiting === 0) return;
    }
  }

  #advance(by: number): void {
    const from = this.desk.turns.length;
    this.desk.advance(by);
    for (const turn of this.desk.turns.slice(from)) this.#heard(turn);
  }

  #heard(turn: Turn): Turn {
    this.host.take(turn.effects);
    return turn;
  }

  /** An order of a row. @returns its number, 0 = it was not sent */
  order(row: number, side: 'buy' | 'sell', qty: number, more: Partial<Intent> = {}): number {
    return sentOf(this.#heard(this.desk.intent(row, side, qty, more))).at(0) ?? 0;
  }

  report(clOrdID: number, more: Partial<Report>): Turn {
    return this.#heard(this.desk.say(reportOf(this.desk, clOrdID, 0, more)));
  }

  /** An order that its venue, or the simulator, fills whole at a price. @param fee units of money */
  fill(row: number, side: 'buy' | 'sell', qty: number, px = 10_000, fee = 0, simulated = false): void {
    const id = this.order(row, side, qty);
    if (id === 0) return this.say('nothing due, and an order of the scene was not sent');
    const done = { execType: 'trade', lastQty: lots(qty), lastPx: ticks(px), cumQty: qty, leavesQty: 0 } as const;
    this.report(id, { ...done, commissionLo: fee, simulated, ...(simulated ? { execID: `p${id}` } : {}) });
  }

  /** Newest decisions of a kind, newest last. */
  of<K extends Decision['kind']>(kind: K): readonly (Extract<Decision, { kind: K }> & { readonly at: number })[] {
    return this.desk.turns.flatMap(({ at, decisions }) =>
      decisions.flatMap((one) => (one.kind === kind ? [{ ...(one as Extract<Decision, { kind: K }>), at }] : [])),
    );
  }

  /** The newest verdict of a gate is this one. */
  verdict(gate: string, due: 'pass' | 'fail' | 'inconclusive'): void {
    const last = this.of('gateJudged').findLast((one) => one.gate === gate);
    if (last?.verdict !== due) this.say(`nothing due, and ${gate} is ${last?.verdict ?? 'not judged'}, expected ${due}`);
  }

  /** A deployment was granted its stage at just this instant; 0 = not yet. */
  granted(deploymentID: string, stage: number, at: number): void {
    const when = this.of('stageGranted').find((one) => one.deploymentID === deploymentID && one.stage === stage)?.at ?? 0;
    if (when !== at) this.say(`nothing due, and stage ${stage} of ${deploymentID} was granted at ${when}, expected ${at}`);
  }

  cap(version: string, units: bigint): void {
    const its = capOf(this.desk.core, this.desk.rowOf(version));
    if (its !== units) this.say(`nothing due, and ${version} has ${its}, expected ${units}`);
  }
}
