/** One long harness of the proof: what it shows, and the command that shows it. Its output ends with `NAME: N passed, N failed`, like a step of CI. */
export interface ProofLine {
  readonly name: string;
  readonly shows: string;
  /** Script and arguments, run as TypeScript. */
  readonly run: readonly string[];
}

/** In the order of running; add a line here. */
export const proofLines: readonly ProofLine[] = [
  {
    name: 'sim',
    shows: 'an hour of seeds of the faulty world from 1,000,001 on, all checkers, none open',
    run: ['scripts/sim.ts', '--seeds', '1000000', '--seed', '1000001', '--minutes', '60'],
  },
  {
    name: 'crash-points',
    shows: 'crash at every disk operation x cache variants, acknowledged lost: 0',
    run: ['scripts/ci/crash-points.ts', '200000', '1001'],
  },
  {
    name: 'rollout-histories',
    shows: 'random histories with crashes: every invariant of rollout, rollback and kill holds after every turn',
    run: ['scripts/ci/rollout-histories.ts', '100000', '1'],
  },
  {
    name: 'journal-kills',
    shows: 'kill -9 and power cuts of a real writer, acknowledged lost: 0',
    run: ['scripts/ci/journal-kills.ts', '1000', '200', '2'],
  },
  {
    name: 'desk-restarts',
    shows: 'kill -9 of a whole desk until it trades again, p99 below 2 s',
    run: ['scripts/ci/desk-restarts.ts', '100'],
  },
  {
    name: 'soak',
    shows: 'a desk on threads with faults for half an hour: memory flat, no growing lag',
    run: ['scripts/ci/soak.ts', '--minutes', '30'],
  },
];
