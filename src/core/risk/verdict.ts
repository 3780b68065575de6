import type { DenialCode } from '../../domain/denial.ts';
import type { ClOrdID } from '../../domain/ids.ts';
import { maxSelfTradeWaits } from './capacities.ts';
import type { Risk } from './risk.ts';
import {
  accountScope,
  algorithmScope,
  firmScope,
  instrumentScope,
  routeScope,
  rowAndVenue,
  sectorScope,
  venueScope,
  versionScope,
} from './scopes.ts';
import { rowText } from './order-gate.ts';

/** The reused answer of a refusal: a `Denial` that is overwritten by the next one. */
export interface MutableDenial {
  code: DenialCode;
  value: number;
  limit: number;
  scope: string;
}

export type CheckOutcome = 'passed' | 'denied' | 'selfTradeWait';

/** What the last check found; overwritten by the next one. */
export interface Verdict {
  outcome: CheckOutcome;
  /** Proven to bring |position| strictly down whatever of it fills: needs no capital and leaves the outbox at once. */
  reducing: boolean;
  /** Ticks at which it reserves capital; 0 when reducing. */
  reservePx: number;
  /** selfTradeWait: older opposite orders to cancel first, the first `waitCount` places. */
  readonly waits: Float64Array;
  waitCount: number;
}

export function createDenial(): MutableDenial {
  return { code: 'UNKNOWN_LISTING', value: 0, limit: 0, scope: '' };
}

export function createVerdict(): Verdict {
  return { outcome: 'denied', reducing: false, reservePx: 0, waits: new Float64Array(maxSelfTradeWaits), waitCount: 0 };
}

/** Largest number a denial carries: values that know no bound are written as this. */
const most = Number.MAX_SAFE_INTEGER;

/** Fills the reused denial; `scope` -1 = no limit's scope. @returns false, so that a check may end with it. */
export function deny(risk: Risk, code: DenialCode, value: number, limit: number, scope = -1, ix = 0): false {
  const { denial } = risk;
  denial.code = code;
  denial.value = value > most ? most : value;
  denial.limit = limit;
  denial.scope = scope < 0 ? '' : nameOf(risk, scope, ix);
  return false;
}

/** Clock of the older opposite orders: takes one more into the verdict; false = no room. */
export function waitFor(verdict: Verdict, clOrdID: ClOrdID): boolean {
  if (verdict.waitCount >= verdict.waits.length) return false;
  verdict.waits[verdict.waitCount++] = clOrdID;
  return true;
}

/** `firm`, `version:maker@main.USD/1.0.0`; made once. */
export function nameOf(risk: Risk, scope: number, ix: number): string {
  // numbered too widely for a list
  if (scope === routeScope) return newName(risk, scope, ix);
  const names = risk.scopeNames[scope];
  return names[ix] ?? (names[ix] = newName(risk, scope, ix));
}

function newName(risk: Risk, scope: number, ix: number): string {
  const { registry, gate } = risk;
  switch (scope) {
    case firmScope:
      return 'firm';
    case accountScope:
      return `account:${registry.accounts[ix].account.accountID}`;
    case algorithmScope:
      return `algorithm:${gate.slices.find((slice) => slice.algorithm === ix)?.algorithmID ?? String(ix)}`;
    case versionScope:
      return `version:${rowText(gate, ix)}`;
    case venueScope:
      return `venue:${registry.venues[ix].venueID}`;
    case instrumentScope:
      return `instrument:${registry.instruments[ix].instrumentID}`;
    case sectorScope:
      return `sector:${keyOf(risk.sectorIx, ix)}`;
    case routeScope: {
      const [row, venue] = rowAndVenue(ix);
      return `route:${rowText(gate, row)}@${registry.venues[venue].venueID}`;
    }
    default:
      throw new RangeError(`scope: expected 0…7, was ${scope}`);
  }
}

function keyOf(index: Map<string, number>, ix: number): string {
  for (const [key, value] of index) if (value === ix) return key;
  return '';
}
