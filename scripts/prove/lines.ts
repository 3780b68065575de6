/** What a line's output says of one run: cases that it counted, and where the next run begins. */
export interface ProofRun {
  readonly cases: number;
  readonly next: number;
}

/** One long harness of the proof. Its output ends with `NAME: N passed, N failed`, like a step of CI; it begins at any number and ends at its count or its time. */
export interface ProofLine {
  readonly name: string;
  /** Name that its output ends with, where several lines share a harness. */
  readonly step?: string;
  /** It draws nothing: every run is the same. */
  readonly seedless?: true;
  readonly shows: string;
  /** Cases that a release asks for, over all runs. */
  readonly release: number;
  readonly unit: string;
  /** Where the first run begins: behind what CI runs. */
  readonly first: number;
  /** Cases of one run, and of one that only shows that the line works. */
  readonly portion: number;
  readonly short: number;
  /** Longest run (minutes): one that is not over by then is ended and has failed. */
  readonly minutes: number;
  /** Script and arguments, run as TypeScript. */
  readonly run: (first: number, cases: number) => readonly string[];
  /** Read off the output; undefined = it does not say. */
  readonly read: (output: string, first: number) => ProofRun | undefined;
}

/** Reads the cases by a pattern's first group; the next run begins with another seed. */
function counted(pattern: RegExp): ProofLine['read'] {
  return (output, first) => {
    const cases = Number(pattern.exec(output)?.[1]);
    return Number.isSafeInteger(cases) ? { cases, next: first + 1 } : undefined;
  };
}

/** In the order of running; add a line here. */
export const proofLines: readonly ProofLine[] = [
  {
    name: 'sim',
    shows: 'seeds of the faulty world of at least 10,000 events, all checkers, none open',
    release: 2_000_000,
    unit: 'seeds',
    first: 1_000_001,
    portion: 1_000_000,
    short: 4,
    minutes: 75,
    run: (first, cases) => ['scripts/sim.ts', '--seeds', String(cases), '--seed', String(first), '--minutes', '60'],
    read: (output) => {
      const [, from, to] = /^seeds (\d+) to (\d+),/m.exec(output) ?? [];
      return to === undefined ? undefined : { cases: Number(to) - Number(from) + 1, next: Number(to) + 1 };
    },
  },
  {
    name: 'crash-points',
    shows: 'crash at every disk operation x cache variants, acknowledged lost: 0',
    release: 1_000_000,
    unit: 'points',
    first: 1_001,
    portion: 200_000,
    short: 500,
    minutes: 25,
    run: (first, cases) => ['scripts/ci/crash-points.ts', String(cases), String(first)],
    read: (output) => {
      const [, points, stories, seed] = /^(\d+) crash points in (\d+) stories from seed (\d+)/m.exec(output) ?? [];
      return seed === undefined ? undefined : { cases: Number(points), next: Number(seed) + Number(stories) };
    },
  },
  {
    name: 'planted-bugs',
    shows: 'planted bugs, each caught by its checker',
    release: 40,
    unit: 'bugs',
    first: 1,
    portion: 1_000,
    short: 1,
    minutes: 30,
    seedless: true,
    run: (_, cases) => ['scripts/ci/planted-bugs.ts', ...(cases === 1 ? ['acknowledged before it is written'] : [])],
    read: counted(/^planted-bugs: (\d+) passed/m),
  },
  {
    name: 'rollout-histories',
    shows: 'random histories with crashes: every invariant of rollout, rollback and kill holds after every turn',
    release: 1_000_000,
    unit: 'histories',
    first: 1_000_001,
    portion: 100_000,
    short: 100,
    minutes: 60,
    run: (first, cases) => ['scripts/ci/rollout-histories.ts', String(cases), String(first)],
    read: (output) => {
      const [, histories, seed] = /^(\d+) histories, .* from seed (\d+),/m.exec(output) ?? [];
      return seed === undefined ? undefined : { cases: Number(histories), next: Number(seed) + Number(histories) };
    },
  },
  {
    name: 'journal-kills',
    shows: 'kill -9 of a real writer, acknowledged lost: 0',
    release: 10_000,
    unit: 'kills',
    first: 2,
    portion: 1_000,
    short: 5,
    minutes: 60,
    run: (first, cases) => ['scripts/ci/journal-kills.ts', String(cases), '0', String(first)],
    read: counted(/after (\d+) kills the journal is valid/),
  },
  {
    name: 'power-cuts',
    step: 'journal-kills',
    shows: 'power cut of a mounted disk under a real writer, acknowledged lost: 0',
    release: 5_000,
    unit: 'cuts',
    first: 2,
    portion: 500,
    short: 2,
    minutes: 60,
    run: (first, cases) => ['scripts/ci/journal-kills.ts', '0', String(cases), String(first)],
    read: counted(/after (\d+) power cuts the journal is valid/),
  },
  {
    name: 'tampering',
    shows: 'a closed journal flipped, cut, reordered, rewritten by whoever has no key: found with the head',
    release: 10_000,
    unit: 'mutations',
    first: 2,
    portion: 10_000,
    short: 200,
    minutes: 15,
    run: (first, cases) => ['scripts/ci/tampering.ts', String(cases), String(first)],
    read: counted(/^(\d+) mutations of \d+ kinds/m),
  },
  {
    name: 'desk-restarts',
    shows: 'kill -9 of a whole desk until it trades again, p99 below 2 s',
    release: 100,
    unit: 'kills',
    first: 2,
    portion: 100,
    short: 1,
    minutes: 45,
    run: (first, cases) => ['scripts/ci/desk-restarts.ts', String(cases), String(Math.min(3, cases)), String(first)],
    read: counted(/^desk-restarts: (\d+) passed/m),
  },
  {
    name: 'kill',
    shows: 'the kill switch and its answers from other terminals, on a desk that trades',
    release: 1,
    unit: 'checks',
    first: 1,
    portion: 1,
    short: 1,
    minutes: 15,
    seedless: true,
    run: () => ['scripts/ci/kill.ts'],
    read: counted(/^kill: (\d+) passed/m),
  },
  {
    name: 'soak',
    shows: 'a desk on threads with faults: memory flat, no growing lag',
    release: 30,
    unit: 'minutes',
    first: 1,
    portion: 30,
    short: 1,
    minutes: 45,
    seedless: true,
    run: (_, cases) => ['scripts/ci/soak.ts', '--minutes', String(cases)],
    // the last of its twelve samples
    read: (output, first) => {
      const minutes = [...output.matchAll(/^minute (\d+\.\d):/gm)].at(-1)?.[1];
      return minutes === undefined ? undefined : { cases: Math.round(Number(minutes)), next: first + 1 };
    },
  },
];

/** Lines of the table that no harness runs, each with why. */
export const withoutHarness: readonly (readonly [string, string])[] = [
  ['stale primary', 'refused by name: there is no second machine yet'],
  ['fuzz per parser', 'refused by name: no fuzzer is built; bad-input, rollout-input and bad-rows plant faults by a table'],
  ['mutation score', 'refused by name: planted bugs and removed controls are counted, mutants of all lines are not made'],
];
