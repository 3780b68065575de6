import type { Prng } from '../../base/prng.ts';
import { lotsUnchecked, microsUnchecked, ticksUnchecked } from '../../base/units.ts';
import type { Effect } from '../../domain/effect.ts';
import type { HostEvent, Intent } from '../../domain/input.ts';
import type { Agenda } from './agenda.ts';
import type { SimDesk } from './desk.ts';
import type { FaultPlan } from './fault-plan.ts';
import { HostHandovers, type HandoverEffect } from './host-handovers.ts';

export type HostEffect = Extract<Effect, { kind: 'load' | 'unload' | 'authority' | 'handover' }>;

/** Between two orders to take everything back, once they are calm (microseconds). */
const calmMicros = 700_000;

interface Instance {
  readonly row: number;
  tag: number;
  epoch: number;
  trading: boolean;
}

/** Strategies in their hosts: they propose at random, some too often, too large, with an old authority, or not at all any more. */
export class Traders {
  readonly #agenda: Agenda;
  readonly #luck: Prng;
  readonly #faults: FaultPlan;
  readonly #mids: readonly number[];
  #instances = new Map<number, Instance>();
  #desk: SimDesk | undefined;
  /** How often one of them acts (microseconds). */
  readonly #pace: number;
  #quiet = false;
  #handovers: HostHandovers;

  constructor(agenda: Agenda, luck: Prng, faults: FaultPlan, mids: readonly number[]) {
    this.#agenda = agenda;
    this.#luck = luck;
    this.#faults = faults;
    this.#mids = mids;
    this.#pace = 6_000 + luck.int(30_000);
    this.#handovers = new HostHandovers(luck.fork('hand-overs'), faults);
  }

  /** A desk begins with no instance. */
  join(desk: SimDesk): void {
    this.#desk = desk;
    this.#instances = new Map();
    this.#handovers.still.clear();
  }

  /** From now on they take everything back and propose nothing. */
  calm(): void {
    this.#quiet = true;
  }

  take(desk: SimDesk, effect: HostEffect, tag: number): void {
    switch (effect.kind) {
      case 'load': {
        const before = this.#instances.get(effect.row);
        this.#instances.set(effect.row, { row: effect.row, tag, epoch: before?.epoch ?? 0, trading: before?.trading ?? false });
        this.#agenda.after(3_000, () => this.#notice(desk, effect.row, 'loaded'));
        this.#agenda.after(9_000, () => this.#notice(desk, effect.row, 'warmed'));
        return;
      }
      case 'unload':
        this.#instances.delete(effect.row);
        return;
      case 'authority': {
        const instance = this.#instances.get(effect.row) ?? { row: effect.row, tag: 0, epoch: 0, trading: false };
        instance.epoch = effect.epoch;
        instance.trading = effect.trading;
        this.#instances.set(effect.row, instance);
        return;
      }
      case 'handover':
        return this.#handOver(desk, effect, tag);
    }
  }

  #handOver(desk: SimDesk, effect: HandoverEffect, tag: number): void {
    const [from, to] = [this.#instances.get(effect.from), this.#instances.get(effect.to)];
    const notice = this.#handovers.take(effect, from?.tag ?? 0);
    if (effect.verb === 'commit' || effect.verb === 'abort') Object.assign(from ?? {}, effect.fromAuthority);
    if (effect.verb === 'commit' || effect.verb === 'sync') Object.assign(to ?? {}, effect.toAuthority);
    if (to !== undefined) to.tag = Math.max(to.tag, tag);
    if (notice !== undefined) this.#agenda.after(4_000, () => desk.submit(notice));
  }

  /** One act, then the next one after a while. */
  act(): void {
    const luck = this.#luck;
    const desk = this.#desk;
    this.#agenda.after(this.#quiet ? calmMicros : luck.exponential(this.#pace), () => this.act());
    if (desk?.alive !== true || this.#instances.size === 0) return;
    const instances = [...this.#instances.values()];
    const instance = instances[luck.int(instances.length)];
    if (this.#quiet) return this.#propose(desk, instance, 'cancelAll');
    if (this.#faults.throwing > 0 && luck.float() < this.#faults.throwing * 0.004)
      return this.#notice(desk, instance.row, luck.int(4) === 0 ? 'overBudget' : 'exception');
    const burst = this.#faults.spamming > 0 && luck.float() < this.#faults.spamming * 0.02 ? 12 : 1;
    const actions = [
      'new',
      'new',
      'new',
      'new',
      'new',
      'replace',
      'cancel',
      'new',
      'new',
      luck.int(4) === 0 ? 'cancelAll' : 'cancel',
    ] as const;
    for (let n = 0; n < burst; n++) this.#propose(desk, instance, actions[luck.int(actions.length)]);
  }

  #notice(desk: SimDesk, row: number, event: HostEvent): void {
    desk.submit({ kind: 'host', row, event, eventSeq: 0, text: event });
  }

  #propose(desk: SimDesk, instance: Instance, action: Intent['action']): void {
    if (this.#handovers.still.has(instance.row)) return;
    const luck = this.#luck;
    const listing = luck.int(this.#mids.length);
    const mid = this.#mids[listing];
    const side = luck.int(2) === 0 ? 'buy' : 'sell';
    const market = luck.int(8) === 0;
    const crosses = luck.int(3) - 1;
    const wrong = this.#hits('wrongSize') ? [100_000, 5_000, 900][luck.int(3)] : 0;
    const stale = this.#hits('staleEpoch') ? 1 : 0;
    const tag = ++instance.tag;
    desk.submit({
      kind: 'intent',
      action,
      row: instance.row,
      tag,
      targetTag: Math.max(1, tag - 1 - luck.int(6)),
      eventSeq: tag,
      epoch: Math.max(0, instance.epoch - stale),
      listing,
      side,
      ordType: market ? 'market' : 'limit',
      timeInForce: market || luck.int(6) === 0 ? 'ioc' : 'gtc',
      orderQty: lotsUnchecked(wrong > 0 ? wrong : 1 + luck.int(60)),
      price: ticksUnchecked(market ? 0 : side === 'buy' ? mid + crosses : mid - crosses),
      stopPx: ticksUnchecked(0),
      targetPx: ticksUnchecked(0),
      trailOffset: 0,
      expireTime: microsUnchecked(0),
      postOnly: false,
      reduceOnly: luck.int(5) === 0,
      parentOrderID: 0,
      decisionAt: desk.now(),
      arrivalBid: ticksUnchecked(mid - 1),
      arrivalAsk: ticksUnchecked(mid + 1),
      reason: 'simulated',
      compliance: '',
    });
  }

  #hits(name: 'wrongSize' | 'staleEpoch'): boolean {
    return this.#faults[name] > 0 && this.#luck.float() < this.#faults[name];
  }
}
