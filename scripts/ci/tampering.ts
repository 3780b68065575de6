import { signedVictim } from '../../src/testing/journal/signed-victim.ts';
import { tamperOften } from '../../src/testing/journal/tamper-often.ts';
import { closeStep } from './live-command.ts';

// A closed journal, changed by somebody who holds the disk and not the key: every change is found with the head. Usage: tampering.ts [MUTATIONS] [SEED]
const mutations = Number(process.argv[2] ?? 10_000);
const seed = Number(process.argv[3] ?? 1);

const { victim, head } = await signedVictim();
const { counts, missed } = tamperOften(victim, head, mutations, `tampering ${seed}`);
for (const what of missed) console.log(`MISSED  ${what}`);
console.log(
  `${mutations} mutations of ${counts.size} kinds with seed ${seed}: ${[...counts].map(([kind, count]) => `${kind} ${count}`).join(', ')}`,
);
closeStep('tampering', mutations - missed.length, missed.length);
