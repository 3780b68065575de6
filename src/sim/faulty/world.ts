import { prng, type Prng } from '../../base/prng.ts';
import { microsUnchecked, type Micros } from '../../base/units.ts';
import { createCore, type CoreCapacities } from '../../core/core.ts';
import { continueFileJournal, removeEmergency } from '../../journal/continue-journal.ts';
import { createDecisionComparer } from '../../journal/diff.ts';
import { createFileJournal, type FileJournalOptions } from '../../journal/file-journal.ts';
import { segmentName } from '../../journal/segment-files.ts';
import { signingKeyOf } from '../../journal/signed-note.ts';
import type { Disk } from '../../ports/world.ts';
import { Follower } from '../../runtime/follower.ts';
import { recoverDesk, type Recovered } from '../../runtime/recovery.ts';
import type { OrderEffect } from '../../runtime/gateway.ts';
import { Agenda } from './agenda.ts';
import { SimDesk } from './desk.ts';
import type { FaultPlan } from './fault-plan.ts';
import { FaultyVenue } from './faulty-venue.ts';
import { ForeignFills } from './foreign-fills.ts';
import { Market } from './market.ts';
import { Operators } from './operators.ts';
import { OtherSlices } from './other-slices.ts';
import { People } from './people.ts';
import { Planners } from './planners.ts';
import { SimDisk } from './sim-disk.ts';
import {
  allAccounts,
  coreDigest,
  genesis,
  instrumentIDs,
  instrumentOf,
  openingCommands,
  registrations,
  severalCapacities,
  simCapacities,
  startAt,
  venueOf,
} from './stage.ts';
import { compareWithStatements } from './stated-days.ts';
import { Successors } from './successors.ts';
import { Traders } from './traders.ts';
import { arrangeTroubles, type Troubled } from './troubles.ts';
import { plain, type Twist } from './twist.ts';
import { heartbeatMicros, VenueLine } from './venue-line.ts';
import { VenueTruth } from './venue-truth.ts';
import { Watch } from './watch.ts';

export const directory = 'journal';
const signingKey = signingKeyOf('plimsoll/sim', new Uint8Array(32).fill(7));
/** Between two looks at whether the venues can be compared, and how often people look before they say that it is theirs to explain. */
const compareMicros = 150_000;
const mostComparisons = 40;

/** What the runs of a seed had to do. */
export interface WorldCounts {
  starts: number;
  crashes: number;
  refused: number;
  /** Times that a disk which had broken its word gave back less than it had acknowledged, and nothing in the journal told. */
  silentLoss: number;
  snapshots: number;
}

/** One machine, its desk, two venues, a market and people, on one clock and one chance each. */
export class SimWorld implements Troubled {
  readonly agenda = new Agenda(startAt);
  readonly disk: SimDisk;
  readonly venues: readonly FaultyVenue[];
  readonly lines: readonly VenueLine[];
  readonly market: Market;
  readonly people: People;
  readonly traders: Traders;
  readonly truth = new VenueTruth(venueOf.length);
  readonly watch: Watch;
  readonly counts: WorldCounts = { starts: 0, crashes: 0, refused: 0, silentLoss: 0, snapshots: 0 };
  desk: SimDesk | undefined;
  /** The desk is up and has compared itself with its venues. */
  ready = false;
  readonly #seed: number;
  readonly #twist: Twist;
  readonly #luck: Prng;
  readonly #plan: FaultPlan;
  readonly #follows: boolean;
  /** Its desks are compared with what venues state. */
  readonly #states: boolean;
  readonly #several: boolean;
  readonly capacities: CoreCapacities;
  readonly #segmentBytes: number;
  readonly #foreign = new ForeignFills();
  #heads: string[] = [];
  #clockOffset = 0;
  #healed = false;
  #life = 0;
  readonly #lastOrders: OrderEffect[] = [];

  constructor(seed: number, plan: FaultPlan, twist: Twist = plain) {
    this.#seed = seed;
    this.#twist = twist;
    this.#plan = plan;
    this.#luck = prng(`faulty world ${seed}`);
    const luck = this.#luck;
    this.disk = new SimDisk(this.agenda, luck.fork('disk'), plan);
    this.market = new Market(this.agenda, luck.fork('market'), plan, venueOf.length);
    this.venues = [0, 1].map(
      (ix) => new FaultyVenue(ix, this.agenda, luck.fork(`venue ${ix}`), plan, this.market.mids, this.truth, twist.commission),
    );
    this.lines = this.venues.map((venue, ix) => new VenueLine(ix, this.agenda, luck.fork(`line ${ix}`), plan, venue));
    this.people = new People(this.agenda, luck.fork('people'), plan, twist);
    this.traders = new Traders(this.agenda, luck.fork('traders'), plan, this.market.mids);
    this.watch = new Watch(this.truth, this.people);
    const shape = luck.fork('shape');
    this.#follows = seed % 6 === 4 && !twist.twin;
    this.#states = plan.statements > 0;
    this.#several = plan.severalSlices > 0;
    this.capacities = this.#several ? severalCapacities : simCapacities;
    // what lies in how many files is the same for twins whose records are not as long
    this.#segmentBytes = twist.twin ? 1 << 22 : 65_536 << shape.int(3);
    if (plan.clockSkew > 0) this.#clockOffset = shape.int(2_000_000) - 1_000_000;
  }

  /** Everything begins. */
  open(): void {
    this.market.open(this.venues);
    this.people.act();
    new Operators(this.agenda, this.#luck.fork('operators'), this.#plan, this.people, () => this.desk?.core).act();
    new Planners(this.agenda, this.#luck.fork('planners'), this.#plan, this.people, () => this.desk?.core, this.#twist.twin).act();
    new Successors(this.agenda, this.#luck.fork('successors'), this.#plan, this.people, () => this.desk).act();
    new OtherSlices(this.agenda, this.#luck.fork('other slices'), this.#plan, this.people, () => this.desk).act();
    this.traders.act();
    this.#beat();
    arrangeTroubles(this, this.#luck.fork('troubles'), this.#plan, () => this.#healed);
    this.#start();
  }

  /** The next event. An assertion of the product that fails is said like any other property. @returns whether code that waits was woken: it has to `settle` first. */
  step(): boolean {
    try {
      return this.agenda.step();
    } catch (error) {
      this.watch.say('THROWN', sentenceOf(error));
      return false;
    }
  }

  /** No new fault from now on; what is broken mends. */
  heal(): void {
    this.#healed = true;
    for (const name of Object.keys(this.#plan) as (keyof FaultPlan)[]) this.#plan[name] = 0;
    this.disk.fill(false);
    for (const line of this.lines) {
      line.out.setCut(false);
      line.back.setCut(false);
    }
    this.people.calm();
    this.traders.calm();
  }

  /** Most crashes come while the disk is writing: nothing is to be found between two writes. */
  crash(kind: 'kill9' | 'powerCut'): void {
    const life = this.#life;
    const happen = (): void => {
      if (life === this.#life) this.#crashes(kind);
    };
    if (this.#luck.int(4) === 0) happen();
    else this.disk.crashWithin([0, 1_024, 2_048, 3_072][this.#luck.int(4)], happen);
  }

  #crashes(kind: 'kill9' | 'powerCut'): void {
    if (this.desk === undefined) return;
    this.counts.crashes += 1;
    this.#dies();
    if (kind === 'powerCut') this.disk.cutPower();
    else this.disk.killProcess();
    this.agenda.after(200_000 + this.#luck.int(1_500_000), () => this.#start());
  }

  /** The machine's clock is set; a desk that runs goes on by a clock that is never set, and the next one reads this one. */
  stepClock(micros: number): void {
    this.#clockOffset += micros;
  }

  /** A queue between core and gateway still held an order of an earlier term, or of before a fence. */
  stray(): void {
    const { desk } = this;
    const effect = this.#lastOrders[this.#luck.int(Math.max(1, this.#lastOrders.length))];
    if (desk === undefined || effect?.kind !== 'send') return;
    const row = this.watch.facts.rows.rows[effect.order.row];
    if (effect.order.term < desk.term || effect.order.epoch < (row?.epoch ?? 0)) desk.stray(effect);
  }

  #dies(): void {
    this.#life += 1;
    this.desk?.die();
    this.desk = undefined;
    this.ready = false;
  }

  #beat(): void {
    this.agenda.after(heartbeatMicros, () => this.#beat());
    this.desk?.beat();
    this.agenda.stir();
  }

  #start(): void {
    const life = ++this.#life;
    this.counts.starts += 1;
    this.agenda.stir();
    void this.#live(life).catch((error: unknown) => this.watch.say('THROWN', sentenceOf(error)));
  }

  /** People or a supervisor try again a little later. */
  #again(): void {
    this.#dies();
    this.disk.killProcess();
    this.agenda.after(500_000 + this.#luck.int(500_000), () => this.#start());
  }

  async #live(life: number): Promise<void> {
    const disk = this.disk.mount();
    const lies = this.disk.history.lies;
    await this.watch.reads(disk, directory, this.disk.history.hasLied);
    if (life !== this.#life) return;
    const found = await recoverDesk({
      disk,
      directory,
      capacities: this.capacities,
      coreDigest,
      same: createDecisionComparer(),
      heads: this.#heads,
    });
    if (life !== this.#life) return;
    if (found.ok) return this.#goOn(life, disk, found.value, lies > 0);
    if (found.error.code === 'JOURNAL_EMPTY' && this.watch.acknowledged === 0) return this.#begin(life, disk);
    this.counts.refused += 1;
    if (lies === 0) {
      const text = `an honest disk gives no desk back: ${found.error.code} ${found.error.message}`;
      if (found.error.code === 'DECISIONS_DIFFER') this.watch.derived(text);
      else this.watch.say('ACKNOWLEDGED', text);
      return;
    }
    this.disk.restore();
    this.#again();
  }

  #journalOptions(disk: Disk, term: number): FileJournalOptions {
    const shape = { origin: 'plimsoll/sim', coreDigest, term, segmentBytes: this.#segmentBytes, checkpointEvery: 512 };
    return { disk, directory, durability: 'group', signingKey, ...shape };
  }

  /** The first life: definitions and opening commands. */
  async #begin(life: number, disk: Disk): Promise<void> {
    const journal = await createFileJournal(this.#journalOptions(disk, 1));
    if (life !== this.#life) return;
    if (!journal.ok) return this.#again();
    const core = createCore(1, this.capacities);
    const desk = this.#desk(life, core, journal.value, 1, startAt);
    desk.submit(genesis(this.#seed));
    for (const registration of registrations(this.#twist.scale, this.#several)) desk.submit(registration);
    const reserve = this.#seed % 3 === 0 ? '0' : '100000';
    for (const { command, actor, second } of openingCommands(reserve, this.#several)) this.people.ask(command, actor, second);
    desk.attach(0);
    this.ready = true;
    if (this.#states) compareWithStatements(this.agenda, desk);
  }

  /** A later life: the journal is gone on with under a higher term, everything restricted until the venues are compared. */
  async #goOn(life: number, disk: Disk, recovered: Recovered, lied: boolean): Promise<void> {
    const { core, found, at } = recovered;
    const { lastSeq } = found.end;
    if (lied && lastSeq < this.watch.acknowledged) {
      // the newest head outside did not reach that far: only a mirror helps
      this.counts.silentLoss += 1;
      this.disk.restore();
      return this.#again();
    }
    if (lied) this.disk.goesOn(`${directory}/${segmentName(found.position.segment)}`, found.position.offset);
    this.#foreign.forgetBehind(lastSeq);
    const held = lied ? 'broken' : 'kept';
    this.watch.recovered(core, lastSeq, held);
    const damaged = found.passedOver.filter(({ why }) => /digest|hash|cannot read|root/.test(why));
    for (const { name, why } of lied ? [] : damaged) this.watch.say('SNAPSHOT', `${name} of an honest disk is passed over: ${why}`);
    this.watch.snapshotFound(found.snapshotSeq, found.passedOver.length > 0 ? 'broken' : held);
    const term = found.header.term + 1;
    const journal = await continueFileJournal(this.#journalOptions(disk, term), found);
    if (life !== this.#life) return;
    if (!journal.ok) return this.#again();
    const desk = this.#desk(life, core, journal.value, term, at);
    desk.submit({ kind: 'start', term, coreDigest, text: found.end.kind });
    for (const { of, ...record } of found.emergency)
      if (of === 'input' && 'input' in record && record.input.kind === 'command' && record.input.command.verb === 'kill')
        desk.submit(record.input);
    desk.attach(lastSeq);
    await this.#compare(life, desk);
    if (life !== this.#life) return;
    const flushed = await journal.value.flush();
    if (life === this.#life && flushed.ok) await removeEmergency(disk, directory);
  }

  #desk(life: number, core: SimDesk['core'], journal: SimDesk['journal'], term: number, notBefore: Micros): SimDesk {
    const { agenda, lines, traders, watch } = this;
    const onFailure = (): void => {
      if (life === this.#life) this.#again();
    };
    // where the clock was set back the desk's time goes on from its journal's last record, at the clock's pace
    const clockOffset = Math.max(this.#clockOffset, notBefore - agenda.now);
    const foreign = this.#foreign;
    const stated = this.#states;
    const desk = new SimDesk({ agenda, core, journal, term, clockOffset, lines, traders, watch, foreign, stated, onFailure });
    desk.onOrder = (effect) => {
      if (this.#lastOrders.push(effect) > 32) this.#lastOrders.shift();
    };
    this.desk = desk;
    traders.join(desk);
    this.market.join(desk);
    this.people.join(desk);
    if (this.#follows) void this.#follow(life, desk).catch((error: unknown) => this.watch.say('THROWN', sentenceOf(error)));
    void this.#witness(life, desk);
    return desk;
  }

  /** Once nothing is asked any more: positions beside the venues' word, then authority comes back. */
  async #compare(life: number, desk: SimDesk): Promise<void> {
    if (this.#states) return this.#compareWithStatements(life, desk);
    for (let n = 0; n < mostComparisons; n++) {
      await this.agenda.sleep(compareMicros);
      if (life !== this.#life) return;
      const known = this.venues.map(({ openOrders }, venue) => desk.takeBackUnknown(venue, openOrders)).every(Boolean);
      const answered = known && desk.sessions.every(({ quiet }) => quiet) && this.lines.every(({ caughtUp }) => caughtUp);
      if ((answered && this.comparePositions(desk)) || n === mostComparisons - 1) break;
    }
    desk.submit({ kind: 'venuesCompared', breaks: 0, text: 'compared' });
    desk.submit({ kind: 'stateCheck', reason: 'started again' });
    this.ready = true;
  }

  /** The desk asks, compares and takes authority back by itself. */
  async #compareWithStatements(life: number, desk: SimDesk): Promise<void> {
    compareWithStatements(this.agenda, desk);
    while (desk.core.starting) {
      await this.agenda.sleep(compareMicros);
      if (life !== this.#life) return;
    }
    desk.submit({ kind: 'stateCheck', reason: 'started again' });
    this.ready = true;
  }

  /** @returns whether the ledger holds what the venues say, by account and instrument. */
  comparePositions(desk: SimDesk): boolean {
    let equal = true;
    for (const [account, { venue }] of allAccounts.slice(0, this.#several ? 3 : 2).entries()) {
      for (let instrument = 0; instrument < instrumentIDs.length; instrument++) {
        let position = 0;
        for (let listing = 0; listing < venueOf.length; listing++)
          if (instrumentOf[listing] === instrument) position += this.truth.heldAt(account, listing);
        equal = this.watch.compared(desk, account, venue, instrument, position) && equal;
      }
    }
    return equal;
  }

  /** The witness outside hears of a head every second, as far as there is one. */
  async #witness(life: number, desk: SimDesk): Promise<void> {
    for (;;) {
      await this.agenda.sleep(1_000_000);
      if (life !== this.#life) return;
      const head = desk.journal.head();
      if (head !== '') this.#heads = [head];
    }
  }

  /** Another thread folds the journal as a standby does, compares and takes the snapshots. */
  async #follow(life: number, desk: SimDesk): Promise<void> {
    const disk = this.disk.mount();
    const follower = new Follower({ disk, directory, capacities: this.capacities, coreDigest, same: createDecisionComparer() });
    try {
      for (;;) {
        await this.agenda.sleep(1_000_000 + this.#luck.int(2_000_000));
        if (life !== this.#life) return;
        const records = await follower.catchUp();
        if (life !== this.#life) return;
        if (typeof records === 'string' && this.disk.history.lies === 0) this.watch.say('REPLAY', `a follower reads: ${records}`);
        if (typeof records === 'string') return;
        for (const { seq } of follower.differences) this.watch.derived(`a follower derives record ${seq} otherwise`);
        const safe = await follower.snapshot();
        if (life === this.#life) this.watch.snapshotted(safe);
        this.counts.snapshots += 1;
        if (life === this.#life) desk.submit({ kind: 'stateCheck', reason: 'agreed' });
      }
    } catch (error) {
      // a disk that fails or is full takes the snapshot away, never the desk
      if (!(error instanceof Error && 'code' in error) && this.disk.history.failures + this.disk.history.full === 0) throw error;
    }
  }

  get now(): Micros {
    return microsUnchecked(this.agenda.now);
  }
}

function sentenceOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message).split('\n').slice(0, 4).join(' ') : String(error);
}
