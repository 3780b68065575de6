import { err, ok, type Result } from '../../base/result.ts';
import type { CommandRefusal } from '../../domain/command.ts';
import { limitNames, type LimitKey, type LimitName } from '../../domain/limit.ts';
import { limitRules } from './limit-rules.ts';
import { createScopeTable, noLimit, placeOf, tableLimits, type ScopeTable } from './scope-table.ts';
import { routeScope, scopeKinds, scopeNumber, scopeText, type ScopeKind } from './scopes.ts';

/** Limits by number, in the order of `limitNames`. */
export const orderQtyLimit = 0;
export const positionLimit = 1;
export const concentrationLimit = 2;
export const dailyLossLimit = 3;
export const perSecondLimit = 4;
export const perMinuteLimit = 5;
export const fatFingerLimit = 6;
export const duplicateLimit = 7;
export const creditLimit = 8;
export const notionalLimit = 9;
export const collarLimit = 10;
export const openPositionsLimit = 11;
/** The first of three: day, week, month, in the order of `drawdownWindows`. */
export const drawdownLimit = 12;
export const unprotectedLimit = 15;
export const riskPerTradeLimit = 16;
export const cutShareLimit = 17;
export const cutAboveLimit = 18;
export const cutAgeLimit = 19;

interface SetLimit {
  readonly key: LimitKey;
  readonly name: number;
  readonly scope: ScopeKind;
  readonly ix: number;
  /** null = removed again; the entry stays for its revision. */
  value: number | null;
  revision: number;
}

/** Limits as numbers by (limit, scope, index): the checks do no text work. Set and removed by commands at run time. */
export interface Limits {
  /** Everything that was ever set, in that order. */
  readonly entries: SetLimit[];
  readonly byKey: Map<string, SetLimit>;
  readonly table: ScopeTable;
  /** How many of each limit are set: a check whose limit nobody set costs one read. */
  readonly active: Int32Array;
  /** Limits that stand outside of the scope table, those that are set: an order does not read them while there is none. */
  readonly apart: Map<number, number>;
  /** How many limits of the scope `route` are set: while it is 0 no order asks for them. */
  routed: number;
}

export function createLimits(): Limits {
  return {
    entries: [],
    byKey: new Map(),
    table: createScopeTable(),
    active: new Int32Array(limitNames.length),
    apart: new Map(),
    routed: 0,
  };
}

/** A change of a limit that was made. */
export interface LimitChange {
  readonly from: number | null;
  readonly to: number | null;
  readonly revision: number;
}

export interface LimitRefusal {
  readonly code: CommandRefusal;
  readonly text: string;
}

/**
 * Sets a limit (`value` null removes it). `ix` is the place of the scope's id in its table, -1 = unknown; `expectedRevision` null = any. The revision
 * counts the changes of this key from 1, 0 = never set.
 */
export function setLimit(
  limits: Limits,
  key: LimitKey,
  ix: number,
  value: number | null,
  expectedRevision: number | null,
): Result<LimitChange, LimitRefusal> {
  const refusal = refuseLimit(key, ix, value);
  if (refusal !== undefined) return err(refusal);
  const id = keyText(key);
  const present = limits.byKey.get(id);
  const revision = present?.revision ?? 0;
  if (expectedRevision !== null && expectedRevision !== revision) {
    return err({ code: 'REVISION_CHANGED', text: `${id}: expected revision ${expectedRevision}, was ${revision}` });
  }
  const from = present?.value ?? null;
  const entry: SetLimit = present ?? {
    key,
    name: limitNames.indexOf(key.limit),
    scope: scopeNumber(key.scope),
    ix,
    value: null,
    revision: 0,
  };
  if (present === undefined) {
    if (limits.entries.length >= maxLimits) return err({ code: 'CAPACITY_REACHED', text: `${id}: expected at most ${maxLimits} limits` });
    limits.entries.push(entry);
    limits.byKey.set(id, entry);
  }
  entry.value = value;
  entry.revision = revision + 1;
  limits.active[entry.name] += (value === null ? 0 : 1) - (from === null ? 0 : 1);
  if (entry.scope === routeScope) limits.routed += (value === null ? 0 : 1) - (from === null ? 0 : 1);
  const place = standsInTable(entry.name, entry.scope) ? placeOf(limits.table, entry.scope, ix) : -1;
  if (place >= 0) limits.table.numbers[place + entry.name] = value ?? noLimit;
  else if (value === null) limits.apart.delete(apartKey(entry.name, entry.scope, ix));
  else limits.apart.set(apartKey(entry.name, entry.scope, ix), value);
  limits.table.version += 1;
  return ok({ from, to: value, revision: entry.revision });
}

/** Most limits that may ever have been set. */
export const maxLimits = 262_144;

/** Why a limit cannot be set to a value; undefined = it can. */
export function refuseLimit(key: LimitKey, ix: number, value: number | null): LimitRefusal | undefined {
  const id = keyText(key);
  const rule = limitRules[key.limit];
  if (!rule.scopes.includes(key.scope)) {
    return { code: 'UNKNOWN_SCOPE', text: `${id}: expected a scope of ${rule.scopes.join(', ')}` };
  }
  if (ix < 0) return { code: 'UNKNOWN_SCOPE', text: `${id}: nothing of that name is registered` };
  if (value === null) return undefined;
  if (!Number.isSafeInteger(value))
    return { code: 'LIMIT_NOT_A_SAFE_INTEGER', text: `${id}: expected a safe integer (${rule.unit}), was ${String(value)}` };
  if (value < 0 || value > rule.max) {
    return { code: 'LIMIT_NOT_A_SAFE_INTEGER', text: `${id}: expected 0…${rule.max} (${rule.unit}), was ${value}` };
  }
  return undefined;
}

/** Limits that every order reads, of scopes that every order has. */
function standsInTable(name: number, scope: ScopeKind): boolean {
  return name < tableLimits && scope !== routeScope;
}

function apartKey(name: number, scope: ScopeKind, ix: number): number {
  return (name * (scopeKinds + 1) + scope) * 4_294_967_296 + ix;
}

/** The limit of one scope, `noLimit` where there is none. */
export function limitOf(limits: Limits, name: number, scope: ScopeKind, ix: number): number {
  if (!standsInTable(name, scope)) return limits.apart.get(apartKey(name, scope, ix)) ?? noLimit;
  const place = placeOf(limits.table, scope, ix);
  return limits.table.numbers[place + name];
}

/** Revision of a key, 0 = never set. */
export function limitRevision(limits: Limits, key: LimitKey): number {
  return limits.byKey.get(keyText(key))?.revision ?? 0;
}

function keyText(key: LimitKey): string {
  return `${key.limit} of ${scopeText(key.scope, key.scopeID)}`;
}

export function limitNumber(name: LimitName): number {
  return limitNames.indexOf(name);
}
