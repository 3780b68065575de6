import type { World } from '../../ports/world.ts';
import type { StateFault } from '../../runtime/handover/round-trip.ts';
import { moduleBeside } from '../../runtime/threads.ts';
import { exitCodes, Refusal } from './exit-codes.ts';

/** A version and the module (file URL) that it is loaded from. */
export interface RegisteredVersion {
  readonly name: string;
  readonly version: string;
  readonly module: string;
}

/** Versions in the order in which they are registered. */
export interface RegistrationOrder {
  readonly versions: readonly RegisteredVersion[];
}

export type RegistrationSaid = { readonly faults: readonly StateFault[] } | { readonly failed: string };

/** The round trips of all versions together may take this long (ms on the wall), and this much heap. */
export const registrationMillis = 20_000;
const heapMebibytes = 256;

const entry = moduleBeside(import.meta.url, './registration-thread');

/**
 * Tries on a thread of its own that the versions take their own state back and hand it to each other, up and down, before they are registered.
 * @throws Refusal that names each version whose state fails
 */
export async function refuseStates(world: World, versions: readonly RegisteredVersion[], millis = registrationMillis): Promise<void> {
  if (versions.length === 0) return;
  const order: RegistrationOrder = { versions };
  const thread = world.spawn({ name: 'registration', entry, data: order, heapMebibytes });
  const said = await new Promise<RegistrationSaid>((resolve) => {
    const names = versions.map(({ name, version }) => `${name} ${version}`).join(', ');
    const late = setTimeout(
      () => resolve({ failed: `${names}: no end of create, exportState and migrate within ${millis / 1_000} s` }),
      millis,
    );
    thread.onMessage((message) => {
      clearTimeout(late);
      resolve(message as RegistrationSaid);
    });
    thread.onEnd((why) => {
      clearTimeout(late);
      resolve({ failed: `${names}: their thread ended before it answered${why === '' ? '' : `: ${why}`}` });
    });
  });
  await thread.end();
  const text = 'failed' in said ? said.failed : said.faults.map(({ name, version, text: why }) => `${name} ${version}: ${why}`).join('; ');
  if (text !== '') throw new Refusal(exitCodes.refused, `not registered, a state that fails to migrate (STATE_NOT_MIGRATED): ${text}`);
}
