/** Why the core refused an intent before it left. Every code stands in docs/reference/denials.md; a test compares the two lists. */
export const denialCodes = [
  // the ten named checks
  'ORDER_QTY_EXCEEDS_MAX',
  'POSITION_EXCEEDS_MAX',
  'CONCENTRATION_EXCEEDS_MAX',
  'DAILY_LOSS_REACHED',
  'ORDER_RATE_EXCEEDS_MAX',
  'FAT_FINGER_PRICE',
  'DUPLICATE_ORDER',
  'OUTSIDE_TRADING_HOURS',
  'LISTING_HALTED',
  'CREDIT_EXCEEDED',
  // the five beside them
  'RESTRICTED_INSTRUMENT',
  'NOTIONAL_EXCEEDS_MAX',
  'PRICE_OUTSIDE_COLLAR',
  'SELF_TRADE',
  'ALLOCATION_EXCEEDED',
  'OPEN_POSITIONS_EXCEED_MAX',
  // authority
  'KILL_SWITCH_ENGAGED',
  'VERSION_HALTED',
  'MODE_CANCEL_ONLY',
  'MODE_REDUCING_ONLY',
  'MODE_SIMULATED_ONLY',
  'STALE_EPOCH',
  'STALE_TERM',
  'SLICE_OVERDRAWN',
  // form
  'ORD_TYPE_NOT_SUPPORTED',
  'TIME_IN_FORCE_NOT_SUPPORTED',
  'POST_ONLY_NOT_SUPPORTED',
  'REDUCE_ONLY_NOT_SUPPORTED',
  'REPLACE_NOT_SUPPORTED',
  'UNKNOWN_LISTING',
  'LISTING_NOT_IN_UNIVERSE',
  'ORDER_QTY_NOT_POSITIVE',
  'ORDER_QTY_OUTSIDE_VENUE_RANGE',
  'PRICE_NOT_POSITIVE',
  'PRICE_NOT_ON_TICK',
  'STOP_PRICE_MISSING',
  'TERMS_CONTRADICT',
  'TEXT_TOO_LONG',
  'UNKNOWN_TARGET',
  'TARGET_NOT_WORKING',
  'REPLACE_PENDING',
  'REDUCE_ONLY_WOULD_INCREASE',
  'NO_REFERENCE_PRICE',
  'REFERENCE_PRICE_STALE',
  'NO_FX_RATE',
  'ORDER_CAPACITY_REACHED',
  'INTENT_SEQUENCE_BROKEN',
  // portfolio
  'DAILY_DRAWDOWN_REACHED',
  'WEEKLY_DRAWDOWN_REACHED',
  'MONTHLY_DRAWDOWN_REACHED',
  'PROTECTIVE_STOP_MISSING',
  'RISK_PER_TRADE_EXCEEDS_MAX',
  'SIZE_CUT_EXCEEDED',
] as const;
export type DenialCode = (typeof denialCodes)[number];

/** A refusal carries its numbers: what was asked, what is allowed, in the unit that `docs/reference/denials.md` names for the code. */
export interface Denial {
  readonly code: DenialCode;
  readonly value: number;
  readonly limit: number;
  /** Scope of the limit that refused, `version:maker@main.USD/1.0.0`; '' = none. */
  readonly scope: string;
}
