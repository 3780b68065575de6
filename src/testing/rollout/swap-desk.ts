import type { HandoverEvent, HandoverNotice } from '../../domain/swap.ts';
import type { DeploymentSpec } from '../../domain/spec.ts';
import type { Effect } from '../../domain/effect.ts';
import { canary } from './rollout-specs.ts';
import { answerOf, risk, senior2, trader, type RolloutDesk, type Turn } from './rollout-desk.ts';

const none = { days: 0, micros: 0 };
export const stateHash = 'c'.repeat(64);

/** A blue/green of `blue` to `green` over both listings: no warm-up, a minute of watching. */
export function blueGreen(deploymentID: string, blue: string, green: string, more: Partial<DeploymentSpec> = {}): DeploymentSpec {
  return canary(deploymentID, green, {
    strategy: 'BlueGreen',
    stages: [],
    totalCapital: '0',
    handover: { positions: 'transfer', openOrders: 'adopt' },
    blueGreen: {
      blueVersion: blue,
      greenVersion: green,
      warmup: none,
      monitoring: { days: 0, micros: 60_000_000 },
      autoRollback: true,
    },
    ...more,
  });
}

/** A host that answers every step of a hand-over as it should, unless `spoil` says otherwise. */
export class FakeHost {
  readonly #desk: RolloutDesk;
  /** Steps that came back from the core, in order. */
  readonly steps: string[] = [];
  readonly #waiting: HandoverNotice[] = [];
  spoil: (notice: HandoverNotice) => HandoverNotice | null = (notice) => notice;
  watermark = 100;

  constructor(desk: RolloutDesk) {
    this.#desk = desk;
  }

  take(effects: readonly Effect[]): void {
    for (const effect of effects) {
      if (effect.kind !== 'handover') continue;
      this.steps.push(effect.verb);
      const answer: Record<typeof effect.verb, HandoverEvent | null> = {
        sync: 'synced',
        try: 'accepted',
        stop: 'stopped',
        adopt: 'adopted',
        wake: 'adopted',
        commit: null,
        abort: null,
      };
      const event = answer[effect.verb];
      if (event === null) continue;
      const row = event === 'stopped' ? effect.from : effect.to;
      const hash = event === 'stopped' ? '' : stateHash;
      const said = this.spoil({
        kind: 'handover',
        swap: effect.swap,
        row,
        event,
        eventSeq: this.watermark,
        exported: hash,
        taken: hash,
        text: '',
      });
      if (said !== null) this.#waiting.push(said);
    }
  }

  /** Nobody says any more what it was asked before. */
  forget(): void {
    this.#waiting.length = 0;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  /** Says the oldest word that waits. */
  answer(): Turn | undefined {
    const notice = this.#waiting.shift();
    if (notice === undefined) return undefined;
    const turn = this.#desk.say(notice);
    this.take(turn.effects);
    return turn;
  }

  answerAll(): void {
    while (this.answer() !== undefined);
  }
}

/** Climbs a ladder of one rung with `version`: it has capital and is Active. */
export function activeVersion(desk: RolloutDesk, version: string, allocation = 1_000): number {
  const base = canary(`ladder-${version}`, version);
  const row = desk.deploy({ ...base, stages: [{ ...base.stages[0], allocation }] });
  for (let n = 0; n < 70; n++) {
    desk.advance(900_000);
    for (const listing of [0, 1]) desk.mark(listing);
  }
  return row;
}

/** Deploys a blue/green, waives what a test desk cannot show, and answers up to the end of its warm-up. */
export function deployGreen(desk: RolloutDesk, host: FakeHost, spec: DeploymentSpec): number {
  const answer = answerOf(desk.order({ verb: 'deploy', spec }, trader));
  if (answer.code !== 'OK') throw new Error(`${answer.code}: ${answer.text}`);
  for (const gate of ['paper', 'agreement'])
    desk.order({ verb: 'waive', deploymentID: spec.deploymentID, stage: 0, gate, reason: 'test' }, risk, senior2);
  const row = desk.rowOf(spec.version);
  desk.host(row, 'loaded');
  host.take(desk.host(row, 'warmed').effects);
  return row;
}

/** Lets deadlines of this very time come due, and says what hosts answer to them. */
export function settleNow(desk: RolloutDesk, host: FakeHost): void {
  for (let n = 0; n < 32; n++) {
    host.answerAll();
    const from = desk.turns.length;
    desk.advance(0);
    for (const turn of desk.turns.slice(from)) host.take(turn.effects);
    if (desk.turns.length === from && host.waiting === 0) return;
  }
}
