import { inlineMore } from '../src/runtime/inlining.ts';
import { LatencyCounts } from './lib/latency.ts';
import { machine } from './lib/machine.ts';
import { hasFlag, numberOption } from './lib/options.ts';
import { createOrderFlow, type OrderFlow } from './lib/order-flow.ts';
import { isJoined, runJoined } from './lib/run-joined.ts';

/**
 * Orders from intent to ledger on one thread, as bench/lib/order-flow.ts says. Each round is one half without a clock for the rate and one half with every
 * order timed. Modules are joined and V8 inlines as on a desk that stays up. Included: the simulated venue, marks and timers. Excluded: making the desk, warm-up of one round of at most two seconds, journal, outbox, strategies.
 * Usage: node --import tsx bench/intent-to-ledger.ts [--seed N] [--seconds N] [--rounds N] [--versions N] [--listings N] [--json]
 */
interface Round {
  readonly ordersPerSecond: number;
  /** Of processor time, which other programs on the machine take nothing of. */
  readonly ordersPerCpuSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
}

const block = 2_000;

function measure(flow: OrderFlow, seconds: number): Round {
  const cpu = process.cpuUsage();
  const began = performance.now();
  const first = flow.orders;
  while (performance.now() - began < seconds * 500) flow.run(block);
  const took = performance.now() - began;
  const { user, system } = process.cpuUsage(cpu);
  const orders = flow.orders - first;
  const latency = new LatencyCounts();
  const timed = performance.now();
  while (performance.now() - timed < seconds * 500) flow.run(block, latency);
  return {
    ordersPerSecond: Math.round((orders / took) * 1_000),
    ordersPerCpuSecond: Math.round((orders / (user + system)) * 1e6),
    p50: latency.at(0.5),
    p99: latency.at(0.99),
    p999: latency.at(0.999),
  };
}

function main(): void {
  inlineMore();
  const [seed, seconds, rounds] = [numberOption('seed', 1), numberOption('seconds', 10), numberOption('rounds', 5)];
  const [versions, listings] = [numberOption('versions', 100), numberOption('listings', 100)];
  const flow = createOrderFlow(seed, versions, listings);
  measure(flow, Math.min(2, seconds));
  const all = Array.from({ length: rounds }, () => measure(flow, seconds));
  flow.check();
  const best = {
    ordersPerSecond: Math.max(...all.map((round) => round.ordersPerSecond)),
    ordersPerCpuSecond: Math.max(...all.map((round) => round.ordersPerCpuSecond)),
    p50: Math.min(...all.map((round) => round.p50)),
    p99: Math.min(...all.map((round) => round.p99)),
    p999: Math.min(...all.map((round) => round.p999)),
  };
  const { inputs } = flow.desk;
  const excluded = 'making the desk, warm-up, journal, outbox, strategies';
  const report = {
    bench: 'intent-to-ledger',
    seed,
    rounds,
    seconds,
    versions,
    listings,
    excluded,
    ...machine(),
    orders: flow.orders,
    inputs,
  };
  if (hasFlag('json')) console.log(JSON.stringify({ ...report, ...best, all }));
  else {
    console.log(
      `intent to ledger: ${versions} versions, ${listings} listings, seed ${seed}, best of ${rounds} x ${seconds} s; ${report.cpu} x ${report.cores}, Node ${report.node}; excluded: ${excluded}`,
    );
    console.log(
      `  ${best.ordersPerSecond.toLocaleString('en-US')} orders/s (${best.ordersPerCpuSecond.toLocaleString('en-US')} per second of processor time)`,
    );
    console.log(`  from intent to last report: p50 ${best.p50} ns, p99 ${best.p99} ns, p99.9 ${best.p999} ns, the clock included`);
  }
}

if (isJoined(import.meta.url)) main();
else process.exitCode = await runJoined(import.meta.url);
