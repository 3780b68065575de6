import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import colors from 'picocolors';
import { ControlQueue } from '../desk/control.ts';
import { People } from '../verbs/people-file.ts';
import { coreDigest } from '../desk/core-digest.ts';
import { exitCodes } from '../desk/exit-codes.ts';
import { finish, type Ending } from '../desk/finish.ts';
import { startFollower, tellFollower } from '../desk/follower.ts';
import { headFile, openJournal, takeDirectory, type DeskDirectory } from '../desk/journal-files.ts';
import { recordedSource, syntheticSource } from '../desk/market-source.ts';
import { Pace, type Speed } from '../desk/pace.ts';
import { Session } from '../desk/session.ts';
import { recordedPlan, storyStrategies, syntheticPlan } from '../desk/story-plan.ts';
import { denialsOf, storyIDs, tellStory } from '../desk/story.ts';
import { Interrupt } from './interrupt.ts';
import { LiveView } from './live-view.ts';
import { lineOf } from './narrator.ts';
import { print } from './output.ts';

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
  const { journal, past } = await openJournal(directory.path, digest, 'group');
  const live = !json && process.stdout.isTTY ? new LiveView(process.stdout) : undefined;
  const interrupt = new Interrupt();
  const say = (line: string): void => {
    live?.tell(line);
    if (live === undefined && !json) process.stdout.write(`${line}\n`);
  };
  const told: string[] = [];
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
      const line = lineOf(at, decision);
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
  const follower = directory.kept ? startFollower(directory.path, digest) : undefined;
  await tellStory(session, plan, new Pace(speed, session.desk.now), controls, (chapter) => {
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
  report(session, ending, json, directory);
  process.exitCode = exitCodeOf(session, ending, interrupt.asked);
}

/** In a terminal the last page stays until Ctrl-C; other terminals may still ask. */
async function hold(session: Session, live: LiveView, controls: ControlQueue, interrupt: Interrupt, title: string): Promise<void> {
  while (!interrupt.asked) {
    await controls.serve(session);
    live.draw(session, `${title}   done: Ctrl-C ends and verifies`, true);
    await sleep(100);
  }
}

function exitCodeOf(session: Session, ending: Ending, interrupted: boolean): number {
  const proven = ending.reconciliation.equal && ending.journal.verified && ending.replay.equal;
  if (!proven) return exitCodes.aborted;
  if (interrupted || session.view.killed) return exitCodes.healthy;
  const told = session.view.rollbacks.some(({ completed }) => completed !== null) && denialsOf(session).length >= 2;
  return told ? exitCodes.healthy : exitCodes.aborted;
}

function report(session: Session, ending: Ending, json: boolean, directory: DeskDirectory): void {
  const { view, rollbackClock } = session;
  const stages = [storyIDs.paper, storyIDs.ladder, storyIDs.faulty].flatMap((id) => {
    const deployment = view.deployments.get(id);
    return (deployment?.stages ?? []).map(({ name, allocation, at, reasons }) => ({
      deploymentID: id,
      version: deployment?.spec.version ?? '',
      name,
      allocation: allocation / 10_000,
      at,
      reasons,
    }));
  });
  const phases = Object.fromEntries(
    [...view.deployments.values()].map(({ deploymentID, phase, reason }) => [deploymentID, { phase, reason }]),
  );
  const denials = denialsOf(session).map(({ code, value, limit, scope, seq }) => ({ code, value, limit, scope, seq }));
  const rolledBack = view.rollbacks.find(({ completed }) => completed !== null);
  const rollback = {
    rule: rolledBack?.trigger.rule ?? null,
    fenceUs: Math.round(rollbackClock.fenceUs * 10) / 10,
    cancelsOnWireUs: Math.round(rollbackClock.cancelsOnWireUs * 10) / 10,
    completedUs: rolledBack?.completed?.completedMicros ?? null,
    uncertain: rolledBack?.completed?.uncertain ?? null,
    residual: rolledBack?.completed?.residual ?? null,
  };
  const body = {
    stages,
    phases,
    denials,
    rollback,
    killed: view.killed,
    reconciliation: ending.reconciliation,
    journal: ending.journal,
    replay: ending.replay,
  };
  const yes = (good: boolean): string => (good ? colors.green('yes') : colors.red('NO'));
  const lines = [
    '',
    `rollback     ${rolledBack === undefined ? colors.red('none happened') : `fenced in ${rollback.fenceUs} us, cancels on the wire in ${rollback.cancelsOnWireUs} us (wall clock),`}`,
    ...(rolledBack === undefined
      ? []
      : [
          `             all of it in ${((rollback.completedUs ?? 0) / 1000).toFixed(1)} ms (virtual), uncertain orders ${rollback.uncertain}, residual lots ${rollback.residual}`,
        ]),
    ...[...view.deployments.values()].map(
      ({ deploymentID, phase, reason }) => `${phase.padEnd(12)} ${deploymentID}${reason === '' ? '' : `: ${reason}`}`,
    ),
    `reconciled   ${yes(ending.reconciliation.equal)}: ${ending.reconciliation.positions} positions against the venue, ${ending.reconciliation.breaks} breaks`,
    `verified     ${yes(ending.journal.verified)}: ${ending.journal.entries} entries, root ${ending.journal.root.slice(0, 16)}…`,
    `replay equal ${yes(ending.replay.equal)}: state hash ${ending.replay.stateHash.slice(0, 16)}…`,
    ...(ending.trouble === '' ? [] : [colors.red(ending.trouble)]),
    ...(directory.kept ? [`journal kept in ${directory.path}, its head in ${join(directory.path, headFile)}`] : []),
  ];
  print(json, body, lines.join('\n'));
}
