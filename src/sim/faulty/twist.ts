import type { Command } from '../../domain/command.ts';
import type { DeploymentSpec } from '../../domain/spec.ts';

/** In what a world differs from its twin. */
export interface Twist {
  /** It has a twin that it is compared with. */
  readonly twin: boolean;
  /** All money is so many times as much: what a tick of a lot is worth, and the capital. */
  readonly scale: number;
  /** Commission of each fill, units of 10^-6 USD. */
  readonly commission: number;
}

/** A world that has no twin. */
export const plain: Twist = { twin: false, scale: 1, commission: 0 };

/** A command as it is said where money is scaled. */
export function scaled(command: Command, { scale: by }: Twist): Command {
  if (by === 1) return command;
  if (command.verb === 'setSlice')
    return { ...command, totalCapital: times(command.totalCapital, by), reserve: times(command.reserve, by) };
  return command.verb === 'deploy' ? { ...command, spec: scaledSpec(command.spec, by) } : command;
}

function times(money: string, by: number): string {
  return String(Number(money) * by);
}

function scaledSpec(spec: DeploymentSpec, by: number): DeploymentSpec {
  const { promotionCriteria, stages, then, totalCapital } = spec;
  return {
    ...spec,
    totalCapital: times(totalCapital, by),
    stages: stages.map((stage) => ({ ...stage, minPnL: times(stage.minPnL, by) })),
    promotionCriteria: promotionCriteria && { ...promotionCriteria, minPnL: times(promotionCriteria.minPnL, by) },
    then: then && scaledSpec(then, by),
  };
}
