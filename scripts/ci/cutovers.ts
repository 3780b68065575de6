import { Checks } from './checks.ts';
import { exceptedByName, operations, operationsPerSeed, runSeed } from './cutovers/campaign.ts';
import { plantedFaults } from './cutovers/plants.ts';

// Deployments, cutovers and aborts of a version that trades under load, beside the same session without any: every refusal that meets the version stands there too (but for
// those of a share that people lowered, excepted by name), positions are the venue's, and each event was processed by exactly one owner. In every fourth seed the hosts are slow,
// so that events queue between two versions; in every other fourth people lower the share. Usage: cutovers.ts [DEPLOYMENTS] [FIRST SEED]
const wanted = Number(process.argv[2] ?? 200);
const firstSeed = Number(process.argv[3] ?? 1);
const shown = 5;
const checks = new Checks();
const cpu = process.cpuUsage();
const done = Object.fromEntries(operations.map((one) => [one, 0])) as Record<(typeof operations)[number], number>;
const refusals: Record<string, number> = {};
const faults: string[] = [];
const sums = { committed: 0, aborted: 0, queued: 0, events: 0, orders: 0, excepted: 0 };
const seeds = Math.ceil(wanted / operationsPerSeed);
for (let seed = firstSeed; seed < firstSeed + seeds; seed++) {
  const result = runSeed({ seed, slow: seed % 4 === 0, lowers: seed % 4 === 1 });
  for (const operation of operations) done[operation] += result.done[operation];
  for (const [code, n] of Object.entries(result.refusals)) refusals[code] = (refusals[code] ?? 0) + n;
  for (const name of Object.keys(sums) as (keyof typeof sums)[]) sums[name] += result[name];
  faults.push(...result.faults.map((text) => `seed ${seed}: ${text}`));
}
const { user, system } = process.cpuUsage(cpu);
const total = Object.values(done).reduce((sum, n) => sum + n, 0);
const said = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .map(([name, n]) => `${n} ${name}`)
    .join(', ');
console.log(`${total} of ${seeds} seeds from ${firstSeed}: ${said(done)}; ${((user + system) / 1e6).toFixed(0)} s of CPU`);
console.log(`${said(sums)}; refused: ${said(refusals)}`);
const of = (check: string): readonly string[] => faults.filter((text) => text.includes(`: ${check} `));
const none = (check: string, sentence: string): void => {
  const found = of(check);
  checks.check(sentence, found.length === 0, found.slice(0, shown));
};
checks.check(
  `at least ${wanted} deployments, cutovers and aborts, some of each`,
  total >= wanted && Object.values(done).every((n) => n > 0),
  done,
);
checks.check(
  'swaps were committed and aborted, events queued, refusals came',
  sums.committed > 0 && sums.aborted > 0 && sums.queued > 0,
  sums,
);
none('OPERATIONS', 'each of them ended as it should');
none(
  'DENIALS',
  `every refusal would hold without the deployment, but for ${sums.excepted} named ${[...exceptedByName].join(', ')} after a share was lowered`,
);
none('ORDERS', 'every order is the one that leaves without the deployments');
none('REASONS', 'every refusal has a reason');
none('EVENTS', `each of ${sums.events} events and fills was processed once, by its owner`);
none('POSITIONS', 'positions are the venue’s');
for (const { name, terms, caughtBy, plant } of plantedFaults) {
  const found = runSeed(terms, plant()).faults.some((text) => text.startsWith(`${caughtBy} `));
  checks.check(`planted, seed ${terms.seed}: ${name} is found by ${caughtBy}`, found);
}
checks.close('cutovers');
