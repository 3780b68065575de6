import { microsUnchecked } from '../../base/units.ts';
import type { DeploymentView, DeskView } from '../../projections/desk-view.ts';
import type { PlainObject } from '../../domain/spec-parser/field-reader.ts';
import type { ControlQueue } from './control.ts';
import { exitCodes, Refusal } from './exit-codes.ts';
import { deskPeople } from './people.ts';
import type { Pace } from './pace.ts';
import type { Session } from './session.ts';
import { ladderSpec, paperRunSpec, paperThenLadder, swapSpec } from './specs.ts';
import { askTwo } from './ask-two.ts';
import { engageKill, mayRelease, releaseKill, type StoryKill } from './story-kill.ts';
import type { StoryPlan } from './story-plan.ts';

/** Deployments of the story, by what they are for. */
export const storyIDs = {
  paper: 'maker-paper',
  ladder: 'maker-ladder',
  next: 'maker-1.0.1-paper',
  faulty: 'maker-1.1.0',
  clumsy: 'clumsy-hand',
  swap: 'maker-1.0.1',
} as const;

/** Most turns between two looks at what has happened. */
const turnsPerLook = 512;
/** Time of the desk between two looks at whether a chapter has shown what it had to (microseconds). */
const pageEvery = 500_000;

/** Where the story stands; each chapter begins when the one before has shown what it had to. */
export type Chapter = 'climb' | 'fault' | 'slips' | 'swap' | 'kill' | 'again' | 'done';

/**
 * A version climbs from paper to Medium on its evidence; the next one, which is faulty, starts its own canary and is rolled back; a clumsy hand is denied twice; a
 * third version takes over from the first without a seam; a kill takes everything back, and two people let it go on. The story ends when all of it has been seen, when
 * the market ends, or at its latest time.
 */
export async function tellStory(
  session: Session,
  plan: StoryPlan,
  pace: Pace,
  controls: ControlQueue,
  look: (chapter: Chapter) => boolean,
): Promise<StoryKill | undefined> {
  const { desk, view } = session;
  const told: Told = {};
  const climbUntil = desk.now + plan.climbAtMost;
  const endAt = desk.now + plan.atMost;
  if (session.view.deployments.size === 0) await begin(session, plan);
  let chapter: Chapter = 'climb';
  // pages are turned at times of the desk, however fast it is shown: the same seed tells the same story
  let pageAt: number = desk.now;
  for (;;) {
    while (desk.now >= pageAt && !isDue(session, pageAt)) {
      chapter = await turnPages(session, plan, chapter, told, desk.now >= climbUntil);
      pageAt += pageEvery;
    }
    if (controls.waiting) await controls.serve(session);
    if (!look(chapter) || chapter === 'done' || (view.killed && chapter !== 'kill')) return told.kill;
    await pace.breathe(desk.nextAt());
    const until = microsUnchecked(Math.floor(Math.min(endAt, pageAt, pace.allowedUntil())));
    const state = await desk.advance(until, turnsPerLook, true);
    if (state === 'journalFailed') return told.kill;
    if (state === 'feedsEnded' || desk.now >= endAt) {
      await turnPages(session, plan, chapter, told, false);
      return told.kill;
    }
  }
}

/** Something is still to be done at that time. */
function isDue({ desk }: Session, at: number): boolean {
  const next = desk.nextAt();
  return next !== undefined && next <= at;
}

/** Goes on to the chapter that waits for something. */
async function turnPages(session: Session, plan: StoryPlan, from: Chapter, told: Told, late: boolean): Promise<Chapter> {
  let chapter = from;
  for (;;) {
    const next = await turnPage(session, plan, chapter, told, late);
    if (next === chapter) return chapter;
    chapter = next;
  }
}

/** What the story keeps of itself on the way. */
interface Told {
  kill?: StoryKill | undefined;
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
  await mustDeploy(session, paperRunSpec(storyIDs.next, 'maker', '1.0.1', plan.good, plan.swap));
}

/** The story's own specs fit its desk; a refusal ends it with the refusal's words. */
async function mustDeploy(session: Session, spec: PlainObject): Promise<void> {
  const answer = await session.deploy(spec, deskPeople.trader);
  // somebody at another terminal may have deployed it already, or stopped the desk
  if (!answer.accepted && answer.code !== 'ALREADY_DEPLOYED' && !session.view.killed)
    throw new Refusal(exitCodes.refused, `${answer.code}: ${answer.text}`);
}

/** Begins the next chapter when this one has shown what it had to. */
async function turnPage(session: Session, plan: StoryPlan, chapter: Chapter, told: Told, late: boolean): Promise<Chapter> {
  const { view } = session;
  switch (chapter) {
    case 'climb':
      if (!late && !hasClimbed(view)) return chapter;
      await mustDeploy(session, ladderSpec(storyIDs.faulty, 'maker', '1.1.0', plan.faulty));
      return 'fault';
    case 'fault':
      if (!view.rollbacks.some((rollback) => rollback.completed !== null)) return chapter;
      await mustDeploy(session, ladderSpec(storyIDs.clumsy, 'clumsy', '1.0.0', plan.clumsy));
      return 'slips';
    case 'slips':
      if (denialsOf(session).length < 2) return chapter;
      await mustDeploy(session, swapSpec(storyIDs.swap, 'maker', '1.0.0', '1.0.1', plan.good, plan.swap));
      return 'swap';
    case 'swap':
      if (waitsForPeople(session)) await promoteSwap(session);
      if (!hasSwapped(view.deployments.get(storyIDs.swap))) return chapter;
      told.kill = await engageKill(session);
      return 'kill';
    case 'kill':
      if (told.kill === undefined) return 'done';
      if (!mayRelease(session, told.kill)) return chapter;
      return (await releaseKill(session, told.kill)) ? 'again' : 'done';
    case 'again':
      return view.orderCount > (told.kill?.ordersBefore ?? 0) ? 'done' : chapter;
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

/** The new version trades and its watch is over, or the swap has come to where its evidence ends. */
function hasSwapped(swap: DeploymentView | undefined): boolean {
  return swap === undefined || swap.phase === 'Healthy' || stopped(swap);
}

/** The versions agree less than a cutover asks for: their simulated and real fills differ, and so do the orders that answer them. */
function waitsForPeople({ core, view }: Session): boolean {
  const deployment = core.rollout.deployments.find(({ spec }) => spec.deploymentID === storyIDs.swap);
  return view.deployments.get(storyIDs.swap)?.phase === 'Paused' && deployment?.failedGate === 'agreement';
}

/** Two people have looked at the difference and say so by name. */
async function promoteSwap(session: Session): Promise<void> {
  const { risk, senior } = deskPeople;
  const reason = 'the same quotes: they differ where a simulated fill came and no real one';
  await askTwo(session, { verb: 'promote', deploymentID: storyIDs.swap, reason, waives: ['agreement'] }, risk, senior);
}

function stopped(deployment: DeploymentView | undefined): boolean {
  return deployment !== undefined && (deployment.phase === 'Paused' || deployment.phase === 'Aborted' || deployment.phase === 'Degraded');
}

/** Denials of the clumsy hand, with their numbers. */
export function denialsOf(session: Session): readonly DeskView['denials'][number][] {
  const row = session.view.deployments.get(storyIDs.clumsy)?.row;
  return session.view.denials.filter((denial) => denial.row === row);
}
