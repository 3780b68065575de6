import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { programBeside } from '../../src/testing/program-beside.ts';
import { Checks } from './checks.ts';
import type { IdentityResult } from './identity-worker.ts';
import { checkHostForks } from './identity/host-forks.ts';
import { runBaseline, runForks } from './identity/forks.ts';
import { identitySession, identitySessions, plantedFaults } from './identity/sessions.ts';

// POS4: a version that is swapped for its own clone at any instant of a session trades as if nothing had been. Two processes share the forks.
const processes = 2;
const checks = new Checks();

function work(parts: readonly (readonly [number, number])[]): Promise<readonly IdentityResult[]> {
  return new Promise((resolve, reject) => {
    const worker = spawn(process.execPath, programBeside(import.meta.url, './identity-worker'), {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const results: IdentityResult[] = [];
    createInterface({ input: worker.stdout }).on('line', (line) => results.push(JSON.parse(line) as IdentityResult));
    worker.on('error', reject);
    worker.on('close', (status) => (status === 0 ? resolve(results) : reject(new Error(`a worker ended with ${status}`))));
    worker.stdin.end(parts.map(([session, part]) => `${session} ${part} ${processes}\n`).join(''));
  });
}

const plans = Array.from({ length: processes }, (_, part) => Array.from({ length: identitySessions }, (__, n) => [n, part] as const));
const results = (await Promise.all(plans.map(work))).flat();
for (let n = 0; n < identitySessions; n++) {
  const session = identitySession(n);
  if (session === undefined) {
    checks.check(`session ${n}: its recording is there`, false);
    continue;
  }
  const base = runBaseline(session);
  const sum = (of: (result: IdentityResult) => number): number =>
    results.filter((one) => one.session === n).reduce((all, one) => all + of(one), 0);
  const differences = results.filter((one) => one.session === n).flatMap((one) => one.differences);
  const [forks, committed] = [sum((one) => one.forks), sum((one) => one.committed)];
  const { length: events } = session.events;
  console.log(`${session.name}: ${events} events at ${base.stops.length} instants, ${base.orders.length} orders`);
  checks.check(`${session.name}: at least 3,000 events and 200 orders`, events >= 3_000 && base.orders.length >= 200);
  checks.equal(`${session.name}: forked at every instant`, forks, base.stops.length);
  checks.check(
    `${session.name}: ${forks} swaps for a clone trade as if nothing had been, in ${sum((one) => one.fullTails)} worlds that were compared to their end`,
    differences.length === 0 && sum((one) => one.fullTails) >= Math.floor(forks / 10),
    differences.slice(0, 3),
  );
  checks.check(
    `${session.name}: ${committed} of ${forks} were committed, all but those at the very end`,
    committed >= forks * 0.98,
    committed,
  );
  const [adopted, lots] = [sum((one) => one.adopted), sum((one) => one.lots)];
  const wanted = session.parameters['resting'] === false ? lots : adopted;
  checks.check(`${session.name}: orders were adopted in ${adopted} swaps, positions transferred in ${lots}`, wanted >= forks / 4);
}
const recorded = identitySession(0);
for (const { name, definition } of recorded === undefined ? [] : plantedFaults) {
  const session = { ...(recorded ?? never()), definition };
  const base = runBaseline(session);
  const found = base.stops.filter((stop, i) => i % 97 === 40 && runForks(session, base, [stop])[0].differs !== '').length;
  checks.check(`planted: ${name} is found`, found > 0);
}
await checkHostForks(checks);
checks.close('identity-swap');

function never(): never {
  throw new Error('there is a session');
}
