import type { DeploymentSpec, GateSpec } from '../../domain/spec.ts';
import { baselineNames, type BaselineName } from './baseline.ts';
import { refuseTrials } from './trial-terms.ts';

/** Every declared test with the metrics that it judges; `paper`: only on paper, `capital`: only before capital. */
export const gateTests = [
  { test: 'bettingE', metrics: ['netReturn'], where: 'capital' },
  { test: 'pairedE', metrics: ['netReturn', 'orderShortfallBps'], where: 'capital' },
  { test: 'bernoulliE', metrics: ['winRate', 'errorRate'], where: 'both' },
  { test: 'mannWhitney', metrics: ['latencyMs', 'orderShortfallBps'], where: 'capital' },
  { test: 'modelError', metrics: ['slippage'], where: 'capital' },
  { test: 'psr2012', metrics: ['netReturn'], where: 'both' },
  { test: 'psr2025', metrics: ['netReturn'], where: 'both' },
  { test: 'minTRL', metrics: ['netReturn'], where: 'both' },
  { test: 'dsr', metrics: ['netReturn'], where: 'both' },
  { test: 'eT', metrics: ['netReturn'], where: 'paper' },
] as const satisfies readonly {
  readonly test: string;
  readonly metrics: readonly string[];
  readonly where: 'capital' | 'paper' | 'both';
}[];

export function numberOf(gate: GateSpec, name: string, otherwise: number): number {
  const value = gate.parameters[name];
  return typeof value === 'number' ? value : otherwise;
}

/** e-value that a gate asks for: minE, or 1 / alpha. */
export function wantedE(gate: GateSpec, otherwise: number): number {
  const alpha = numberOf(gate, 'alpha', NaN);
  return numberOf(gate, 'minE', alpha > 0 ? 1 / alpha : otherwise);
}

export function againstOf(gate: GateSpec): BaselineName {
  return baselineNames.find((name) => name === gate.parameters['against']) ?? 'baseline';
}

/** Largest move against the bet of a paired process, in the unit of its metric; NaN = it is not declared. */
export function pairedStress(gate: GateSpec, stressLoss: number | null): number {
  const named = numberOf(gate, 'stress', NaN);
  return Number.isNaN(named) && gate.metric === 'netReturn' && stressLoss !== null ? 2 * stressLoss : named;
}

/** Why a spec's declared gates cannot be judged; undefined = they can. What is not built is refused by its name. */
export function refuseGates(spec: DeploymentSpec): string | undefined {
  for (const gate of spec.gates) {
    const text = refuseTest(spec, gate) ?? refuseNumbers(spec, gate);
    if (text !== undefined) return `gate ${gate.name}: ${text}`;
  }
  return undefined;
}

function refuseTest(spec: DeploymentSpec, { test, metric }: GateSpec): string | undefined {
  const known = gateTests.find((one) => one.test === test);
  if (known === undefined) return `test: expected one of ${gateTests.map((one) => one.test).join(', ')}, was ${test}`;
  if (!known.metrics.some((one) => one === metric)) return `metric: ${test} judges ${known.metrics.join(', ')}, was ${metric}`;
  if (spec.strategy === 'BlueGreen') return 'a blue/green swap asks its own gates: declared ones belong to a ladder or a paper run';
  const onPaper = spec.strategy === 'PaperTrading';
  if (known.where === 'paper' && !onPaper) return `${test} holds for normal returns only: expected it on paper, never before capital`;
  if (known.where === 'capital' && onPaper) return `${test} is asked before capital, not on paper`;
  return undefined;
}

function refuseNumbers(spec: DeploymentSpec, gate: GateSpec): string | undefined {
  const { against } = gate.parameters;
  if (against !== undefined && !baselineNames.some((name) => name === against))
    return `against: expected one of ${baselineNames.join(', ')}, was ${String(against)}`;
  switch (gate.test) {
    case 'pairedE': {
      const stress = pairedStress(gate, spec.expect.stressLossPerInterval);
      const margin = numberOf(gate, 'margin', 0);
      // nothing was said of the tail: it is judged, and inconclusive
      if (!Number.isNaN(stress) && !(stress > 0)) return `stress: expected the largest difference of one interval above 0, was ${stress}`;
      if (!(margin >= 0) || margin >= stress) return `margin: expected 0 up to stress (${stress}), was ${margin}`;
      return wantedE(gate, NaN) > 1 ? undefined : 'expected minE above 1, or alpha between 0 and 1';
    }
    case 'bernoulliE': {
      const name = gate.metric === 'winRate' ? 'minimum' : 'maximum';
      const rate = numberOf(gate, name, NaN);
      if (!(rate > 0 && rate < (gate.metric === 'winRate' ? 0.99 : 0.5))) return `${name}: expected a rate between 0 and 1, was ${rate}`;
      return wantedE(gate, 20) > 1 ? undefined : 'expected minE above 1, or alpha between 0 and 1';
    }
    case 'mannWhitney': {
      const margin = numberOf(gate, 'margin', NaN);
      if (!(margin > 0)) return `margin: expected how much worse in ${gate.metric} is still the same, above 0`;
      const samples = numberOf(gate, 'samples', 100);
      return Number.isInteger(samples) && samples >= 20 && samples <= 512 ? undefined : `samples: expected 20…512, was ${samples}`;
    }
    case 'modelError': {
      const maximum = numberOf(gate, 'maximum', 0.05);
      if (!(maximum > 0 && maximum <= 1)) return `maximum: expected a share of the realized slippage above 0 and at most 1, was ${maximum}`;
      const orders = numberOf(gate, 'orders', 100);
      if (!(Number.isInteger(orders) && orders >= 30 && orders <= 65_536)) return `orders: expected 30…65536, was ${orders}`;
      const alpha = numberOf(gate, 'alpha', 0.05);
      if (!(alpha > 0 && alpha < 0.5)) return `alpha: expected a probability above 0 and below 0.5, was ${alpha}`;
      return against === undefined || against === 'shadow'
        ? undefined
        : `against: modelError is judged beside a shadow, was ${String(against)}`;
    }
    case 'psr2012':
    case 'psr2025':
    case 'minTRL': {
      const minimum = numberOf(gate, 'minimum', 0.95);
      return minimum > 0 && minimum < 1 ? undefined : `minimum: expected a probability between 0 and 1, was ${minimum}`;
    }
    case 'dsr': {
      const minimum = numberOf(gate, 'minimum', 0.95);
      if (!(minimum > 0 && minimum < 1)) return `minimum: expected a probability between 0 and 1, was ${minimum}`;
      return refuseTrials(spec, gate);
    }
    case 'eT':
      return wantedE(gate, 20) > 1 ? undefined : 'expected minE above 1, or alpha between 0 and 1';
    default:
      return undefined;
  }
}
