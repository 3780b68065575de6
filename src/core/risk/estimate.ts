/**
 * Money checks look at doubles first. An estimate is a sum of products of at most six factors, each at most 2^-53 off, so that it lies within 1e-14 of the
 * truth; widened by `slack` it is rounded against the trader. Where even that stays within the limit the exact comparison would pass too and is spared;
 * everything nearer to the limit is compared exactly.
 */
const slack = 1 + 1e-9;

/** Whether the value behind this estimate (>= 0) is surely within the limit. */
export function surelyWithin(estimate: number, limit: number): boolean {
  return estimate * slack <= limit;
}
