import { suggest } from '../../base/suggest.ts';
import type { LimitKey, LimitName } from '../../domain/limit.ts';
import type { RowIx } from '../../domain/ids.ts';
import type { DeploymentSpec } from '../../domain/spec.ts';
import type { Core } from '../core.ts';
import type { Outcome } from '../outcome.ts';
import { changeLimit } from '../risk/limit-command.ts';
import { limitRules } from '../risk/limit-rules.ts';
import { limitNumber, limitOf, maxLimits } from '../risk/limits.ts';
import { neverBinds } from '../risk/never-binds.ts';
import { rowText } from '../risk/order-gate.ts';
import { routeScope, routeScopeIx, versionScope } from '../risk/scopes.ts';

/** What a spec may limit its version to: a lower number is always the stricter one. */
const named: readonly LimitName[] = [
  'maxOrderQty',
  'maxPosition',
  'maxConcentrationBps',
  'maxDailyLoss',
  'maxOrdersPerSecond',
  'maxOrdersPerMinute',
  'fatFingerBps',
  'maxNotional',
  'priceCollarBps',
  'maxOpenPositions',
];

/** What a spec with several venues may limit its version to at each of them: what the order, its listing and the version's lots there tell. */
const namedOfRoutes: readonly LimitName[] = ['maxOrderQty', 'maxPosition', 'fatFingerBps', 'maxNotional', 'priceCollarBps'];

interface SpecLimit {
  readonly venueID: string;
  readonly name: string;
  readonly value: number;
}

/** Limits of a spec by venue and name: the order in which they were written decides nothing. */
function limitsOf({ venues }: DeploymentSpec): readonly SpecLimit[] {
  const all = venues.flatMap(({ venueID, limits }) => Object.entries(limits).map(([name, value]) => ({ venueID, name, value })));
  return all.sort((a, b) => (a.venueID === b.venueID ? (a.name < b.name ? -1 : 1) : a.venueID < b.venueID ? -1 : 1));
}

function namesFor({ venues }: DeploymentSpec): readonly LimitName[] {
  return venues.length > 1 ? namedOfRoutes : named;
}

function isNamed(name: string): name is LimitName {
  return named.some((one) => one === name);
}

/** Why the limits of a spec's venues cannot be held; undefined = they can, or it has none. */
export function refuseVenueLimits(spec: DeploymentSpec): string | undefined {
  const names = namesFor(spec);
  const twice = spec.venues.find(({ venueID }, n) => spec.venues.findIndex((one) => one.venueID === venueID) < n);
  if (twice !== undefined && limitsOf(spec).length > 0) return `venues.limits: expected each venue once, was ${twice.venueID} twice`;
  for (const { name, value } of limitsOf(spec)) {
    if (!names.some((one) => one === name)) {
      const whole = isNamed(name)
        ? ': in a spec with several venues it stands for none of them alone, limit set sets that of the version'
        : '';
      return `venues.limits.${name}: expected one of ${names.join(', ')}${whole === '' ? suggest(name, names) : whole}`;
    }
    if (!isNamed(name)) continue;
    const { max, unit } = limitRules[name];
    if (value > max) return `venues.limits.${name}: expected 0…${max} (${unit}), was ${value}`;
  }
  return undefined;
}

/** The same on what the desk has: a limit that is never reached would only look like one. */
export function refuseIdleLimits({ risk }: Core, spec: DeploymentSpec): string | undefined {
  const limits = limitsOf(spec);
  if (risk.limits.entries.length + limits.length > maxLimits) return `venues.limits: expected at most ${maxLimits} limits of a desk`;
  for (const { name, value } of limits) {
    const idle = isNamed(name) ? neverBinds(risk, name, value) : undefined;
    if (idle !== undefined) return `venues.limits.${name}: ${idle}`;
  }
  return undefined;
}

/**
 * Sets them: in a spec with one venue for the version, in one with several for the version at each venue. What is stricter already stays: loosening takes two people, and a deployment one. @returns what was set
 */
export function setVenueLimits(
  { risk, gate, registry }: Core,
  spec: DeploymentSpec,
  row: RowIx,
  actor: string,
  outcome: Outcome,
): readonly LimitKey[] {
  const routed = spec.venues.length > 1;
  const set: LimitKey[] = [];
  for (const { venueID, name: limit, value } of limitsOf(spec)) {
    if (!isNamed(limit)) continue;
    const [scope, ix] = routed
      ? ([routeScope, routeScopeIx(row, registry.venueIx.get(venueID) ?? -1)] as const)
      : ([versionScope, row] as const);
    if (limitOf(risk.limits, limitNumber(limit), scope, ix) <= value) continue;
    const key: LimitKey = routed
      ? { scope: 'route', scopeID: `${rowText(gate, row)}@${venueID}`, limit }
      : { scope: 'version', scopeID: rowText(gate, row), limit };
    const changed = changeLimit(risk, key, value, null);
    if (!changed.ok) throw new Error(changed.error.text);
    outcome.decisions.push({ kind: 'limitChanged', key, ...changed.value, actor });
    set.push(key);
  }
  return set;
}
