/** How the other life of a seed differs in its money. */
export interface MoneyTwist {
  /** Everything that is money is as many times as much: capital, reserve, what a lot is worth, limits. */
  readonly scale: number;
  /** Units that each fill costs. */
  readonly commission: number;
}

export const plainMoney: MoneyTwist = { scale: 1, commission: 0 };
