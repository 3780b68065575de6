import { expect, test } from 'vitest';
import { createDeskView, foldDecision, foldInput } from '../../projections/desk-view.ts';
import { collector } from '../../runtime/hosts/heap-watch.ts';
import { canary, rung } from './rollout-specs.ts';
import { grown, retained } from './retained.ts';
import { openDesk, reportOf, risk, senior2, sentOf, sliceID, trader, type RolloutDesk, type Turn } from './rollout-desk.ts';

const version = '1.0.0';
const orders = 4;

/** One life of a version as the desk has many: deployed, given less, rolled back, lifted. */
function live(desk: RolloutDesk, n: number): void {
  const deploymentID = `d${n}`;
  const row = desk.deploy(canary(deploymentID, version, { stages: [rung(1_000)] }));
  const ids = Array.from({ length: orders }, () => sentOf(desk.intent(row, 'buy', 1)).at(0) ?? 0);
  desk.order({ verb: 'allocate', sliceID, version, reason: 'test', allocation: 333 }, risk, null);
  desk.order({ verb: 'rollback', deploymentID, reason: 'test' }, trader, null);
  ids.forEach((id, k) => desk.say(reportOf(desk, id, 0, { execType: 'canceled', leavesQty: 0, cumQty: 0, execID: `e${n}-${k}` })));
  expect(desk.phaseOf(deploymentID)).toBe('Aborted');
  desk.order({ verb: 'unhalt', sliceID, version, reason: 'test' }, risk, senior2);
  desk.turns.length = 0;
}

/** Where each life leaves something, and the name of the limit at which that ends. */
const limited: Readonly<Record<string, string>> = {
  'core.rollout.answers': 'maxAnswers',
  'core.rollout.rollbacks': 'maxRollbacks',
  'core.rollout.deployments': 'maxDeployments',
  'core.rollout.byID': 'maxDeployments',
  'core.orders.closed': 'capacities.closedOrders',
  'view.deployments': 'maxDeployments',
  'view.rollbacks': 'maxViewLines',
  'view.alerts': 'maxViewLines',
};

test('after a rollback nothing is kept but its records, each in a list with a limit', () => {
  const view = createDeskView();
  const fold = ({ seq, at, input, decisions }: Turn): void => {
    const first = seq - decisions.length;
    foldInput(view, first, at, input);
    decisions.forEach((decision, n) => foldDecision(view, first + 1 + n, at, decision));
  };
  const desk = openDesk(undefined, fold);
  const count = (): ReturnType<typeof retained> => retained({ core: desk.core, view });
  // until here the pool of orders takes what it keeps for good
  for (let n = 0; n < 120; n++) live(desk, n);
  const before = count();
  const lives = 100;
  for (let n = 0; n < lives; n++) live(desk, 120 + n);
  const each = [...grown(before, count())]
    .map(([place, things]) => ({ place, things: things / lives }))
    .filter(({ things }) => things > 0.5);
  expect(each.filter(({ place }) => !(place in limited))).toEqual([]);
  const of = (root: string): number => each.filter(({ place }) => place.startsWith(root)).reduce((sum, { things }) => sum + things, 0);
  // numbers, references and texts of 16 characters; a spec of its own for each would be 40 more
  expect(of('core.')).toBeGreaterThan(10);
  expect(of('core.') + of('view.deployments')).toBeLessThan(140);
});

test('a rollback adds less than 6 KiB to what the core keeps', () => {
  const desk = openDesk();
  const collect = collector();
  const heap = (): number => {
    collect();
    return process.memoryUsage().heapUsed;
  };
  for (let n = 0; n < 200; n++) live(desk, n);
  const before = heap();
  const lives = 200;
  for (let n = 0; n < lives; n++) live(desk, 200 + n);
  expect((heap() - before) / lives).toBeLessThan(6 * 1_024);
});
