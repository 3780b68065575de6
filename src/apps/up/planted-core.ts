import { parentPort, workerData } from 'node:worker_threads';
import type { JournalFlush } from '../../ports/journal.ts';
import type { CorePlan } from './plan.ts';
import { runCore, type OpenJournal } from './run-core.ts';

/**
 * Entry of a core with planted faults: it never returns from the step that deploys `spin`, dies of the one that deploys `die`, and from the one that deploys
 * `full` or `lame` on its disk takes nothing, after which it spins (`full`) or ends (`lame`). For tests of what must work without it.
 */
if (parentPort === null) throw new Error('the core runs on a thread of its own');
const disk = { full: false, spins: true };
void runCore((workerData as { readonly data: CorePlan }).data, parentPort, {
  watch: (input) => {
    if (input.kind !== 'command' || input.command.verb !== 'deploy') return;
    const { deploymentID } = input.command.spec;
    if (deploymentID === 'spin') for (;;);
    if (deploymentID === 'full' || deploymentID === 'lame') Object.assign(disk, { full: true, spins: deploymentID === 'full' });
    if (deploymentID === 'die')
      process.nextTick(() => {
        throw new Error('planted');
      });
  },
  journal: (journal) => filling(journal),
});

/** The same journal until the disk is full. */
function filling<J extends OpenJournal>(journal: J): J {
  let durableSeq = 0;
  const flush = (): Promise<JournalFlush> => {
    if (!disk.full) return journal.flush();
    setTimeout(() => {
      while (disk.spins);
    }, 1);
    return Promise.resolve({ ok: false, code: 'DISK_FULL', durableSeq, message: 'no space is left (planted)' });
  };
  return new Proxy(journal, {
    get: (of, name) => {
      if (name === 'flush') return flush;
      if (!disk.full) ({ durableSeq } = of);
      if (name === 'durableSeq') return durableSeq;
      const value: unknown = Reflect.get(of, name, of);
      return typeof value === 'function' ? (value.bind(of) as unknown) : value;
    },
  });
}
