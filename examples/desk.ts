import {
  beginJournal,
  coreDigest,
  finish,
  microsUnchecked,
  Session,
  syntheticSource,
  takeDirectory,
  type Decision,
  type StrategyDefinition,
} from '../src/index.ts';

const capital = '1000000';

/** A desk on the synthetic exchange that a program drives; its journal lies in a directory that goes when it ends. */
export interface ExampleDesk {
  readonly session: Session;
  /** Lets virtual time pass. */
  run(minutes: number): Promise<void>;
  /** Closes the journal and proves it. */
  end(): ReturnType<typeof finish>;
}

export async function openDesk(
  strategies: readonly StrategyDefinition[],
  onDecision: (at: number, decision: Decision) => void = () => undefined,
): Promise<ExampleDesk> {
  const directory = await takeDirectory(undefined);
  const digest = coreDigest();
  const journal = await beginJournal(directory.path, digest, 'group');
  const source = syntheticSource(7);
  const session = new Session({
    source,
    journal,
    coreDigest: digest,
    seed: '7',
    firmCapital: capital,
    durability: 'group',
    strategies,
    onDecision,
  });
  await session.open();
  await session.prepare(capital);
  return {
    session,
    async run(minutes) {
      const until = microsUnchecked(session.desk.now + minutes * 60_000_000);
      while (session.desk.now < until && (await session.desk.advance(until, 512)) === 'running') continue;
    },
    async end() {
      const ending = await finish(session, journal, directory.path, 'the example is over');
      await directory.release();
      return ending;
    },
  };
}
