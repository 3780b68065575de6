declare const checked: unique symbol;

/** Minted only in core/risk/checked.ts: an order that passed every pre-trade check. The venue port accepts nothing else. */
export type RiskChecked<T> = T & { readonly [checked]: true };
