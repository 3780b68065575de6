import type { Checks } from '../checks.ts';
import { runBaseline } from './forks.ts';
import type { IdentitySession } from './session.ts';
import { identitySession, identitySessions } from './sessions.ts';
import { IdentityWorld } from './world.ts';

/** Threads take a second to start, so that these sessions are shorter and are forked at fewer instants, each to its very end. */
const events = 1_000;
const forks = 12;

/** A clone takes over between two host threads, at instants of each session: the same orders as without a swap in one thread. */
export async function checkHostForks(checks: Checks): Promise<void> {
  for (let n = 0; n < identitySessions; n++) {
    const whole = identitySession(n);
    if (whole === undefined) continue;
    const session: IdentitySession = { ...whole, events: whole.events.slice(0, events) };
    const base = runBaseline(session);
    const every = Math.floor(base.stops.length / (forks + 1));
    const stops = Array.from({ length: forks }, (_, i) => base.stops[(i + 1) * every]);
    const differences: string[] = [];
    let [committed, handed] = [0, 0];
    for (const stop of stops) {
      const world = new IdentityWorld(session, { hosts: 2 });
      world.runTo(stop);
      world.swap();
      world.finish();
      await world.end();
      const from = world.orders.findIndex((order, i) => order !== base.orders[i]);
      if (from >= 0) differences.push(`after event ${stop}, order ${from + 1}: ${world.orders[from]}, was ${base.orders[from]}`);
      else if (world.orders.length !== base.orders.length)
        differences.push(`after event ${stop}: ${world.orders.length} orders, were ${base.orders.length}`);
      if (world.committed) committed++;
      if (world.handed.adopted + world.handed.lots > 0) handed++;
    }
    const name = `${session.name}, between two host threads`;
    checks.check(
      `${name}: ${stops.length} swaps for a clone trade as if nothing had been`,
      differences.length === 0,
      differences.slice(0, 3),
    );
    checks.check(`${name}: ${committed} were committed, ${handed} with orders or lots`, committed === stops.length && handed > forks / 2);
    checks.check(`${name}: ${base.orders.length} orders to compare`, base.orders.length >= 50);
  }
}
