import type { RowIx } from '../../domain/ids.ts';
import type { DeploymentSpec } from '../../domain/spec.ts';
import type { Deployment } from './deployment.ts';

/** Among so many of the newest deployments one of the same row is looked for. */
const lookBack = 64;

/**
 * The spec with every member that the row's one before has too as that one's own: a version that is deployed again and again, as it is after each rollback, costs the desk a
 * number and a few references each time. Specs are never changed.
 */
export function sharedSpec(spec: DeploymentSpec, deployments: readonly Deployment[], row: RowIx): DeploymentSpec {
  const earlier = deployments.slice(-lookBack).findLast((one) => one.row === row)?.spec;
  if (earlier === undefined) return spec;
  const shared: Record<string, unknown> = { ...spec };
  for (const [name, value] of Object.entries(earlier)) if (isAlike(shared[name], value)) shared[name] = value;
  return shared as unknown as DeploymentSpec;
}

/** Alike down to the order of their members. */
function isAlike(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null || Array.isArray(a) !== Array.isArray(b)) return false;
  const [mine, others] = [Object.entries(a), Object.entries(b)];
  return mine.length === others.length && mine.every(([name, value], n) => name === others[n][0] && isAlike(value, others[n][1]));
}
