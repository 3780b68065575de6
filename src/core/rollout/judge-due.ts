import type { Micros } from '../../base/units.ts';
import type { Seq } from '../../domain/ids.ts';
import type { Core } from '../core.ts';
import type { Outcome } from '../outcome.ts';
import { judge } from './controller.ts';
import { judgeProgressive } from './progressive.ts';

/** Judges every deployment whose time has come, each by its strategy. */
export function judgeDue(core: Core, seq: Seq, at: Micros, outcome: Outcome): void {
  for (const deployment of core.rollout.deployments) {
    if (deployment.judgeAt === 0 || deployment.judgeAt > at) continue;
    const { progressive } = deployment.spec;
    if (progressive === null) judge(core, deployment, seq, at, outcome);
    else judgeProgressive(core, deployment, progressive, seq, at, outcome);
  }
}
