/** Scopes that a limit can stand for (C2); `version` is one algorithm version in one slice (a row of the order gate), `route` one of those at one venue. */
export const limitScopes = ['firm', 'account', 'algorithm', 'version', 'venue', 'instrument', 'sector', 'route'] as const;
export type LimitScope = (typeof limitScopes)[number];

/**
 * Numeric limits of the pre-trade checks. The unit stands with each; an order passes at the limit and is denied one unit past it.
 * Quantities of instruments count in base units; money in whole units of 10^-6 of the firm's currency (a safe integer, up to 9 billion).
 */
export const limitNames = [
  /** base units of one order */
  'maxOrderQty',
  /** base units, |position + open orders on that side + this order| in the scope */
  'maxPosition',
  /** bps of the scope's gross exposure base (slice capital, firm capital) held in one instrument after this order */
  'maxConcentrationBps',
  /** micro-money lost since the session day began, realised and unrealised, net of fees */
  'maxDailyLoss',
  /** new and replace orders in any window of one second / sixty seconds */
  'maxOrdersPerSecond',
  'maxOrdersPerMinute',
  /** bps that a limit or stop price may lie on the far side of the reference (mid, else last) before it is a typing error */
  'fatFingerBps',
  /** microseconds in which the same (row, listing, side, type, price, quantity) counts as a duplicate */
  'duplicateWindow',
  /** micro-money: initial margin of positions and open orders in the account's model against its equity, credit line on top */
  'creditLine',
  /** micro-money: |orderQty x reservation price| of one order */
  'maxNotional',
  /** bps around the reference outside which no price is sent and at which market orders are reserved */
  'priceCollarBps',
  /** instruments with a position or an open order */
  'maxOpenPositions',
  /** bps of the highest equity of the UTC day, the week from Monday on and the month, that the scope may lie below it */
  'maxDailyDrawdownBps',
  'maxWeeklyDrawdownBps',
  'maxMonthlyDrawdownBps',
  /** base units of an opening order and its version's position that no stop of a bracket closes; 0 = every opening order brings one */
  'maxUnprotectedQty',
  /** bps of the scope's equity that an opening order may lose at its stop */
  'maxRiskPerTradeBps',
  /** bps of the usual size that is left of orders while the volatility index stands above its level, or is not known */
  'volatilityCutBps',
  /** hundredths of an index point above which sizes are cut (3,000 where it is not set), and microseconds that its last level is good for (a day) */
  'volatilityCutAbove',
  'volatilityMaxAge',
] as const;
export type LimitName = (typeof limitNames)[number];

/** One limit of one scope; `scopeID` is '' for the firm, else the id of account, algorithm, `slice/version`, venue, instrument, sector or `slice/version@venue`. */
export interface LimitKey {
  readonly scope: LimitScope;
  readonly scopeID: string;
  readonly limit: LimitName;
}

/** What a limit stands for: a scope and its id, '' for the firm. */
export type LimitPlace = Pick<LimitKey, 'scope' | 'scopeID'>;

/** `firm`, `account:A1`, `version:maker@main.USD/1.0.0`; undefined = none of these. */
export function parseLimitPlace(text: string): LimitPlace | undefined {
  if (text === 'firm') return { scope: 'firm', scopeID: '' };
  const colon = text.indexOf(':');
  const scope = limitScopes.find((one) => one !== 'firm' && one === text.slice(0, colon));
  const scopeID = text.slice(colon + 1);
  return scope === undefined || scopeID === '' ? undefined : { scope, scopeID };
}

export function limitPlaceText({ scope, scopeID }: LimitPlace): string {
  return scope === 'firm' ? 'firm' : `${scope}:${scopeID}`;
}

/** `maxOrderQty of account A1`, as proposals and answers name it. */
export function limitText({ scope, scopeID, limit }: LimitKey): string {
  return `${limit} of ${scope} ${scopeID}`.trimEnd();
}
