import type { GateSpec } from '../../domain/spec.ts';
import type { Core } from '../core.ts';
import type { Deployment } from './deployment.ts';
import type { Judgment } from './judgment.ts';
import { judgePaired } from './paired-evidence.ts';
import { judgeRanks, judgeRate } from './sample-gates.ts';
import { judgeSlippage } from './slippage-model.ts';
import { judgeDeflated, judgeDryRun, judgeProbability } from './sharpe-gates.ts';

/** Judges a declared gate of any test but the e-process on its own returns (`edge-gates.ts`). A test that is not there is an error: `refuseGates` has let it in. */
export function judgeDeclared(core: Core, deployment: Deployment, name: string, gate: GateSpec | undefined): Judgment {
  switch (gate?.test) {
    case 'pairedE':
      return judgePaired(core, deployment, gate);
    case 'bernoulliE':
      return judgeRate(core, deployment, gate);
    case 'mannWhitney':
      return judgeRanks(core, deployment, gate);
    case 'psr2012':
    case 'psr2025':
    case 'minTRL':
      return judgeProbability(core, deployment, gate);
    case 'modelError':
      return judgeSlippage(core, deployment, gate);
    case 'dsr':
      return judgeDeflated(core, deployment, gate);
    case 'eT':
      return judgeDryRun(core, deployment, gate);
    default:
      return {
        gate: name,
        verdict: 'error',
        value: NaN,
        limit: NaN,
        text: `${gate === undefined ? name : `${gate.metric} by ${gate.test}`} cannot be judged here`,
      };
  }
}
