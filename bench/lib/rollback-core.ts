import { parentPort, workerData } from 'node:worker_threads';
import type { CorePlan } from '../../src/apps/up/plan.ts';
import { runCore, type OpenJournal } from '../../src/apps/up/run-core.ts';
import type { ControlAnswer } from '../../src/apps/desk/control-socket.ts';
import type { Actor } from '../../src/domain/actor.ts';
import type { Command } from '../../src/domain/command.ts';
import type { JournalFlush } from '../../src/ports/journal.ts';
import { never, ThreadClock } from './thread-clock.ts';

/**
 * Entry of a core that stamps what a bench measures (shared clock, and what the thread had run and waited until then): when a command came, when its effect stood in memory, when a rollback was over.
 * With `PLIMSOLL_FULL_DISK` its disk takes nothing from the record of a kill on.
 */
if (parentPort === null) throw new Error('the core runs on a thread of its own');
const marks = {
  asked: never,
  registered: never,
  fenced: never,
  changed: never,
  limited: never,
  completed: never,
  uncertain: 0,
  venueMicros: 0,
  capHi: 0,
  capLo: 0,
};
const clock = new ThreadClock();
const disk = { full: false, mayFill: process.env['PLIMSOLL_FULL_DISK'] === '1' };
const people: readonly [Actor, Actor] = [
  { personID: 'bench-1', roles: ['RiskManager', 'SeniorManagement', 'Admin', 'Trader'] },
  { personID: 'bench-2', roles: ['RiskManager', 'SeniorManagement', 'Admin'] },
];

void runCore((workerData as { readonly data: CorePlan }).data, parentPort, {
  watch: (input, decisions) => {
    if (disk.mayFill && input.kind === 'command' && input.command.verb === 'kill') disk.full = true;
    for (const one of decisions) {
      if (one.kind === 'deploymentProposed') marks.registered = clock.now();
      if (one.kind === 'rowChanged' && one.mode === 'HALTED') marks.fenced = clock.now();
      if (one.kind === 'rowChanged' && one.mode !== 'HALTED')
        Object.assign(marks, { changed: clock.now(), capHi: one.cap.hi, capLo: one.cap.lo });
      // the next order is judged by it
      if (one.kind === 'limitChanged') marks.limited = clock.now();
      if (one.kind === 'rollbackCompleted')
        Object.assign(marks, { completed: clock.now(), uncertain: one.uncertain, venueMicros: one.canceledMicros });
    }
  },
  answer: (request, ask) => {
    if (request.verb === 'deploy') marks.asked = clock.now();
    if (request.verb === 'marks') return Promise.resolve(said({ ...marks }));
    if (request.verb === 'heap') return Promise.resolve(said({ heapBytes: process.memoryUsage().heapUsed }));
    if (request.verb === 'collections') return Promise.resolve(said({ collections: clock.collections }));
    if (request.verb !== 'command') return undefined;
    Object.assign(marks, { fenced: never, changed: never, limited: never, completed: never, asked: clock.now() });
    return ask(request['command'] as Command, people[0], people[1]).then((answer) => said({ ...answer, ...marks }));
  },
  journal: (journal) => filling(journal),
});

function said(body: object): ControlAnswer {
  return { exitCode: 0, body, text: '' };
}

function filling<J extends OpenJournal>(journal: J): J {
  let durableSeq = 0;
  const flush = (): Promise<JournalFlush> =>
    disk.full ? Promise.resolve({ ok: false, code: 'DISK_FULL', durableSeq, message: 'no space is left (planted)' }) : journal.flush();
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
