import { setTimeout as sleep } from 'node:timers/promises';
import type { Core } from '../../core/core.ts';
import { firstLeafOf, isSimulatedLeaf, leafLink, nextLeafOf, positionOfLeaf } from '../../core/positions/leaf.ts';
import { LEAF_ACCOUNT, LEAF_LISTING, noLeaf } from '../../core/positions/ledger.ts';
import { removeEmergency } from '../../journal/continue-journal.ts';
import type { GatewayBegin } from '../../runtime/live/gateway-messages.ts';
import type { LiveDesk } from '../../runtime/live/live-desk.ts';
import { nodeDisk } from '../../storage/file/node-disk.ts';
import { journalFolder } from '../desk/journal-folder.ts';
import { forgetKill, killAsked } from '../desk/kill-note.ts';
import { reconcileInput } from '../desk/reconcile-desk.ts';
import type { StartClock } from '../desk/start-times.ts';
import { haltsOf, killAgain, type Past } from '../desk/resume.ts';

/** Longest wait until the venues are compared (ms), and between two looks; after it the desk is up with its rows restricted, and goes on asking. */
const answersMillis = 5_000;
const lookMillis = 5;

/** What each account holds by the ledger: the simulated exchange died with its desk, and a new one is given it. */
export function heldByAccounts(core: Core): GatewayBegin['positions'] {
  const { ledger, gate } = core;
  const held = new Map<string, { account: number; listing: number; position: number }>();
  for (const { ix } of gate.rows) {
    for (let leaf = firstLeafOf(ledger, ix); leaf !== noLeaf; leaf = nextLeafOf(ledger, leaf)) {
      if (isSimulatedLeaf(ledger, leaf)) continue;
      const [account, listing] = [leafLink(ledger, leaf, LEAF_ACCOUNT), leafLink(ledger, leaf, LEAF_LISTING)];
      const before = held.get(`${account}/${listing}`)?.position ?? 0;
      held.set(`${account}/${listing}`, { account, listing, position: before + positionOfLeaf(ledger, leaf) });
    }
  }
  return [...held.values()].filter(({ position }) => position !== 0);
}

/**
 * Goes on after an earlier desk (rollout.md 5): a higher term, everything CANCEL_ONLY; halts that no segment took are asked for again; open orders are asked for
 * at the venue, which has none of them any more; when its statement is compared, authority comes back. The desk turns meanwhile.
 */
export async function restart(
  desk: LiveDesk,
  core: Core,
  past: Past,
  coreDigest: string,
  term: number,
  note: string,
  clock: StartClock,
): Promise<void> {
  const left = past.found.end.kind === 'torn' ? 'the last commit was torn and is cut' : 'the desk before it is gone';
  const text = note === '' ? left : `${left}; ${note}`;
  await desk.submit({ kind: 'start', term, coreDigest, text });
  for (const input of haltsOf(past, core)) await desk.submit(input);
  const asked = killAsked(past.directory);
  if (asked !== undefined) await desk.submit(killAgain(asked, term));
  clock.done('start recorded');
  await desk.submit(reconcileInput('start'));
  for (let waited = 0; core.starting && waited < answersMillis && desk.failure === undefined; waited += lookMillis) await sleep(lookMillis);
  clock.done(core.starting ? 'venues have not answered' : 'venues compared');
  await desk.submit({ kind: 'stateCheck', reason: 'started again' });
  // what the disk did not take waits there for the next start
  if (desk.failure !== undefined) return;
  await removeEmergency(nodeDisk(past.directory), journalFolder);
  if (asked !== undefined) forgetKill(past.directory);
}
