import { divideDecimal } from '../base/decimal.ts';
import { civilFromMicros, microsFromCivil } from '../base/time.ts';
import { micros, type Micros } from '../base/units.ts';
import type { Decision } from '../domain/decision.ts';
import type { Input, Registration } from '../domain/input.ts';
import type { LimitKey } from '../domain/limit.ts';

/** The largest that a position was in a month. */
export interface LargestPosition {
  /** `2026-11`, UTC. */
  readonly month: string;
  /** '' = the firm, over all its accounts. */
  readonly account: string;
  readonly venue: string;
  readonly instrument: string;
  /** Base units, signed, when it was largest, and since when it was so in the month (its beginning, where it was carried over). */
  position: number;
  at: Micros;
  /** The strictest maxPosition of the account, its venue, the instrument, its sector and the firm that was in force then, base units; null = none. */
  limit: number | null;
  limitOf: string;
}

interface Place {
  readonly instrument: string;
  readonly venue: string;
  readonly sector: string;
  readonly units: number;
}

interface Holding {
  readonly account: string;
  readonly venue: string;
  readonly instrument: string;
  readonly sector: string;
  position: number;
}

/**
 * Largest positions of each month, by account and instrument and of the firm by instrument: a fold of a journal. A position that is held over the end of a month is one
 * of the next month from its first microsecond on. Positions on paper are none. The same journal gives the same report.
 */
export class LargePositions {
  readonly #sectors = new Map<string, string>();
  readonly #baseUnits = new Map<string, string>();
  readonly #listings: Place[] = [];
  readonly #accounts: string[] = [];
  /** By row, account and listing: lots. */
  readonly #leaves = new Map<string, number>();
  readonly #holdings = new Map<string, Holding>();
  readonly #limits = new Map<string, number>();
  readonly #simulated = new Set<number>();
  readonly #months = new Map<string, LargestPosition>();
  #monthEnds: number | undefined;
  #month = '';
  /** Changes of positions in listings or accounts that the journal does not define: its report is not whole. */
  unknown = 0;

  input(at: Micros, input: Input): void {
    this.#begin(at);
    if (input.kind === 'register') this.#register(input);
  }

  decision(at: Micros, decision: Decision): void {
    this.#begin(at);
    switch (decision.kind) {
      case 'orderSent':
      case 'replaceSent':
        if (decision.order.simulated) this.#simulated.add(decision.order.clOrdID);
        return;
      case 'fillBooked':
        if (!this.#simulated.has(decision.clOrdID)) this.#hold(decision.row, decision.account, decision.listing, decision.position, at);
        return;
      case 'holdingChanged':
        if (decision.listing >= 0 && !decision.simulated)
          this.#hold(decision.row, decision.account, decision.listing, decision.position, at);
        return;
      case 'lotsTransferred': {
        const { fromRow, toRow, account, listing, position } = decision;
        // first what is taken, then what is given: in between nothing is looked at
        this.#leaves.set(leafKey(fromRow, account, listing), this.#lots(fromRow, account, listing) - position);
        this.#leaves.set(leafKey(toRow, account, listing), this.#lots(toRow, account, listing) + position);
        return;
      }
      case 'limitChanged':
        this.#limit(decision.key, decision.to);
        return;
      default:
        return;
    }
  }

  /** Every month's largest positions, by month, account (the firm first) and instrument. */
  months(): readonly LargestPosition[] {
    const key = ({ month, account, instrument }: LargestPosition): string => `${month}\u0000${account}\u0000${instrument}`;
    return [...this.#months.values()].sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
  }

  #register(registration: Registration): void {
    switch (registration.what) {
      case 'instrument':
        this.#sectors.set(registration.instrument.instrumentID, registration.instrument.sector ?? '');
        this.#baseUnits.set(registration.instrument.instrumentID, registration.instrument.baseUnit);
        return;
      case 'account':
        this.#accounts.push(registration.account.accountID);
        return;
      case 'listing': {
        const { instrumentID, venueID, lot } = registration.listing;
        const units = divideDecimal(lot, this.#baseUnits.get(instrumentID) ?? lot);
        this.#listings.push({
          instrument: instrumentID,
          venue: venueID,
          sector: this.#sectors.get(instrumentID) ?? '',
          units: units.ok ? units.value : NaN,
        });
        return;
      }
      default:
        return;
    }
  }

  #lots(row: number, account: number, listing: number): number {
    return this.#leaves.get(leafKey(row, account, listing)) ?? 0;
  }

  /** A leaf holds so many lots from now on: the account's position and the firm's move by the difference. */
  #hold(row: number, account: number, listing: number, lots: number, at: Micros): void {
    const place = this.#listings[listing];
    if (place === undefined || account >= this.#accounts.length) {
      this.unknown++;
      return;
    }
    const moved = (lots - this.#lots(row, account, listing)) * place.units;
    this.#leaves.set(leafKey(row, account, listing), lots);
    if (moved === 0) return;
    for (const owner of [this.#accounts[account], '']) {
      const key = `${owner}\u0000${place.instrument}`;
      const { instrument, venue, sector } = place;
      const holding = this.#holdings.get(key) ?? { account: owner, venue: owner === '' ? '' : venue, instrument, sector, position: 0 };
      holding.position += moved;
      this.#holdings.set(key, holding);
      this.#see(holding, at);
    }
  }

  #see(holding: Holding, at: Micros): void {
    const { account, venue, instrument, position } = holding;
    if (position === 0) return;
    const key = `${this.#month}\u0000${account}\u0000${instrument}`;
    const known = this.#months.get(key);
    if (known !== undefined && Math.abs(position) <= Math.abs(known.position)) return;
    const [limit, limitOf] = this.#strictest(holding);
    const found = known ?? { month: this.#month, account, venue, instrument, position, at, limit, limitOf };
    found.position = position;
    found.at = at;
    found.limit = limit;
    found.limitOf = limitOf;
    this.#months.set(key, found);
  }

  #strictest({ account, venue, instrument, sector }: Holding): readonly [number | null, string] {
    let strictest: readonly [number | null, string] = [null, ''];
    const scopes = [
      ['firm', ''],
      ['instrument', instrument],
      ['sector', sector],
      ...(account === '' ? [] : [['account', account] as const, ['venue', venue] as const]),
    ] as const;
    for (const [scope, id] of scopes) {
      const limit = this.#limits.get(`${scope} ${id}`);
      if (limit !== undefined && (strictest[0] === null || limit < strictest[0])) strictest = [limit, id === '' ? scope : `${scope}:${id}`];
    }
    return strictest;
  }

  #limit({ scope, scopeID, limit }: LimitKey, value: number | null): void {
    if (limit !== 'maxPosition') return;
    if (value === null) this.#limits.delete(`${scope} ${scopeID}`);
    else this.#limits.set(`${scope} ${scopeID}`, value);
  }

  /** Months that have begun until now: what is held is carried into each of them. */
  #begin(at: Micros): void {
    if (this.#monthEnds === undefined) this.#enter(at);
    while (this.#monthEnds !== undefined && at >= this.#monthEnds) {
      const first = micros(this.#monthEnds);
      this.#enter(first);
      for (const holding of this.#holdings.values()) this.#see(holding, first);
    }
  }

  #enter(at: Micros): void {
    const { year, month } = civilFromMicros(at);
    this.#month = `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}`;
    this.#monthEnds = microsFromCivil(month === 12 ? year + 1 : year, (month % 12) + 1, 1);
  }
}

function leafKey(row: number, account: number, listing: number): string {
  return `${row}/${account}/${listing}`;
}

/** Share of its limit that a position reached; null = no limit was in force. */
export function shareOfLimit({ position, limit }: LargestPosition): number | null {
  return limit === null ? null : limit === 0 ? Infinity : Math.abs(position) / limit;
}
