/**
 * Value at risk and expected shortfall, both as losses: positive numbers are money or fractions lost, in the unit of what was given.
 * A negative value at risk is a gain that even the bad tail keeps.
 */
export interface TailRisk {
  readonly valueAtRisk: number;
  /** Mean loss of the worst 1 - level of outcomes; never below the value at risk. */
  readonly expectedShortfall: number;
}
