import { breakClasses } from '../../src/domain/statement.ts';
import { checkClass } from '../../src/testing/reconcile/check-divergence.ts';
import { Checks } from './checks.ts';

// Seeded divergences of each class between a desk and its venue, one after the other: each is found, ends in the state of its rule, invents and drops no order, and a
// second comparison changes nothing more. `reconcile.ts [count of each class] [seed]`.
const count = Number(process.argv[2] ?? 1_000);
const seed = process.argv[3] ?? '1';
const checks = new Checks();
let cases = 0;
const began = process.cpuUsage();

try {
  for (const kind of breakClasses) {
    const { found, faults } = checkClass(kind, count, seed);
    cases += found;
    checks.check(`${kind}: ${found} of ${count} found and ended as its rule says`, found === count, faults.join('\n  '));
  }
  const { user, system } = process.cpuUsage(began);
  console.log(`${cases} divergences of ${breakClasses.length} classes, seed ${seed}, ${((user + system) / 1e6).toFixed(1)} s of CPU`);
} catch (error) {
  checks.check('the step came to its end', false, String(error));
}
checks.close('reconcile');
