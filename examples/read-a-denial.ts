// A clumsy hand sends an order far from the market: what the gate says about it, with the number, the limit and the scope; then the proof of it.
import { clumsy100, deskPeople } from '../src/index.ts';
import { openDesk } from './desk.ts';

const desk = await openDesk([clumsy100], (_, decision) => {
  if (decision.kind === 'orderDenied') console.log(`denied ${decision.code}: ${decision.value} past ${decision.limit} (${decision.scope})`);
});
const { session } = desk;
await session.ask({ verb: 'setLimit', key: { scope: 'firm', scopeID: '', limit: 'fatFingerBps' }, value: 500 }, deskPeople.admin);
const configuration = {
  totalCapital: '1000000',
  currency: 'USD',
  clock: { kind: 'wall' },
  stages: [{ name: 'Micro', allocation: 0.1, minDuration: 'PT1H', minPnL: 0, minTrades: 1 }],
};
const spec = {
  apiVersion: 'plimsoll/v1',
  kind: 'Deployment',
  deploymentId: 'clumsy-hand',
  strategy: 'Canary',
  algorithmId: 'clumsy',
  version: '1.0.0',
  configuration,
};
console.log((await session.deploy(spec, deskPeople.trader)).text);
await desk.run(2);
const { journal, replay } = await desk.end();
console.log(`${journal.entries} entries, root ${journal.root}, ${journal.verdict}; every decision derived again: ${replay.equal}`);
if (session.view.denialCount === 0 || !journal.verified || !replay.equal) process.exitCode = 1;
