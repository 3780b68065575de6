import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import colors from 'picocolors';
import { ControlQueue } from '../desk/control.ts';
import { People } from '../verbs/people-file.ts';
import { coreDigest } from '../desk/core-digest.ts';
import { exitCodes } from '../desk/exit-codes.ts';
import { isCommitted } from '../../core/rollout/swap.ts';
import { finish } from '../desk/finish.ts';
import { startFollower, tellFollower } from '../desk/follower.ts';
import { headFile, openJournal, takeDirectory, type DeskDirectory } from '../desk/journal-files.ts';
import { recordedSource, syntheticSource } from '../desk/market-source.ts';
import { Pace, type Speed } from '../desk/pace.ts';
import { Session } from '../desk/session.ts';
import { recordedPlan, storyStrategies, syntheticPlan, type StoryPlan } from '../desk/story-plan.ts';
import { StartClock, startText } from '../desk/start-times.ts';
import { StoryLog } from '../desk/story-log.ts';
import { storyBody, type StoryEnd } from '../desk/story-report.ts';
import { denialsOf, tellStory } from '../desk/story.ts';
import { Interrupt } from './interrupt.ts';
import { LiveView } from './live-view.ts';
import { print } from './output.ts';
import { StoryTeller } from './story-teller.ts';
import { storyText } from './story-text.ts';

export interface DemoOptions {
  readonly seed: number;
  readonly speed?: Speed;
  readonly data?: string;
  readonly dir?: string;
  readonly exit?: true;
  readonly json?: true;
}

export async function runDemo(options: DemoOptions): Promise<void> {
  const directory = await takeDirectory(options.dir);
  const controls = new ControlQueue(new People(directory.path));
  directory.lock.listen(controls.listener);
  try {
    await tell(options, directory, controls);
  } finally {
    controls.close();
    await directory.release();
  }
}

async function tell(options: DemoOptions, directory: DeskDirectory, controls: ControlQueue): Promise<void> {
  const json = options.json === true;
  const source = options.data === undefined ? syntheticSource(options.seed) : recordedSource(options.data);
  const plan = options.data === undefined ? syntheticPlan : recordedPlan;
  const digest = coreDigest();
  const clock = new StartClock();
  clock.done('command loaded');
  const { journal, past } = await openJournal(directory.path, digest, 'group', clock);
  clock.done('journal opened');
  const live = !json && process.stdout.isTTY ? new LiveView(process.stdout) : undefined;
  const interrupt = new Interrupt();
  const say = (line: string): void => {
    live?.tell(line);
    if (live === undefined && !json) process.stdout.write(`${line}\n`);
  };
  const told: string[] = [];
  const teller = new StoryTeller();
  const log = new StoryLog();
  const session = new Session({
    source,
    journal,
    coreDigest: digest,
    ...(past === undefined ? {} : { past }),
    seed: String(options.seed),
    firmCapital: plan.totalCapital,
    durability: 'group',
    strategies: storyStrategies,
    onDecision: (at, decision) => {
      log.take(decision);
      const line = teller.tell(at, decision);
      if (line === undefined) return;
      told.push(line);
      say(line);
    },
  });
  const speed = options.speed ?? (json ? 'max' : plan.speed);
  if (!json && live === undefined)
    print(
      false,
      undefined,
      `${colors.bold('plimsoll')}: ${source.description}, ${speed === 'max' ? 'as fast as it goes' : `${speed} virtual seconds per second`}`,
    );
  await session.open();
  clock.done('venues led through the past and compared');
  if (past !== undefined) say(startText(clock.phases));
  const follower = directory.kept ? startFollower(directory.path, digest, past?.found.snapshotSeq) : undefined;
  const kill = await tellStory(session, plan, new Pace(speed, session.desk.now), controls, (chapter) => {
    live?.draw(session, `${source.description}   ${chapter}`);
    return !interrupt.asked && (follower?.wrong ?? '') === '';
  });
  if (options.exit !== true && !json && live !== undefined && !interrupt.asked)
    await hold(session, live, controls, interrupt, source.description);
  live?.close();
  if (live !== undefined) for (const line of told) process.stdout.write(`${line}\n`);
  await follower?.end();
  const ending = await finish(session, journal, directory.path, interrupt.asked ? 'interrupted' : 'the story is told');
  tellFollower(follower, ending.trouble);
  if (directory.kept && ending.journal.head !== '') writeFileSync(join(directory.path, headFile), ending.journal.head);
  const end: StoryEnd = { session, ending, log, kill };
  const body = storyBody(end);
  print(json, body, json ? '' : storyText(body, ending, directory));
  process.exitCode = exitCodeOf(end, plan, interrupt.asked);
}

/** In a terminal the last page stays until Ctrl-C; other terminals may still ask. */
async function hold(session: Session, live: LiveView, controls: ControlQueue, interrupt: Interrupt, title: string): Promise<void> {
  while (!interrupt.asked) {
    await controls.serve(session);
    live.draw(session, `${title}   done: Ctrl-C ends and verifies`, true);
    await sleep(100);
  }
}

function exitCodeOf({ session, ending, kill }: StoryEnd, { whole }: StoryPlan, interrupted: boolean): number {
  const proven = ending.reconciliation.equal && ending.journal.verified && ending.replay.equal;
  if (!proven) return exitCodes.aborted;
  if (interrupted || session.view.killed) return exitCodes.healthy;
  const { view, core } = session;
  const told = view.rollbacks.some(({ completed }) => completed !== null) && denialsOf(session).length >= 2;
  const gone = core.rollout.swaps.some(isCommitted) && kill?.releasedBy.length === 2;
  return told && (gone || !whole) ? exitCodes.healthy : exitCodes.aborted;
}
