import type { Verb } from './command.ts';

/** What people type for a verb of the core, where that is another word. */
const spoken: Readonly<Partial<Record<Verb, string>>> = {
  setLimit: 'limit set',
  setSlice: 'allocation',
  allocate: 'allocation',
  startStrategy: 'start-strategy',
  stopStrategy: 'stop-strategy',
  pauseStrategy: 'pause-strategy',
  tellSignal: 'signal',
  acceptBreak: 'accept-break',
  acceptTrials: 'accept-trials',
};

/** `limit set`, `promote`: a verb as whoever reads of it would say it. */
export function spokenVerb(verb: Verb): string {
  return spoken[verb] ?? verb;
}
