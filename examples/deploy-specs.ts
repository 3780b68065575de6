// Two specs in YAML: the first on paper, the second what a passed paper run deploys. Prints each stage with its reasons.
import { fileURLToPath } from 'node:url';
import { deskPeople, maker100, readSpecFile } from '../src/index.ts';
import { openDesk } from './desk.ts';

const desk = await openDesk([maker100], (_, decision) => {
  if (decision.kind === 'stageGranted') console.log(`${decision.deploymentID} ${decision.name}: ${decision.reasons.join('; ')}`);
});
const spec = readSpecFile(fileURLToPath(new URL('paper-then-canary.yaml', import.meta.url)));
console.log((await desk.session.deploy(spec, deskPeople.trader)).text);
await desk.run(12);
const canary = desk.session.view.deployments.get('maker-canary');
const ending = await desk.end();
console.log(`maker-canary is ${canary?.phase ?? 'absent'}; journal verified: ${ending.journal.verified}`);
if (canary === undefined || !ending.journal.verified) process.exitCode = 1;
