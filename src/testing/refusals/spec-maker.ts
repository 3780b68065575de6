import type { Prng } from '../../base/prng.ts';
import { microsUnchecked } from '../../base/units.ts';
import type { Proposable } from '../../domain/command.ts';
import type { DeploymentSpec, GateSpec } from '../../domain/spec.ts';
import { sealTrials } from '../../domain/trial-seal.ts';
import { canary, paper, rung } from '../rollout/rollout-specs.ts';
import { blueGreen } from '../rollout/swap-desk.ts';
import type { RolloutDesk } from '../rollout/rollout-desk.ts';
import type { CommandTheme } from './command-themes.ts';

const versions = ['1.0.0', '1.1.0', '1.2.0', '1.3.0'];
/** Registered too, so that a spec often finds its version free. */
export const moreVersions = ['2.0.0', '2.1.0', '2.2.0', '2.3.0', '2.4.0', '2.5.0', '2.6.0', '2.7.0'];

/** Specs that deploy, and such as have one thing that does not. */
export class SpecMaker {
  readonly #theme: CommandTheme;
  readonly #desk: RolloutDesk;
  readonly #luck: Prng;
  #made = 0;

  constructor(theme: CommandTheme, desk: RolloutDesk, luck: Prng) {
    this.#theme = theme;
    this.#desk = desk;
    this.#luck = luck;
  }

  deploy(): Proposable {
    const luck = this.#luck;
    const spec = this.#sound();
    const strange = this.#theme === 'specs' || this.#theme === 'paper' ? luck.int(3) > 0 : luck.int(8) === 0;
    return { verb: 'deploy', spec: strange ? this.#strange(spec) : spec };
  }

  #one<T>(of: readonly T[]): T {
    return of[this.#luck.int(of.length)];
  }

  #sound(): DeploymentSpec {
    const luck = this.#luck;
    const id = `d${++this.#made}`;
    const version = this.#one(this.#luck.int(2) === 0 ? versions : moreVersions);
    const approval = { roles: ['RiskManager'] as const, count: 1 + luck.int(2) };
    const ladder = [
      rung(this.#one([100, 500, 9_000])),
      rung(this.#one([500, 9_000]), { entryApproval: luck.int(2) === 0 ? approval : null, minPnL: luck.int(3) === 0 ? '1' : '-1000000' }),
      rung(9_500, { entryGates: luck.int(3) === 0 ? ['parity'] : [] }),
    ];
    const gates: readonly GateSpec[] = [{ name: 'parity', metric: 'orderShortfallBps', test: 'mannWhitney', parameters: { margin: 1 } }];
    const stages = luck.int(3) === 0 ? [rung(this.#one([100, 1_000]))] : ladder;
    const total = this.#desk.core.gate.slices[0].total;
    const frozen = luck.int(5) === 0 ? { freeze: this.#freeze() } : {};
    const spec = canary(id, version, {
      stages,
      gates: stages.some(({ entryGates }) => entryGates.length > 0) ? gates : [],
      autoProgress: luck.int(3) > 0,
      totalCapital: this.#capital(total),
      ...frozen,
      ...(this.#made % 4 === 3 ? { rollbackThresholds: { ...canary(id, version).rollbackThresholds, maxErrorRate: 0.2 } } : {}),
    });
    if (this.#theme === 'paper' || luck.int(9) === 0)
      return paper(id, version, luck.int(2) === 0 ? null : { ...spec, deploymentID: `n${id}` });
    if ((this.#theme === 'swap' || this.#theme === 'frozen') && luck.int(2) === 0) {
      const entryApproval = luck.int(2) === 0 ? approval : null;
      const plan = blueGreen(id, luck.int(3) > 0 ? '1.0.0' : this.#one(versions), version, frozen);
      return plan.blueGreen === null ? plan : { ...plan, blueGreen: { ...plan.blueGreen, entryApproval } };
    }
    return luck.int(this.#theme === 'ladder' ? 4 : 8) === 0 ? { ...spec, baseline: { upTo: this.#one([500, 1_000, 50, 6_000]) } } : spec;
  }

  /** Capital of the slice as a spec says it: whole money of six places. */
  #capital({ hi, lo }: { readonly hi: number; readonly lo: number }): string {
    return String((hi * 2 ** 48 + lo) / 1e6);
  }

  #freeze(): NonNullable<DeploymentSpec['freeze']> {
    const { at } = this.#desk;
    const from = at + (this.#luck.int(3) - 1) * 60_000_000;
    return { zone: 'UTC', weekly: [], dated: [{ from: microsUnchecked(from), to: microsUnchecked(from + 120_000_000) }] };
  }

  /** One thing that is not as it should be. */
  #strange(spec: DeploymentSpec): DeploymentSpec {
    const luck = this.#luck;
    const gate = (more: Partial<GateSpec>): DeploymentSpec => ({
      ...spec,
      gates: [...spec.gates, { name: 'edge', metric: 'netReturn', test: 'psr2012', parameters: {}, ...more }],
    });
    const trials = (n: number, variance: number): DeploymentSpec =>
      gate({
        test: 'dsr',
        parameters: {
          trials: n,
          trialVariance: variance,
          sealed: luck.int(5) === 0 ? 'x' : sealTrials(spec, { trials: n, trialVariance: variance }),
        },
      });
    const venue = spec.venues[0];
    switch (luck.int(6) === 0 ? 2 : luck.int(20)) {
      case 0:
        return { ...spec, handover: { positions: 'transfer', openOrders: 'cancel' } };
      case 1:
        return gate(
          this.#one([{ test: 'oracle' }, { metric: 'mood' }, { test: 'eT' }, { test: 'bettingE' }, { parameters: { minimum: 2 } }]),
        );
      case 2:
        return trials(this.#one([10, 11]), this.#one([0.5, 0.25]));
      case 3:
        return { ...spec, rollbackThresholds: { ...spec.rollbackThresholds, harmE: 20 } };
      case 4:
        return {
          ...spec,
          expect: { ...spec.expect, stressLossPerInterval: 0.1 },
          stages: spec.stages.map((one, n) => (n === 1 ? { ...one, entryGates: ['bets'] } : one)),
          gates: [
            ...spec.gates,
            { name: 'bets', metric: 'netReturn', test: 'bettingE', parameters: { grid: [1, this.#one([2, 10, 11])], minE: 2 } },
          ],
        };
      case 5:
        return {
          ...spec,
          venues: [
            { ...venue, limits: this.#one<Record<string, number>>([{ maxMood: 1 }, { fatFingerBps: 10_001 }, { maxOrderQty: 500 }]) },
          ],
        };
      case 6:
        return { ...spec, venues: [{ ...venue, limits: { maxNotional: this.#one([1e15, 1e15 + 1]) } }] };
      case 7:
        return { ...spec, version: this.#one(['9.9.9', 'custodian', '1.0.0+baseline.1']) };
      case 8:
        return { ...spec, sliceID: 'oil@main.USD' };
      case 9:
        return { ...spec, totalCapital: this.#one(['999', '999999.999999', 'much']) };
      case 10:
        return { ...spec, universe: [...spec.universe, 'Z.V'] };
      case 11:
        return {
          ...spec,
          venues: [...this.#one([[{ ...venue, venueID: 'W' }], [{ ...venue, accountID: 'A9' }], [venue, { ...venue, venueID: 'W' }]])],
        };
      case 12:
        return { ...spec, venues: [] };
      case 13:
        return { ...spec, deploymentID: `d${luck.int(this.#made)}` };
      case 14:
        return blueGreen(spec.deploymentID, this.#one(versions), spec.version, {});
      case 15:
        return { ...spec, baseline: { upTo: this.#one([500, 1_000, 50, 6_000]) } };
      case 16:
        return spec.then === null ? spec : { ...spec, then: this.#strange(spec.then) };
      default:
        return spec;
    }
  }
}
