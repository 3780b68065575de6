import { addInto, cmp, isNeg, setInto, sign, splitZero, subInto, toNumber, type Split } from '../../base/split.ts';
import { fromDoubleInto, mulDivCeilInto } from './split-more.ts';

/** Scopes of a drawdown: since the deployment, the stage and the session day began. */
export const navScopes = ['deployment', 'stage', 'day'] as const;
export type NavScope = (typeof navScopes)[number];
const deploymentPeak = 0;
const stagePeak = 1;
const dayPeak = 2;

/**
 * Unit-NAV index of a row, chain-linked over allocation changes (MET1): a link begins with each grant of capital, and inside a link
 * NAV = capital + result since. Peaks are kept in the money of the present link, so that inside a link a drawdown is compared in exact integers;
 * a new link scales them by capital / NAV once, a double with an error of 2e-16.
 */
export interface UnitNav {
  /** Capital of the link; 0 = nothing has been granted yet. */
  readonly capital: Split;
  /** The row's result when the link began. */
  readonly basis: Split;
  /** By navScopes. */
  readonly peaks: readonly [Split, Split, Split];
  /** Index at the beginning of the link, 1 when the deployment began. */
  base: number;
  /** A link began with nothing left: what was lost before it can be measured in no later link, so that every limit counts as reached until a new deployment begins. */
  ruined: boolean;
}

export function createUnitNav(): UnitNav {
  return { capital: splitZero(), basis: splitZero(), peaks: [splitZero(), splitZero(), splitZero()], base: 1, ruined: false };
}

export function hasCapital(nav: UnitNav): boolean {
  return sign(nav.capital) > 0;
}

/** NAV of the link in money: capital + result - basis. */
export function navInto(out: Split, nav: UnitNav, result: Split): void {
  subInto(out, result, nav.basis);
  addInto(out, out, nav.capital);
}

const navNow = splitZero();

/** The index now: 1 + return since the deployment began. */
export function indexOf(nav: UnitNav, result: Split): number {
  if (!hasCapital(nav)) return 1;
  navInto(navNow, nav, result);
  return nav.base * (toNumber(navNow) / toNumber(nav.capital));
}

/** A grant of other (positive) capital: the index and every drawdown stay where they are. */
export function linkNav(nav: UnitNav, capital: Split, result: Split): void {
  if (!hasCapital(nav)) {
    startNav(nav, capital, result);
    return;
  }
  navInto(navNow, nav, result);
  const now = toNumber(navNow);
  nav.base = indexOf(nav, result);
  if (now <= 0) nav.ruined = true;
  const scale = now > 0 ? toNumber(capital) / now : 0;
  for (const peak of nav.peaks) {
    if (cmp(peak, navNow) <= 0) setInto(peak, capital);
    else fromDoubleInto(peak, Math.max(toNumber(capital), Math.ceil(toNumber(peak) * scale)));
  }
  setInto(nav.capital, capital);
  setInto(nav.basis, result);
}

/** Begins anew: index 1, no drawdown. */
export function startNav(nav: UnitNav, capital: Split, result: Split): void {
  setInto(nav.capital, capital);
  setInto(nav.basis, result);
  for (const peak of nav.peaks) setInto(peak, capital);
  nav.base = 1;
  nav.ruined = false;
}

export function startNavStage(nav: UnitNav, result: Split): void {
  navInto(nav.peaks[stagePeak], nav, result);
}

export function startNavDay(nav: UnitNav, result: Split): void {
  navInto(nav.peaks[dayPeak], nav, result);
}

/** Raises the peaks to the NAV of this result. */
export function raisePeaks(nav: UnitNav, result: Split): void {
  navInto(navNow, nav, result);
  for (const peak of nav.peaks) if (cmp(navNow, peak) > 0) setInto(peak, navNow);
}

const fall = splitZero();
const share = splitZero();
/** Fractions are compared in billionths. */
const billion = 1_000_000_000;

/** A fraction of a spec in billionths, to the nearest, at most all of it. */
export function billionths(fraction: number): number {
  return Math.min(billion, Math.round(fraction * billion));
}

/** (peak - NAV) / peak >= limit (billionths), exactly inside a link. Magnitude, at least 0 (MET2). */
export function hasFallen(nav: UnitNav, scope: number, result: Split, limitBillionths: number): boolean {
  const peak = nav.peaks[scope];
  if (nav.ruined) return true;
  if (sign(peak) <= 0) return false;
  navInto(navNow, nav, result);
  subInto(fall, peak, navNow);
  if (isNeg(fall)) return false;
  mulDivCeilInto(share, peak, limitBillionths, billion);
  return cmp(fall, share) >= 0;
}

/** Drawdown as a fraction for display, 0 or more. */
export function drawdownOf(nav: UnitNav, scope: number, result: Split): number {
  const peak = toNumber(nav.peaks[scope]);
  if (nav.ruined) return 1;
  if (peak <= 0) return 0;
  navInto(navNow, nav, result);
  return Math.max(0, (peak - toNumber(navNow)) / peak);
}

/** The shortest of the three scopes in which NAV has fallen that far; -1 = none. The deployment's peak is the highest, so that it falls first. */
export function fallenScope(nav: UnitNav, result: Split, limitBillionths: number): number {
  if (!hasFallen(nav, deploymentPeak, result, limitBillionths)) return -1;
  for (let scope = dayPeak; scope > deploymentPeak; scope--) if (hasFallen(nav, scope, result, limitBillionths)) return scope;
  return deploymentPeak;
}
