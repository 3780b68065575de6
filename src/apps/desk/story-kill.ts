import type { Seq } from '../../domain/ids.ts';
import { modeOf } from '../../core/risk/order-gate.ts';
import { askTwo } from './ask-two.ts';
import { deskPeople } from './people.ts';
import type { Session } from './session.ts';

/** How long the latch of the story holds before two people open it (microseconds). */
const latched = 60_000_000;
const reason = 'the exchange looks wrong: everything back until somebody has looked';

/** The story's own kill: who engaged it, what came back and when, who let it go on, and what went on. */
export interface StoryKill {
  readonly engagedBy: string;
  readonly reason: string;
  readonly seq: Seq;
  readonly at: number;
  /** Orders sent when it was released: more of them show that the desk trades again. */
  ordersBefore: number;
  releasedBy: readonly string[];
  resumed: readonly string[];
}

/** Engaged by one person. @returns undefined when somebody else has done so. */
export async function engageKill(session: Session): Promise<StoryKill | undefined> {
  if (session.view.killed) return undefined;
  const { trader } = deskPeople;
  const { seq } = await session.ask({ verb: 'kill', reason }, trader);
  const at = session.desk.now;
  return { engagedBy: trader.personID, reason, seq, at, ordersBefore: 0, releasedBy: [], resumed: [] };
}

/** Every order has come to its end and the latch has held for its time. */
export function mayRelease({ core, desk }: Session, { at }: StoryKill): boolean {
  return desk.now >= at + latched && core.rollout.kills.every(({ escalateAt }) => escalateAt === 0);
}

/**
 * Released by two people, one who proposes and one who agrees; then what it stopped is resumed. @returns false when that is refused: somebody has killed again, or keeps the
 * proposal from its second yes.
 */
export async function releaseKill(session: Session, told: StoryKill): Promise<boolean> {
  const { senior, admin, risk } = deskPeople;
  const { core, view } = session;
  const released = await askTwo(session, { verb: 'release', reason: 'looked at: the exchange is well' }, senior, admin);
  if (!released) return false;
  told.releasedBy = [senior.personID, admin.personID];
  told.ordersBefore = view.orderCount;
  const stopped = core.rollout.deployments.filter(({ row, ix, phase }) => {
    const { serving, lifecycle } = core.rollout;
    // whoever stands by has nothing to go on with but the simulator
    if (serving[row] !== ix || lifecycle[row] === 'Standby') return false;
    return (phase === 'Paused' || phase === 'Healthy') && modeOf(core.gate, row) === 'CANCEL_ONLY';
  });
  const resumed: string[] = [];
  for (const { spec } of stopped) {
    const { accepted } = await session.ask(
      { verb: 'resume', deploymentID: spec.deploymentID, reason: 'the kill switch is released' },
      risk,
    );
    if (accepted) resumed.push(spec.deploymentID);
  }
  told.resumed = resumed;
  return true;
}
