import type { Prng } from '../../base/prng.ts';
import { microsUnchecked } from '../../base/units.ts';
import type { Command } from '../../domain/command.ts';
import type { DeploymentSpec } from '../../domain/spec.ts';
import { FakeVenue } from '../rollout/fake-venue.ts';
import { admin, answerOf, risk, senior2, sliceID, trader, type RolloutDesk, type Turn } from '../rollout/rollout-desk.ts';
import { canary, rung } from '../rollout/rollout-specs.ts';
import { blueGreen, FakeHost } from '../rollout/swap-desk.ts';
import { isStopped } from './command-book.ts';
import { CommandMaker } from './command-maker.ts';
import type { CommandTheme } from './command-themes.ts';
import { moreVersions } from './spec-maker.ts';

/** What happens in a life of commands: people, versions, a venue and hosts, as the theme has it. */
export class CommandScenes {
  readonly #theme: CommandTheme;
  readonly #desk: RolloutDesk;
  readonly #luck: Prng;
  readonly #venue: FakeVenue;
  readonly #host: FakeHost;
  readonly #maker: CommandMaker;

  constructor(theme: CommandTheme, desk: RolloutDesk, luck: Prng) {
    this.#theme = theme;
    this.#desk = desk;
    this.#luck = luck;
    this.#venue = new FakeVenue(desk, luck.fork('venue'));
    this.#host = new FakeHost(desk);
    this.#maker = new CommandMaker(theme, desk, luck.fork('words'));
  }

  /** A version that has completed a ladder, and what the theme begins with. */
  begin(): void {
    const theme = this.#theme;
    const desk = this.#desk;
    const luck = this.#luck;
    for (const version of [...moreVersions, ...(luck.int(3) === 0 ? ['custodian'] : [])])
      this.#take(desk.order({ verb: 'registerVersion', algorithmID: 'algo', version, artifactDigest: 'a'.repeat(64) }, admin, null));
    if (theme === 'queue') this.#fillQueue();
    if (theme === 'specs' || theme === 'numbers' || luck.int(4) === 0) return;
    this.#deploy(canary('champion', '1.0.0', { stages: [rung(luck.int(2) === 0 ? 1_000 : 200)] }));
    this.#pass(70);
    if (theme === 'swap') this.#beginSwap();
    if (theme === 'frozen' && luck.int(3) === 0) {
      const freeze = {
        zone: 'UTC' as never,
        weekly: [],
        dated: [{ from: microsUnchecked(desk.at), to: microsUnchecked(desk.at + 1_000_000) }],
      };
      this.#deploy(blueGreen('cut', '1.0.0', '1.3.0', { freeze }));
    }
    if (theme === 'ladder' || theme === 'frozen') this.#beginLadder();
    if (theme === 'orders') this.#deploy(canary('other', '1.1.0', { stages: [rung(400)] }));
    const target = (
      [
        { scope: 'firm', id: '' },
        { scope: 'account', id: 'A1' },
      ] as const
    )[luck.int(2)];
    if (luck.int(6) === 0) this.#take(desk.order({ verb: 'kill', reason: 'begin', target }, trader, null));
  }

  #beginSwap(): void {
    const luck = this.#luck;
    const plan = blueGreen('swap', '1.0.0', '1.1.0');
    const entryApproval = luck.int(2) === 0 ? { roles: ['RiskManager' as const], count: 1 } : null;
    const spec = plan.blueGreen === null ? plan : { ...plan, blueGreen: { ...plan.blueGreen, entryApproval } };
    const turn = this.#take(this.#desk.order({ verb: 'deploy', spec }, trader, null));
    if (luck.int(4) > 0)
      for (const gate of ['paper', 'agreement'])
        this.#take(this.#desk.order({ verb: 'waive', deploymentID: 'swap', stage: 0, gate, reason: 'begin' }, risk, senior2));
    if (answerOf(turn).code === 'OK') this.#load(turn);
    for (let n = luck.int(12); n > 0; n--) {
      this.#answerHosts(1);
      this.#advance(0);
      if (isStopped(this.#desk.core, this.#desk.rowOf('1.0.0')) && luck.int(2) === 0)
        this.#ask({ verb: 'resume', deploymentID: 'champion', reason: 'begin' });
    }
    if (luck.int(4) === 0) for (const verb of ['pause', 'promote'] as const) this.#ask({ verb, deploymentID: 'swap', reason: 'begin' });
    if (luck.int(3) === 0) this.#ask({ verb: 'resume', deploymentID: 'champion', reason: 'begin' });
    if (luck.int(3) === 0) this.#ask({ verb: 'waive', deploymentID: 'swap', stage: 0, gate: 'paper', reason: 'begin' });
  }

  #beginLadder(): void {
    const luck = this.#luck;
    const { at } = this.#desk;
    const window = { from: microsUnchecked(at + luck.int(60_000_000)), to: microsUnchecked(at + 400_000_000) };
    const freeze = this.#theme === 'frozen' ? { freeze: { zone: 'UTC' as never, weekly: [], dated: [window] } } : {};
    const gates: DeploymentSpec['gates'] = [
      { name: 'parity', metric: 'orderShortfallBps', test: 'mannWhitney', parameters: { margin: 1 } },
    ];
    const asked = {
      entryApproval: luck.int(2) === 0 ? { roles: ['RiskManager' as const], count: 1 } : null,
      entryGates: luck.int(2) === 0 ? ['parity'] : [],
    };
    const stages = [rung(100, { minPnL: luck.int(3) === 0 ? '1' : '-1000000' }), rung(luck.int(3) === 0 ? 9_900 : 500, asked), rung(1_000)];
    const baseline = luck.int(4) === 0 ? { baseline: { upTo: 500 } } : {};
    const lowered = luck.int(3) === 0;
    if (lowered) this.#share('1.0.0', 500);
    this.#deploy(
      canary('ladder', '1.2.0', {
        stages,
        gates: asked.entryGates.length > 0 ? gates : [],
        autoProgress: luck.int(2) === 0,
        ...freeze,
        ...baseline,
      }),
    );
    if (luck.int(3) === 0) this.#ask({ verb: 'promote', deploymentID: 'ladder', reason: 'begin', waives: ['approval'] });
    // each word twice: before its stage, and after it
    for (let n = 0; n < 2; n++) {
      const specHash = 'ladder'.padEnd(64, '0');
      if (luck.int(2) === 0) this.#ask({ verb: 'approve', deploymentID: 'ladder', stage: 1, specHash });
      if (luck.int(2) === 0) this.#ask({ verb: 'waive', deploymentID: 'ladder', stage: 1, gate: 'parity', reason: 'begin' });
      if (n === 0 && luck.int(3) > 0) this.#pass(75);
    }
    if (lowered) this.#share('1.0.0', 1_000);
    if (luck.int(4) > 0) return;
    this.#ask({ verb: 'kill', reason: 'begin', target: { scope: 'account', id: 'A1' } });
    this.#ask({ verb: 'retry', deploymentID: 'ladder', reason: 'begin' });
  }

  /** By two who may. */
  #ask(command: Command): void {
    this.#take(this.#desk.order(command, risk, senior2));
  }

  #share(version: string, allocation: number): void {
    this.#ask({ verb: 'allocate', sliceID, version, allocation, reason: 'life' });
  }

  #advance(by: number): void {
    const from = this.#desk.turns.length;
    this.#desk.advance(by);
    for (const turn of this.#desk.turns.slice(from)) this.#take(turn);
  }

  #deploy(spec: DeploymentSpec): void {
    const turn = this.#take(this.#desk.order({ verb: 'deploy', spec }, trader, null));
    if (answerOf(turn).code === 'OK') this.#load(turn);
  }

  /** Nearly as many proposals as may wait. */
  #fillQueue(): void {
    for (let n = 0; n < 1_023; n++) this.#queue();
  }

  #queue(): void {
    const command = { verb: 'tellSignal', name: 'VIX', value: 20, knownAt: null, reason: 'queue' } as const;
    this.#take(this.#desk.order({ verb: 'propose', command }, risk, null));
  }

  /** Words of hosts, at most so many: a hand-over is seen at each of its steps. */
  #answerHosts(most: number): void {
    for (let n = 0; n < most; n++) {
      const turn = this.#host.answer();
      if (turn === undefined) return;
      this.#venue.take(turn.effects);
      this.#maker.take(turn);
    }
  }

  #take(turn: Turn): Turn {
    this.#venue.take(turn.effects);
    this.#host.take(turn.effects);
    this.#maker.take(turn);
    return turn;
  }

  /** One thing happens, and what venue and hosts say to it. */
  act(): void {
    this.#happen();
    this.#venue.deliver();
    if (this.#luck.int(3) > 0) this.#answerHosts(this.#luck.int(2) === 0 ? 1 : 9);
  }

  #happen(): void {
    const luck = this.#luck;
    const dice = luck.int(100);
    if (dice < 14) this.#pass(luck.int(4) === 0 ? 70 : 1 + luck.int(4));
    else if (dice < (this.#theme === 'orders' ? 60 : 26)) this.#intent();
    else if (dice < 30) this.#venue.trade();
    else if (dice < 50 && this.#theme === 'queue') this.#queue();
    else if (dice === 30 || (dice < 34 && this.#theme === 'people')) this.#wait();
    else {
      const { given, key } = this.#maker.next();
      const turn = this.#take(this.#desk.order(given.command, given.actor, given.approvedBy, key, given.expectedRevision));
      if (answerOf(turn).code === 'OK' && given.command.verb === 'deploy') this.#load(turn);
    }
  }

  #load(turn: Turn): void {
    for (const load of turn.effects) {
      if (load.kind !== 'load') continue;
      if (load.spec.baselineOf !== undefined && this.#luck.int(2) === 0) continue;
      this.#take(this.#desk.host(load.row, 'loaded'));
      if (this.#luck.int(6) > 0) this.#take(this.#desk.host(load.row, 'warmed'));
    }
  }

  /** Fresh marks for some seconds. */
  #pass(seconds: number): void {
    for (let n = 0; n < seconds; n++) {
      this.#advance(900_000);
      for (const listing of [0, 1]) this.#take(this.#desk.mark(listing));
      this.#venue.deliver();
    }
  }

  /** Until what waits has expired, without a market. */
  #wait(): void {
    const from = this.#desk.turns.length;
    this.#desk.advance(890_000_000 + this.#luck.int(20_000_000), { limit: 20_000 });
    for (const turn of this.#desk.turns.slice(from)) this.#take(turn);
    const late = this.#maker.late();
    if (late !== undefined) this.#take(this.#desk.order(late.command, late.actor, late.approvedBy));
    for (const listing of [0, 1]) this.#take(this.#desk.mark(listing));
  }

  #intent(): void {
    const luck = this.#luck;
    if (this.#theme === 'orders' && luck.int(4) === 0) return luck.int(3) === 0 ? this.#fill() : this.#cross();
    if (this.#theme === 'orders' && luck.int(12) === 0) return this.#degrade();
    const desk = this.#desk;
    const row = luck.int(20) === 0 ? luck.int(desk.core.gate.rows.length + 1) : this.#maker.row();
    if (row < 0) return;
    const tag = desk.tags[row] ?? 0;
    const stale = luck.int(12) === 0 ? { tag: tag - luck.int(2) } : {};
    const action = (['new', 'new', 'new', 'replace', 'cancel', 'new', 'cancelAll'] as const)[luck.int(7)];
    const targetTag = tag - luck.int(5) + (luck.int(9) === 0 ? 40 : 0);
    const side = luck.int(2) === 0 ? 'buy' : 'sell';
    const orderQty = (1 + luck.int(20)) as never;
    const bracket = luck.int(10) === 0;
    const terms = bracket
      ? {
          ordType: 'bracket' as const,
          price: 0 as never,
          stopPx: (side === 'buy' ? 9_000 : 11_000) as never,
          targetPx: (side === 'buy' ? 11_000 : 9_000) as never,
        }
      : luck.int(2) === 0
        ? { price: (side === 'buy' ? 9_900 : 10_100) as never }
        : {};
    this.#take(
      desk.intent(row, side, 1, { listing: luck.int(2), action, targetTag, orderQty, reduceOnly: luck.int(6) === 0, ...terms, ...stale }),
    );
  }

  /** Orders of two versions in each other's way: bought, offered far away and only to reduce, moved into a bid of the other one, twice. */
  #cross(): void {
    const desk = this.#desk;
    const [one, other] = [desk.rowOf('1.0.0'), desk.rowOf('1.1.0')];
    if (one < 0 || other < 0) return;
    const luck = this.#luck;
    this.#take(desk.intent(one, 'buy', 6));
    this.#settle();
    this.#take(desk.intent(other, 'buy', 2, { price: 9_950 as never }));
    this.#take(desk.intent(one, 'sell', 2, { price: 10_200 as never, reduceOnly: true }));
    const targetTag = desk.tags[one];
    if (luck.int(3) > 0) this.#settle();
    for (let n = 0; n < 2; n++) {
      const price = luck.int(2) === 0 ? 9_940 : 10_100;
      this.#take(desk.intent(one, 'sell', 1 + luck.int(2), { action: 'replace', targetTag, price: price as never, reduceOnly: true }));
    }
    if (luck.int(2) === 0) this.#take(desk.intent(one, 'sell', 1, { price: 9_940 as never, reduceOnly: true }));
    if (luck.int(4) === 0) this.#halt('1.0.0');
  }

  /** More resting orders than the desk has room for, and one of them replaced. */
  #fill(): void {
    const desk = this.#desk;
    const row = desk.rowOf('1.0.0');
    if (row < 0) return;
    for (let n = 0; n < 9; n++) this.#take(desk.intent(row, 'buy', 1, { price: (9_900 - n) as never }));
    this.#settle();
    for (let n = 0; n < 3; n++) {
      const price = (9_800 + this.#luck.int(50)) as never;
      this.#take(desk.intent(row, 'buy', 1, { action: 'replace', targetTag: desk.tags[row] - 4 - this.#luck.int(6), price }));
    }
  }

  /** One version is rolled back without any word of its venue, another one right after it; then somebody closes the first. */
  #degrade(): void {
    const desk = this.#desk;
    const [one, other] = [desk.rowOf('1.0.0'), desk.rowOf('1.1.0')];
    if (one < 0 || other < 0) return;
    for (const row of [one, other]) this.#take(desk.intent(row, 'buy', 2, { price: 9_900 as never }));
    const luck = this.#luck;
    if (luck.int(2) === 0) this.#share('1.1.0', 200);
    this.#halt('1.0.0');
    if (luck.int(2) === 0) this.#share('1.1.0', 400);
    for (const verb of ['pauseStrategy', 'startStrategy'] as const)
      if (luck.int(2) === 0) this.#ask({ verb, algorithmID: 'algo', reason: 'life' });
    this.#advance(2_500_000);
    this.#halt('1.1.0');
    this.#take(desk.order({ verb: 'abort', deploymentID: 'champion', reason: 'close' }, risk, null));
  }

  #halt(version: string): void {
    this.#take(this.#desk.order({ verb: 'halt', sliceID, version, reason: 'life' }, trader, null));
  }

  #settle(): void {
    this.#advance(250_000);
    for (const listing of [0, 1]) this.#take(this.#desk.mark(listing));
    this.#venue.deliver();
  }
}
