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
import { versionScope } from '../risk/scopes.ts';

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

/** Limits of a spec in the order of their names: the order in which they were written decides nothing. */
function limitsOf({ venues }: DeploymentSpec): readonly (readonly [string, number])[] {
  return venues.flatMap(({ limits }) => Object.entries(limits)).sort(([a], [b]) => (a < b ? -1 : 1));
}

function isNamed(name: string): name is LimitName {
  return named.some((one) => one === name);
}

/** Why the limits of a spec's venue cannot be held; undefined = they can, or it has none. */
export function refuseVenueLimits(spec: DeploymentSpec): string | undefined {
  const limits = limitsOf(spec);
  if (limits.length > 0 && spec.venues.length > 1)
    return 'venues.limits: a limit stands for the whole version: expected it in a spec with one venue, setLimit sets those of a venue';
  for (const [name, value] of limits) {
    if (!isNamed(name)) return `venues.limits.${name}: expected one of ${named.join(', ')}${suggest(name, named)}`;
    const { max, unit } = limitRules[name];
    if (value > max) return `venues.limits.${name}: expected 0…${max} (${unit}), was ${value}`;
  }
  return undefined;
}

/** The same on what the desk has: a limit that is never reached would only look like one. */
export function refuseIdleLimits({ risk }: Core, spec: DeploymentSpec): string | undefined {
  const limits = limitsOf(spec);
  if (risk.limits.entries.length + limits.length > maxLimits) return `venues.limits: expected at most ${maxLimits} limits of a desk`;
  for (const [name, value] of limits) {
    const idle = isNamed(name) ? neverBinds(risk, name, value) : undefined;
    if (idle !== undefined) return `venues.limits.${name}: ${idle}`;
  }
  return undefined;
}

/** Sets them for the version. What is stricter already stays: loosening takes two people, and a deployment one. */
export function setVenueLimits({ risk, gate }: Core, spec: DeploymentSpec, row: RowIx, actor: string, outcome: Outcome): void {
  for (const [limit, value] of limitsOf(spec)) {
    if (!isNamed(limit) || limitOf(risk.limits, limitNumber(limit), versionScope, row) <= value) continue;
    const key: LimitKey = { scope: 'version', scopeID: rowText(gate, row), limit };
    const changed = changeLimit(risk, key, value, null);
    if (!changed.ok) throw new Error(changed.error.text);
    outcome.decisions.push({ kind: 'limitChanged', key, ...changed.value, actor });
  }
}
