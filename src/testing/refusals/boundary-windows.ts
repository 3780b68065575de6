import { microsUnchecked } from '../../base/units.ts';
import type { ZoneName } from '../../base/zone.ts';
import type { Command } from '../../domain/command.ts';
import type { DeploymentSpec, FreezeWindows } from '../../domain/spec.ts';
import { canary, rung } from '../rollout/rollout-specs.ts';
import { admin, admin2, risk, sliceID, trader } from '../rollout/rollout-desk.ts';
import type { BoundaryDesk } from './boundary-desk.ts';

const reason = 'edge';
const minute = 60_000_000;
const day = 86_400_000_000;
/** Six rungs that people give. */
const ladder = [100, 200, 300, 400, 500, 600].map((allocation) => rung(allocation));
const climb = (freeze: FreezeWindows, more: Partial<DeploymentSpec> = {}): DeploymentSpec =>
  canary('climb', '1.0.0', { stages: ladder, autoProgress: false, freeze, ...more });
const promote: Command = { verb: 'promote', deploymentID: 'climb', reason, waives: ['minDuration'] };
const dated = (...windows: readonly (readonly [number, number])[]): FreezeWindows => ({
  zone: 'UTC',
  weekly: [],
  dated: windows.map(([from, to]) => ({ from: microsUnchecked(from), to: microsUnchecked(to) })),
});

/** From its first instant, and not at its end. */
function askAround(b: BoundaryDesk, from: number, to: number): void {
  b.passTo(from - 1);
  b.ask(promote, 'OK');
  b.passTo(from);
  b.ask(promote, 'FREEZE_WINDOW');
  b.passTo(to - 1);
  b.ask(promote, 'FREEZE_WINDOW');
  b.passTo(to);
  b.ask(promote, 'OK');
}

export function ofDates(b: BoundaryDesk): void {
  const at = b.desk.at + 10 * minute;
  b.deploy(climb(dated([at, at + 5 * minute], [at + 20 * minute, at + 20 * minute + 1], [at + 30 * minute, at + 30 * minute + 2])));
  askAround(b, at, at + 5 * minute);
  // windows of one microsecond, and of two
  b.passTo(at + 20 * minute);
  b.ask(promote, 'FREEZE_WINDOW');
  b.passTo(at + 20 * minute + 1);
  b.ask(promote, 'OK');
  b.passTo(at + 30 * minute + 1);
  b.ask(promote, 'FREEZE_WINDOW');
}

/** A window of one weekday, on the local clock: 2023-11-15 is a Wednesday in both zones, which are five and six hours behind. */
function ofWeek(b: BoundaryDesk, zone: ZoneName, behind: number): void {
  const midnight = Math.floor(b.desk.at / day) * day + day + behind * 60 * minute;
  const weekly = [{ days: [3], from: 9 * 60 + 30, to: 16 * 60 }];
  b.deploy(climb({ zone, weekly, dated: [] }));
  askAround(b, midnight + (9 * 60 + 30) * minute, midnight + 16 * 60 * minute);
}

export const ofWeekInNewYork = (b: BoundaryDesk): void => ofWeek(b, 'America/New_York', 5);
export const ofWeekInUTC = (b: BoundaryDesk): void => ofWeek(b, 'UTC', 0);

/** What is due by itself comes in its very microsecond: without a window, at the opening of one, and at the opening too where the next look was planned one later. */
export function byItself(b: BoundaryDesk): void {
  const from = b.desk.at;
  const stages = [rung(100), rung(200), rung(300)];
  const opens = from + 4 * minute;
  b.deploy(canary('plain', '1.1.0', { stages }));
  b.deploy(climb(dated([from + minute / 2, opens]), { stages, autoProgress: true }));
  b.deploy(canary('again', '1.2.0', { stages, freeze: dated([from + minute / 2, opens]) }));
  b.passTo(opens - minute + 1, true);
  b.granted('plain', 1, from + minute);
  b.granted('climb', 1, 0);
  for (const verb of ['pause', 'resume'] as const) b.by(risk, null, { verb, deploymentID: 'again', reason }, 'OK');
  b.passTo(opens, true);
  b.now();
  b.granted('climb', 1, opens);
  b.granted('again', 1, opens);
  b.passTo(opens + 1);
  b.now();
}

/** A version that has completed its only rung is at work too: a slice gets nothing more in its window. */
export function ofSlice(b: BoundaryDesk): void {
  const at = b.desk.at + 5 * minute;
  b.deploy(canary('whole', '1.0.0', { stages: [rung(1_000)], freeze: dated([at, at + minute]) }));
  b.passTo(at - 1, true);
  const raise = (totalCapital: string): Command => ({
    verb: 'setSlice',
    sliceID,
    algorithmID: 'algo',
    accountGroup: 'main',
    currency: 'USD',
    totalCapital,
    reserve: '100000',
  });
  const both = { ...admin2, roles: ['Admin' as const] };
  b.by(admin, both, raise('1000001'), 'OK');
  b.passTo(at);
  b.by(admin, both, raise('1000002'), 'FREEZE_WINDOW');
  b.passTo(at + minute);
  b.by(admin, both, raise('1000002'), 'OK');
}

/** A blue/green deployment is refused inside, in its first instant and in its last. */
export function ofCutover(b: BoundaryDesk): void {
  b.deploy(canary('blue', '1.0.0', { stages: [rung(1_000)] }));
  const at = b.desk.at + minute;
  const spec = (id: string, version: string): DeploymentSpec =>
    canary(id, version, {
      strategy: 'BlueGreen',
      stages: [],
      totalCapital: '0',
      handover: { positions: 'transfer', openOrders: 'adopt' },
      freeze: dated([at, at + minute]),
      blueGreen: {
        blueVersion: '1.0.0',
        greenVersion: version,
        warmup: { days: 0, micros: 0 },
        monitoring: { days: 0, micros: minute },
        autoRollback: true,
      },
    });
  b.passTo(at);
  b.by(trader, null, { verb: 'deploy', spec: spec('g1', '1.1.0') }, 'FREEZE_WINDOW');
  b.passTo(at + minute - 1);
  b.by(trader, null, { verb: 'deploy', spec: spec('g2', '1.1.0') }, 'FREEZE_WINDOW');
  b.passTo(at + minute);
  b.by(trader, null, { verb: 'deploy', spec: spec('g3', '1.1.0') }, 'OK');
}
