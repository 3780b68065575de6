/**
 * Names and numbers of things. Outside the hot path a thing is called by its text id; inside, by its index: its place in the
 * registry, given in order of registration and therefore the same in every replay.
 */

/** ISO 4217 code or a crypto asset code: `USD`, `USDT`, `BTC`. */
export type CurrencyCode = string;
/** What positions add up in: `BTC-PERP`, `AAPL`. */
export type InstrumentID = string;
/** An instrument at a venue: `BTCUSDT.BINANCE`, `AAPL.XNAS`. */
export type ListingID = string;
/** `BINANCE`, `XNAS`, `SIM`. */
export type VenueID = string;
/** An account at a venue or the firm's own: `A1`. */
export type AccountID = string;
/** `momentum`. */
export type AlgorithmID = string;
/** Semantic version of an algorithm: `2.1.0`. */
export type VersionID = string;
/** (algorithm, account group, currency): `momentum@main.USD`. */
export type SliceID = string;
/** One run of a spec: `algo-deploy-002`. */
export type DeploymentID = string;
/** A feed: `binance-usdm`. */
export type FeedID = string;
export type PersonID = string;

export type CurrencyIx = number;
export type InstrumentIx = number;
export type ListingIx = number;
export type VenueIx = number;
export type AccountIx = number;
export type AlgorithmIx = number;
export type SliceIx = number;
/** Place of one (slice, version) in the order gate's table; the custodian of a slice has a row too. */
export type RowIx = number;
export type DeploymentIx = number;
export type FeedIx = number;

/** Number of a record of the journal, from 1; one counter for inputs and decisions. */
export type Seq = number;
/** Number of a thing delivered to strategies (quote, trade, bar, report, timer), from 1; one counter of the desk. */
export type EventSeq = number;

/**
 * Order number inside one term: `causeSeq * 65536 + n`, where causeSeq is the seq of the input that the order (or cancel request) came from and n
 * counts the requests of that input. Unique in a journal, and a pure function of what caused the order; `clOrdIDText` adds the term for the venue.
 */
export type ClOrdID = number;

/** Most orders and cancel requests that one input may cause (an intent: a bracket's three; a kill: one cancel for each open order). */
export const maxOrdersPerStep = 65_536;

/** `clOrdID` of the n-th order of the input `causeSeq`. @throws RangeError when n is outside 0…65535 or the seq is past 2^37. */
export function clOrdIDOf(causeSeq: Seq, n: number): ClOrdID {
  if (!(n >= 0 && n < maxOrdersPerStep))
    throw new RangeError(`order number within one input: expected 0…${maxOrdersPerStep - 1}, was ${n}`);
  if (!(causeSeq >= 0 && causeSeq < 137_438_953_472)) throw new RangeError(`causeSeq: expected below 2^37, was ${causeSeq}`);
  return causeSeq * maxOrdersPerStep + n;
}

/** Seq of the input that a request came from. */
export function causeSeqOf(clOrdID: ClOrdID): Seq {
  return Math.floor(clOrdID / maxOrdersPerStep);
}

/** The text that goes over the wire: `term-causeSeq-n`. */
export function clOrdIDText(term: number, clOrdID: ClOrdID): string {
  const n = clOrdID % maxOrdersPerStep;
  return `${term}-${(clOrdID - n) / maxOrdersPerStep}-${n}`;
}
