import type { Prng } from '../../base/prng.ts';
import type { Agenda } from './agenda.ts';
import type { FaultName, FaultPlan } from './fault-plan.ts';
import type { FaultyVenue } from './faulty-venue.ts';
import type { Market } from './market.ts';
import type { SimDisk } from './sim-disk.ts';
import type { VenueLine } from './venue-line.ts';

/** What troubles act on. */
export interface Troubled {
  readonly agenda: Agenda;
  readonly disk: SimDisk;
  readonly lines: readonly VenueLine[];
  readonly venues: readonly FaultyVenue[];
  readonly market: Market;
  crash(kind: 'kill9' | 'powerCut'): void;
  stepClock(micros: number): void;
  stray(): void;
}

type Trouble = (troubled: Troubled, luck: Prng) => void;

/** Faults that happen at a time, with the mean time between two of them at their largest rate (microseconds). */
const troubles: readonly (readonly [FaultName, number, Trouble])[] = [
  ['kill9', 12_000_000, (world) => world.crash('kill9')],
  ['powerCut', 12_000_000, (world) => world.crash('powerCut')],
  ['bitRot', 15_000_000, ({ disk }) => disk.rot()],
  [
    'diskFull',
    8_000_000,
    ({ disk, agenda }, luck) => {
      disk.fill(true);
      agenda.after(luck.exponential(1_500_000), () => disk.fill(false));
    },
  ],
  ['clockStep', 6_000_000, (world, luck) => world.stepClock((luck.int(6_000_000) - 3_000_000) * (luck.int(4) === 0 ? 1_200 : 1))],
  ['strayEffects', 700_000, (world) => world.stray()],
  ['partition', 5_000_000, partition],
  ['halfOpen', 6_000_000, ({ lines }, luck) => lines[luck.int(lines.length)].halfOpen()],
  ['rateBan', 5_000_000, ({ venues, agenda }, luck) => venues[luck.int(venues.length)].ban(agenda.now + luck.exponential(600_000))],
  [
    'venueRestart',
    8_000_000,
    ({ venues, lines }, luck) => {
      const ix = luck.int(venues.length);
      venues[ix].restart();
      lines[ix].halfOpen();
    },
  ],
  ['silentFeed', 7_000_000, ({ market }, luck) => market.silence(luck.exponential(2_000_000))],
];

/** Messages are lost in one direction or in both for a while. */
function partition({ lines, agenda }: Troubled, luck: Prng): void {
  const line = lines[luck.int(lines.length)];
  const ways = 1 + luck.int(3);
  if ((ways & 1) !== 0) line.out.setCut(true);
  if ((ways & 2) !== 0) line.back.setCut(true);
  agenda.after(luck.exponential(1_200_000), () => {
    line.out.setCut(false);
    line.back.setCut(false);
  });
}

/** Arranges every trouble of the plan, again and again until `healed`. */
export function arrangeTroubles(world: Troubled, luck: Prng, plan: FaultPlan, healed: () => boolean): void {
  for (const [name, mean, happen] of troubles) {
    if (plan[name] === 0) continue;
    const own = luck.fork(name);
    const next = (): void =>
      world.agenda.after(own.exponential(mean / Math.max(0.1, plan[name])), () => {
        if (healed()) return;
        happen(world, own);
        next();
      });
    next();
  }
}
