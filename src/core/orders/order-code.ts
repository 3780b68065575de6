import {
  bracketLegs,
  ordStatuses,
  ordTypes,
  sides,
  timesInForce,
  type BracketLeg,
  type OrdStatus,
  type OrdType,
  type Side,
  type TimeInForce,
} from '../../domain/order.ts';
import type { Ended, Paused, StoredOrder } from './stored-order.ts';

/** The words of an order in the lowest 22 bits of a number: side 1 bit, ordType 3, timeInForce 3, ordStatus 4, leg 2, paused 2, ended 3, four flags. */

const paused: readonly Paused[] = ['none', 'suspended', 'doneForDay'];
const ended: readonly Ended[] = ['none', 'canceled', 'expired', 'rejected', 'doneForDay'];

const sideCode = codes<Side>(sides);
const ordTypeCode = codes<OrdType>(ordTypes);
const timeInForceCode = codes<TimeInForce>(timesInForce);
const ordStatusCode = codes<OrdStatus>(ordStatuses);
const legCode = codes<BracketLeg>(bracketLegs);
const pausedCode = codes<Paused>(paused);
const endedCode = codes<Ended>(ended);

export function packCode(order: StoredOrder): number {
  return (
    sideCode[order.side] |
    (ordTypeCode[order.ordType] << 1) |
    (timeInForceCode[order.timeInForce] << 4) |
    (ordStatusCode[order.ordStatus] << 7) |
    (legCode[order.leg] << 11) |
    (pausedCode[order.paused] << 13) |
    (endedCode[order.ended] << 15) |
    (order.postOnly ? 1 << 18 : 0) |
    (order.reduceOnly ? 1 << 19 : 0) |
    (order.simulated ? 1 << 20 : 0) |
    (order.acknowledged ? 1 << 21 : 0)
  );
}

export function unpackCode(order: StoredOrder, code: number): void {
  order.side = sides[code & 1];
  order.ordType = ordTypes[(code >>> 1) & 7];
  order.timeInForce = timesInForce[(code >>> 4) & 7];
  order.ordStatus = ordStatuses[(code >>> 7) & 15];
  order.leg = bracketLegs[(code >>> 11) & 3];
  order.paused = paused[(code >>> 13) & 3];
  order.ended = ended[(code >>> 15) & 7];
  order.postOnly = (code & (1 << 18)) !== 0;
  order.reduceOnly = (code & (1 << 19)) !== 0;
  order.simulated = (code & (1 << 20)) !== 0;
  order.acknowledged = (code & (1 << 21)) !== 0;
}

function codes<W extends string>(words: readonly W[]): Readonly<Record<W, number>> {
  return Object.fromEntries(words.map((word, i) => [word, i])) as Record<W, number>;
}
