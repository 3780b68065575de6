import { microsUnchecked } from '../../base/units.ts';
import type { DeploymentView, DeskView } from '../../projections/desk-view.ts';
import type { PlainObject } from '../../domain/spec-parser/field-reader.ts';
import type { ControlQueue } from './control.ts';
import { exitCodes, Refusal } from './exit-codes.ts';
import { deskPeople } from './people.ts';
import type { Pace } from './pace.ts';
import type { Session } from './session.ts';
import { ladderSpec, paperThenLadder } from './specs.ts';
import type { StoryPlan } from './story-plan.ts';

/** Deployments of the story, by what they are for. */
export const storyIDs = { paper: 'maker-paper', ladder: 'maker-ladder', faulty: 'maker-1.1.0', clumsy: 'clumsy-hand' } as const;

/** Most turns between two looks at what has happened. */
const turnsPerLook = 512;

/** Where the story stands; each chapter begins when the one before has shown what it had to. */
type Chapter = 'climb' | 'fault' | 'slips' | 'done';

/**
 * A version climbs from paper to Medium; the next one, which is faulty, starts its own canary and is rolled back; a clumsy hand is denied twice. The story
 * ends when all of it has been seen, when the market ends, or at its latest time.
 */
export async function tellStory(
  session: Session,
  plan: StoryPlan,
  pace: Pace,
  controls: ControlQueue,
  look: (chapter: Chapter) => boolean,
): Promise<void> {
  const { desk, view } = session;
  const endAt = desk.now + plan.atMost;
  if (session.view.deployments.size === 0) await begin(session, plan);
  let chapter: Chapter = 'climb';
  for (;;) {
    const before: Chapter = chapter;
    chapter = await turnPage(session, plan, chapter);
    if (chapter !== before) continue;
    if (controls.waiting) await controls.serve(session);
    if (!look(chapter) || chapter === 'done' || view.killed) return;
    await pace.breathe(desk.nextAt());
    const until = microsUnchecked(Math.floor(Math.min(endAt, pace.allowedUntil())));
    const state = await desk.advance(until, turnsPerLook, true);
    if (state === 'journalFailed') return;
    if (state === 'feedsEnded' || desk.now >= endAt) {
      await turnPage(session, plan, chapter);
      return;
    }
  }
}

async function begin(session: Session, plan: StoryPlan): Promise<void> {
  const { admin } = deskPeople;
  await session.prepare(plan.totalCapital);
  await session.ask({ verb: 'setLimit', key: { scope: 'firm', scopeID: '', limit: 'fatFingerBps' }, value: plan.fatFingerBps }, admin);
  await session.ask({ verb: 'setLimit', key: { scope: 'firm', scopeID: '', limit: 'priceCollarBps' }, value: plan.priceCollarBps }, admin);
  await session.ask(
    { verb: 'setLimit', key: { scope: 'algorithm', scopeID: 'clumsy', limit: 'duplicateWindow' }, value: plan.duplicateWindow },
    admin,
  );
  await mustDeploy(session, paperThenLadder(storyIDs.paper, 'maker', '1.0.0', plan.good));
}

/** The story's own specs fit its desk; a refusal ends it with the refusal's words. */
async function mustDeploy(session: Session, spec: PlainObject): Promise<void> {
  const answer = await session.deploy(spec, deskPeople.trader);
  // somebody at another terminal may have deployed it already, or stopped the desk
  if (!answer.accepted && answer.code !== 'ALREADY_DEPLOYED' && !session.view.killed)
    throw new Refusal(exitCodes.refused, `${answer.code}: ${answer.text}`);
}

/** Begins the next chapter when this one has shown what it had to. */
async function turnPage(session: Session, plan: StoryPlan, chapter: Chapter): Promise<Chapter> {
  const { view } = session;
  switch (chapter) {
    case 'climb':
      if (!hasClimbed(view)) return chapter;
      await mustDeploy(session, ladderSpec(storyIDs.faulty, 'maker', '1.1.0', plan.faulty));
      return 'fault';
    case 'fault':
      if (!view.rollbacks.some((rollback) => rollback.completed !== null)) return chapter;
      await mustDeploy(session, ladderSpec(storyIDs.clumsy, 'clumsy', '1.0.0', plan.clumsy));
      return 'slips';
    case 'slips':
      return denialsOf(session).length >= 2 ? 'done' : chapter;
    case 'done':
      return chapter;
  }
}

/** The ladder is at its last stage, or it has come to where its evidence ends. */
function hasClimbed(view: DeskView): boolean {
  const paper = view.deployments.get(storyIDs.paper);
  const ladder = view.deployments.get(storyIDs.ladder);
  if (stopped(paper)) return true;
  return ladder !== undefined && (ladder.stages.length >= ladder.spec.stages.length || stopped(ladder));
}

function stopped(deployment: DeploymentView | undefined): boolean {
  return deployment !== undefined && (deployment.phase === 'Paused' || deployment.phase === 'Aborted' || deployment.phase === 'Degraded');
}

/** Denials of the clumsy hand, with their numbers. */
export function denialsOf(session: Session): readonly DeskView['denials'][number][] {
  const row = session.view.deployments.get(storyIDs.clumsy)?.row;
  return session.view.denials.filter((denial) => denial.row === row);
}
