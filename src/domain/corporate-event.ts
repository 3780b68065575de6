/** What happened to an instrument; `day` is the first session without the right to it (the ex-date), or with the new ticker. */
export type CorporateEvent =
  | { readonly kind: 'split'; readonly day: number; readonly numerator: number; readonly denominator: number }
  | { readonly kind: 'dividend'; readonly day: number; /** per share, currency units */ readonly cash: number }
  | { readonly kind: 'tickerChange'; readonly day: number; readonly from: string; readonly to: string };
