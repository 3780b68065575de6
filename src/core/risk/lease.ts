import type { LimitGrant } from '../../domain/input.ts';

/** A lease on the firm-wide limit of capital in use: nothing while none was ever granted, 0 after it has run out. */
export interface Lease {
  /** Micro-money of the firm's currency; Infinity = no lease was ever granted. */
  limit: number;
  until: number;
}

export function createLease(): Lease {
  return { limit: Infinity, until: 0 };
}

export function applyGrant(lease: Lease, grant: LimitGrant): void {
  lease.limit = grant.limit;
  lease.until = grant.until;
}

/** What may be in use at `at`: the lease holds through the microsecond `until`. */
export function leasedLimit(lease: Lease, at: number): number {
  return lease.limit === Infinity || at <= lease.until ? lease.limit : 0;
}
