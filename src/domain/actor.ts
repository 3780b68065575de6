import type { PersonID } from './ids.ts';

export const roles = ['Trader', 'RiskManager', 'SeniorManagement', 'Admin', 'AlgorithmServer', 'Auditor'] as const;
export type Role = (typeof roles)[number];

/** Who acts. Until the control plane exists a token file names people and roles. `core` itself acts as personID `core` with no roles. */
export interface Actor {
  readonly personID: PersonID;
  readonly roles: readonly Role[];
}
