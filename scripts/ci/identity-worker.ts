import { createInterface } from 'node:readline';
import { forkPlans, runBaseline, runForks, type Baseline } from './identity/forks.ts';
import type { IdentitySession } from './identity/session.ts';
import { identitySession } from './identity/sessions.ts';

// Runs forks of one session: a line `session part parts`, an answer of one JSON line.
export interface IdentityResult {
  readonly session: number;
  readonly forks: number;
  readonly fullTails: number;
  readonly committed: number;
  readonly adopted: number;
  readonly lots: number;
  readonly differences: readonly string[];
}

function run(n: number, session: IdentitySession, base: Baseline, part: number, parts: number): IdentityResult {
  const differences: string[] = [];
  let [forks, fullTails, committed, adopted, lots] = [0, 0, 0, 0, 0];
  forkPlans(base).forEach((stops, i) => {
    if (i % parts !== part) return;
    fullTails++;
    for (const [k, result] of runForks(session, base, stops).entries()) {
      forks++;
      if (result.committed) committed++;
      if (result.adopted > 0) adopted++;
      if (result.lots > 0) lots++;
      if (result.differs !== '') differences.push(`after event ${stops[k]}: ${result.differs}`);
    }
  });
  return { session: n, forks, fullTails, committed, adopted, lots, differences };
}

for await (const line of createInterface({ input: process.stdin })) {
  const [n, part, parts] = line.split(' ').map(Number);
  const session = identitySession(n);
  if (session === undefined) continue;
  console.log(JSON.stringify(run(n, session, runBaseline(session), part, parts)));
}
