import type { Core } from '../../../core/core.ts';
import type { FillBooked, LotsTransferred } from '../../../domain/decision.ts';
import type { PaperOrders } from './paper-orders.ts';
import type { Count, Fold, Say, Turn } from './turn.ts';

/** Lots of one row and listing in the order in which they came, each with its price; all of one sign. */
interface Lot {
  lots: number;
  readonly px: number;
}

/**
 * What the lots of a row have cost, by the checker's own ledger in whole numbers: first in, first out, handed on at their entry cost. The gate's sum of it (`used` of rollout.md 1, without what open orders
 * reserve) is that after every turn that moved any, and what all rows hold of a listing is what all fills make together (CAP1, POS3). Of one currency. Rows whose fills were put right are left out.
 */
export class SumFacts implements Fold {
  readonly #paper: PaperOrders;
  /** Money units of a lot that moves by a tick. */
  readonly #unit: bigint;
  readonly #listings: number;
  readonly #count: Count;
  readonly #held = new Map<number, Lot[]>();
  readonly #blurred = new Set<number>();
  readonly #moved = new Set<number>();

  constructor(paper: PaperOrders, unit: number, listings: number, count: Count) {
    this.#paper = paper;
    this.#unit = BigInt(unit);
    this.#listings = listings;
    this.#count = count;
  }

  take({ decisions }: Turn, core: Core | undefined, say: Say): void {
    for (const decision of decisions) {
      if (decision.kind === 'fillBooked') this.#filled(decision);
      else if (decision.kind === 'lotsTransferred') this.#transferred(decision);
    }
    if (core !== undefined) for (const row of this.#moved) this.#compare(row, core, say);
    this.#moved.clear();
  }

  #filled(booked: FillBooked): void {
    const { row, booking, listing, side, lastQty, lastPx } = booked;
    if (this.#paper.has(booked)) return;
    if (booking === 'correct' || booking === 'bust') this.#blurred.add(row);
    else this.#trade(row, listing, side === 'buy' ? lastQty : -lastQty, lastPx);
  }

  #transferred({ fromRow, toRow, listing }: LotsTransferred): void {
    const lots = this.#at(fromRow, listing);
    this.#held.set(fromRow * this.#listings + listing, []);
    for (const one of lots) this.#trade(toRow, listing, one.lots, one.px);
    this.#moved.add(fromRow);
    if (this.#blurred.has(fromRow)) this.#blurred.add(toRow);
  }

  #at(row: number, listing: number): Lot[] {
    const key = row * this.#listings + listing;
    const known = this.#held.get(key) ?? [];
    this.#held.set(key, known);
    return known;
  }

  #trade(row: number, listing: number, signed: number, px: number): void {
    const lots = this.#at(row, listing);
    let left = signed;
    while (left !== 0 && lots.length > 0 && Math.sign(lots[0].lots) !== Math.sign(left)) {
      const closes = Math.min(Math.abs(left), Math.abs(lots[0].lots));
      lots[0].lots -= Math.sign(lots[0].lots) * closes;
      left -= Math.sign(left) * closes;
      if (lots[0].lots === 0) lots.shift();
    }
    if (left !== 0) lots.push({ lots: left, px });
    this.#moved.add(row);
  }

  #compare(row: number, { gate }: Core, say: Say): void {
    if (this.#blurred.has(row)) return;
    let cost = 0n;
    for (let listing = 0; listing < this.#listings; listing++)
      for (const { lots, px } of this.#held.get(row * this.#listings + listing) ?? []) cost += BigInt(Math.abs(lots)) * BigInt(px);
    const own = cost * this.#unit;
    const its = BigInt(gate.entryCost.hi[row]) * 2n ** 48n + BigInt(gate.entryCost.lo[row]);
    this.#count('CAP1 entry cost');
    if (its !== own) say('CAP1', `the lots of row ${row} have cost ${its} by the gate, by its fills ${own}`);
  }
}
