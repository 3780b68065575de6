import type { Micros, Ticks } from '../base/units.ts';
import type { AccountID, CurrencyCode, InstrumentID, ListingID, VenueID } from './ids.ts';

export type AssetClass = 'equity' | 'fx' | 'future' | 'spot' | 'perpetual';

/** What positions add up in, over all its listings. */
export interface Instrument {
  readonly instrumentID: InstrumentID;
  readonly assetClass: AssetClass;
  /** Currency that prices and PnL are in (quote or settlement). */
  readonly currency: CurrencyCode;
  /** Left side of a pair (fx, spot, perpetual crypto). */
  readonly baseCurrency?: CurrencyCode;
  readonly issuer?: string;
  readonly sector?: string;
  /** Future: the root it rolls along and its last trading instant. */
  readonly underlying?: string;
  readonly expiry?: Micros;
  /** Size of one base unit, a decimal string in contracts, shares or coins; every lot of every listing is a whole number of it. */
  readonly baseUnit: string;
}

/** From `fromPrice` on (in priceUnits) and from `fromDate` on, prices are multiples of `step` priceUnits. */
export interface TickBand {
  readonly fromPrice: Ticks;
  readonly fromDate?: Micros;
  readonly step: number;
}

/** An instrument at a venue. */
export interface Listing {
  readonly listingID: ListingID;
  readonly instrumentID: InstrumentID;
  readonly venueID: VenueID;
  /** The venue's own code. */
  readonly symbol: string;
  /** Decimal string: what one tick of the integer price is; the finest step of the tick table. */
  readonly priceUnit: string;
  /** Empty: every whole tick is allowed. */
  readonly tickTable: readonly TickBand[];
  /** Decimal string: what one lot is. */
  readonly lot: string;
  /** Decimal string: money per price unit and quantity unit (futures 50, else 1). */
  readonly multiplier: string;
  /** Session calendar: `ALWAYS` for 24/7, else a market code such as `XNYS`. */
  readonly calendar: string;
  /** Smallest and largest orderQty that the venue takes, in lots. */
  readonly minQty?: number;
  readonly maxQty?: number;
}

export interface Account {
  readonly accountID: AccountID;
  readonly venueID: VenueID;
  readonly accountGroup: string;
  readonly margin: MarginModel;
}

/** What a position needs: all of it in cash, half of it (Regulation-T-like), or a rate table by instrument. */
export type MarginModel =
  | { readonly kind: 'cash' }
  | { readonly kind: 'regT'; readonly initialBps: number; readonly maintenanceBps: number }
  | { readonly kind: 'table'; readonly initialBps: Readonly<Record<InstrumentID, number>>; readonly defaultBps: number };
