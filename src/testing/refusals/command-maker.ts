import type { Prng } from '../../base/prng.ts';
import { microsUnchecked } from '../../base/units.ts';
import type { Actor } from '../../domain/actor.ts';
import type { Command, Proposable } from '../../domain/command.ts';
import type { KillTarget } from '../../domain/kill.ts';
import type { LimitKey, LimitScope } from '../../domain/limit.ts';
import { limitNames, limitScopes } from '../../domain/limit.ts';
import { admin, admin2, risk, senior, senior2, sliceID, trader, type RolloutDesk, type Turn } from '../rollout/rollout-desk.ts';
import type { CommandTheme } from './command-themes.ts';
import type { Given } from './command-book.ts';
import { SpecMaker } from './spec-maker.ts';

const people: readonly Actor[] = [risk, senior, senior2, admin, admin2, trader, { personID: 'nora', roles: ['Auditor'] }];
const versions = ['1.0.0', '1.1.0', '1.2.0', '1.3.0'];
const reason = 'life';
const targets: readonly KillTarget[] = [
  { scope: 'firm', id: '' },
  { scope: 'venue', id: 'V' },
  { scope: 'account', id: 'A1' },
  { scope: 'strategy', id: 'algo' },
  { scope: 'venue', id: 'nowhere' },
];
/** Kinds of commands about what is deployed. */
const kinds = 14;
/** Verbs that take two people, or may. */
const expanding = [
  'promote',
  'retry',
  'waive',
  'unhalt',
  'release',
  'startStrategy',
  'allocate',
  'setSlice',
  'setLimit',
  'unrestrict',
  'tellSignal',
  'acceptTrials',
  'acceptBreak',
];

/** Commands as people give them: mostly what could be done, with something wrong now and then. */
export class CommandMaker {
  readonly #theme: CommandTheme;
  readonly #desk: RolloutDesk;
  readonly #luck: Prng;
  readonly #specs: SpecMaker;
  readonly #proposals: { readonly id: string; readonly digest: string }[] = [];
  readonly #said: { readonly key: string; readonly given: Given }[] = [];
  #keys = 0;
  /** What is spoken of most in this life. */
  readonly #focus: readonly number[];

  constructor(theme: CommandTheme, desk: RolloutDesk, luck: Prng) {
    this.#theme = theme;
    this.#desk = desk;
    this.#luck = luck;
    this.#specs = new SpecMaker(theme, desk, luck);
    this.#focus = [luck.int(kinds), luck.int(kinds), luck.int(kinds)];
  }

  take(turn: Turn): void {
    for (const one of turn.decisions)
      if (one.kind === 'proposalChanged' && one.state === 'open') this.#proposals.push({ id: one.proposalID, digest: one.digest });
  }

  /** A row that may trade; -1 = there is none. */
  row(): number {
    const rows = this.#desk.core.gate.rows.filter(({ custodian }) => !custodian);
    return rows.length === 0 ? -1 : this.#one(rows).ix;
  }

  next(): { readonly given: Given; readonly key: string } {
    const luck = this.#luck;
    const key = `key${++this.#keys}`;
    const again = this.#said.length > 0 && luck.int(25) === 0 ? this.#one(this.#said) : undefined;
    if (again !== undefined && luck.int(2) === 0) return again;
    const given = this.#given();
    if (again !== undefined) return { given, key: again.key };
    this.#said.push({ key, given });
    return { given, key };
  }

  #one<T>(of: readonly T[]): T {
    return of[this.#luck.int(of.length)];
  }

  /** A late yes or no, where anything waits. */
  late(): Given | undefined {
    return this.#proposals.length === 0 ? undefined : this.#answer();
  }

  #given(): Given {
    const luck = this.#luck;
    if (this.#proposals.length > 0 && luck.int(5) === 0) return this.#answer();
    const command = this.#command();
    const proposes = expanding.includes(command.verb) && luck.int(3) === 0;
    // mostly somebody who may, and two who may
    const crooked = this.#theme === 'people' ? 4 : 12;
    const [actor, second] = luck.int(crooked) === 0 ? [this.#one(people), this.#one([null, ...people])] : this.#fit(command);
    const expectedRevision = luck.int(2 * crooked) === 0 ? luck.int(5) : null;
    return { actor, approvedBy: proposes ? null : second, expectedRevision, command: proposes ? { verb: 'propose', command } : command };
  }

  #fit(command: Command): readonly [Actor, Actor | null] {
    switch (command.verb) {
      case 'setSlice':
      case 'registerVersion':
      case 'knowPeople':
        return [admin, admin2];
      case 'release':
        return [senior, senior2];
      case 'approve':
        return [this.#one([risk, senior, admin, senior2]), null];
      case 'deploy':
        return [this.#one([trader, trader, risk, admin2]), null];
      default:
        return this.#one([
          [risk, senior2],
          [risk, admin2],
          [senior2, risk],
          [admin2, risk],
        ] as const);
    }
  }

  /** Yes or no to what waits or has waited. */
  #answer(): Given {
    const luck = this.#luck;
    const { id, digest } = luck.int(3) === 0 ? this.#one(this.#proposals) : this.#proposals[this.#proposals.length - 1];
    const draw = luck.int(12);
    const command: Command =
      draw < 2
        ? { verb: 'disagree', proposalID: id, reason }
        : { verb: 'agree', proposalID: draw === 2 ? 'p999' : id, digest: draw === 3 ? 'f'.repeat(64) : digest };
    return { actor: this.#one(people), approvedBy: null, expectedRevision: luck.int(20) === 0 ? 1 : null, command };
  }

  #command(): Proposable {
    switch (this.#theme) {
      case 'numbers':
        return this.#luck.int(4) === 0 ? this.#onDesk() : this.#number();
      case 'crowd':
        return this.#luck.int(5) === 0 ? this.#slice() : this.#luck.int(3) === 0 ? this.#onDesk() : this.#specs.deploy();
      case 'specs':
      case 'paper':
        return this.#luck.int(5) === 0 ? this.#onDesk() : this.#specs.deploy();
      case 'orders':
        return this.#luck.int(3) === 0 ? this.#specs.deploy() : this.#onDesk();
      default:
        return this.#luck.int(8) === 0 ? this.#specs.deploy() : this.#luck.int(20) === 0 ? this.#number() : this.#onDesk();
    }
  }

  #deploymentID(): string {
    const { deployments } = this.#desk.core.rollout;
    const degraded = deployments.filter(({ phase }) => phase === 'Degraded');
    if (degraded.length > 0 && this.#luck.int(4) === 0) return this.#one(degraded).spec.deploymentID;
    if (deployments.length === 0 || this.#luck.int(40) === 0) return 'nobody';
    const alive = deployments.filter(({ phase }) => phase !== 'Aborted');
    return this.#one(alive.length > 0 && this.#luck.int(8) > 0 ? alive : deployments.slice(-5)).spec.deploymentID;
  }

  #version(): string {
    const luck = this.#luck;
    const known = this.#desk.core.gate.rows.flatMap(({ custodian, version }) => (custodian ? [] : [version]));
    return luck.int(40) === 0 ? this.#one(['9.9.9', 'custodian']) : this.#one(known.length > 0 && luck.int(4) > 0 ? known : versions);
  }

  /** About what is deployed, or all of it. */
  #onDesk(): Proposable {
    const luck = this.#luck;
    const deploymentID = this.#deploymentID();
    const version = this.#version();
    const slice = luck.int(40) === 0 ? 'oil@main.USD' : sliceID;
    const algorithmID = luck.int(12) === 0 ? 'oracle' : 'algo';
    const makers: readonly (() => Proposable)[] = [
      () => ({ verb: this.#one(['pause', 'resume', 'resume', 'resume', 'deny'] as const), deploymentID, reason }),
      () => ({ verb: this.#one(['resume', 'retry', 'retry', 'undo', 'resume'] as const), deploymentID, reason }),
      () => ({ verb: this.#one(['abort', 'rollback', 'resume', 'undo'] as const), deploymentID, reason }),
      () => ({ verb: 'promote', deploymentID, reason, waives: this.#waives() }),
      () => ({ verb: 'promote', deploymentID, reason, waives: this.#waives() }),
      () => this.#approve(deploymentID),
      () => ({
        verb: 'waive',
        deploymentID,
        stage: luck.int(2) === 0 ? 1 : luck.int(4) - 1,
        gate: this.#one(['parity', 'parity', 'paper', 'agreement', 'fresh']),
        reason,
      }),
      () => ({ verb: this.#one(['halt', 'unhalt', 'unhalt', 'unhalt'] as const), sliceID: slice, version, reason }),
      () => ({ verb: 'flatten', sliceID: slice, version, mode: 'limit', slippageBps: this.#one([50, 0, 10_000, 10_001, 0.5, -1]), reason }),
      () => ({ verb: 'allocate', sliceID: slice, version, allocation: this.#allocation(version), reason }),
      () => ({ verb: 'allocate', sliceID: slice, version, allocation: this.#allocation(version), reason }),
      () => ({ verb: this.#one(['startStrategy', 'pauseStrategy', 'startStrategy', 'stopStrategy'] as const), algorithmID, reason }),
      () =>
        luck.int(3) > 0
          ? { verb: 'promote', deploymentID, reason, waives: this.#waives() }
          : { verb: luck.int(4) === 0 ? 'kill' : 'release', reason, target: this.#one(targets) },
      () => ({ verb: 'release', reason, target: this.#one(targets) }),
    ];
    return (luck.int(3) > 0 ? makers[this.#one(this.#focus)] : this.#one(makers))();
  }

  #waives(): readonly string[] {
    return this.#one([
      [],
      ['minDuration'],
      ['minDuration', 'approval'],
      ['minDuration', 'approval', 'minPnL', 'minTrades', 'parity'],
      ['minDuration', 'parity'],
      ['fresh'],
      ['no such gate'],
    ]);
  }

  #allocation(version: string): number {
    const served = this.#desk.core.rollout.deployments.findLast(({ spec, stage }) => spec.version === version && stage >= 0);
    const granted = served?.spec.stages.at(served.stage)?.allocation ?? 0;
    if (granted > 0 && this.#luck.int(3) > 0) return this.#one([granted, granted / 2, granted, granted / 2, granted + 1]);
    return this.#one([0, 50, 100, 200, 500, 900, 1_000, 5_000, 9_000, 10_000, 10_001, 0.5, -1]);
  }

  #approve(deploymentID: string): Proposable {
    const deployment = this.#desk.core.rollout.deployments.find(({ spec }) => spec.deploymentID === deploymentID);
    const specHash = this.#luck.int(8) === 0 ? 'f'.repeat(64) : (deployment?.spec.specHash ?? '');
    const asked = deployment?.spec.stages.findIndex(({ entryApproval }) => entryApproval !== null) ?? -1;
    return { verb: 'approve', deploymentID, stage: asked >= 0 && this.#luck.int(4) > 0 ? asked : this.#luck.int(4), specHash };
  }

  /** Numbers, names and everything that is not about a deployment. */
  #number(): Proposable {
    const luck = this.#luck;
    const { core, at } = this.#desk;
    const scope = luck.int(20) === 0 ? ('planet' as never) : luck.int(2) === 0 ? 'firm' : this.#one(limitScopes);
    const ids: Partial<Record<LimitScope, string>> = {
      firm: '',
      account: 'A1',
      algorithm: 'algo',
      version: `${sliceID}/1.0.0`,
      venue: 'V',
      instrument: 'X',
      sector: '',
    };
    const limit = this.#one(
      luck.int(3) === 0 ? limitNames : (['maxNotional', 'duplicateWindow', 'volatilityCutAbove', 'fatFingerBps'] as const),
    );
    const key: LimitKey = { scope, scopeID: luck.int(10) === 0 ? 'nobody' : (ids[scope] ?? ''), limit };
    const value = this.#one([null, 0, 10, 20, 5_000, 10_000, 10_001, 0.5, -1, 2 ** 53, 1_000_000_000_000_000, 1_000_000_000_000_001]);
    const known = core.rollout.trialHeads.get('algo')?.trials ?? 10;
    const makers: readonly (() => Proposable)[] = [
      () => ({ verb: 'setLimit', key, value, reason }),
      () => ({ verb: 'setLimit', key, value, reason }),
      () => ({ verb: 'setLimit', key, value, reason }),
      () => ({
        verb: 'tellSignal',
        name: luck.int(10) === 0 ? 'VXN' : 'VIX',
        value: this.#one([20, 31, 30, 45, -1, 10_000, 10_001]),
        knownAt: this.#one([null, null, microsUnchecked(at), microsUnchecked(at + 1), microsUnchecked(at - 1_000_000)]),
        reason,
      }),
      () => ({
        verb: 'acceptTrials',
        algorithmID: luck.int(10) === 0 ? 'oracle' : 'algo',
        trials: this.#one([known, known + 1, known - 1, 0, 1.5]),
        trialVariance: this.#one([0.5, 0.5, 0.25, -1]),
        head: this.#one(['a', 'b', 'c', 'x']).repeat(64),
        bytes: this.#one([100, 200, 300, 0]),
      }),
      () => ({ verb: this.#one(['restrict', 'unrestrict', 'unrestrict'] as const), instrumentID: this.#one(['X', 'Y', 'Z']), reason }),
      () => this.#slice(),
      () => this.#slice(),
      () => ({
        verb: 'registerVersion',
        algorithmID: 'algo',
        version: this.#one(versions),
        artifactDigest: this.#one(['a', 'b']).repeat(64),
      }),
      () => ({ verb: 'reconcile', reason }),
      () => ({ verb: 'acceptBreak', breakID: this.#one([...core.reconciliation.breaks.keys(), 'b99']), reason }),
    ];
    return this.#one(makers)();
  }

  #slice(): Proposable {
    const luck = this.#luck;
    return {
      verb: 'setSlice',
      sliceID: luck.int(4) === 0 ? `other${luck.int(4)}@main.USD` : sliceID,
      algorithmID: luck.int(8) === 0 ? 'other' : 'algo',
      accountGroup: 'main',
      currency: luck.int(10) === 0 ? 'EUR' : 'USD',
      totalCapital: this.#one(['1000000', '1100000', '900000', '500000', '50000', 'much', '1.0000001']),
      reserve: this.#one(['100000', '50000', '895000', '990000', '0', '2000000']),
    };
  }
}
