import {
  bracketLegs,
  ordStatuses,
  ordTypes,
  sides,
  timesInForce,
  type BracketLeg,
  type OrdStatus,
  type OrdType,
  type TimeInForce,
} from '../../domain/order.ts';
import type { ExecType } from '../../domain/report.ts';
import type { Ended, Paused, StoredOrder } from './stored-order.ts';

/**
 * The words of an order in the lowest 22 bits of a number: side 1 bit, ordType 3, timeInForce 3, ordStatus 4, leg 2, paused 2, ended 3, four flags.
 * A word's number is its place in its list; switches find it faster than a search through the list.
 */

const paused: readonly Paused[] = ['none', 'suspended', 'doneForDay'];
const ended: readonly Ended[] = ['none', 'canceled', 'expired', 'rejected', 'doneForDay'];

export function packCode(order: StoredOrder): number {
  return (
    (order.side === 'buy' ? 0 : 1) |
    (ordTypeCode(order.ordType) << 1) |
    (timeInForceCode(order.timeInForce) << 4) |
    (ordStatusCode(order.ordStatus) << 7) |
    (legCode(order.leg) << 11) |
    (pausedCode(order.paused) << 13) |
    (endedCode(order.ended) << 15) |
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

function ordTypeCode(word: OrdType): number {
  switch (word) {
    case 'market':
      return 0;
    case 'limit':
      return 1;
    case 'stop':
      return 2;
    case 'stopLimit':
      return 3;
    case 'trailingStop':
      return 4;
    case 'bracket':
      return 5;
  }
}

function timeInForceCode(word: TimeInForce): number {
  switch (word) {
    case 'day':
      return 0;
    case 'gtc':
      return 1;
    case 'ioc':
      return 2;
    case 'fok':
      return 3;
    case 'gtd':
      return 4;
  }
}

/** Place of a state in `ordStatuses`. */
export function ordStatusCode(word: OrdStatus): number {
  switch (word) {
    case 'filled':
      return 3;
    case 'canceled':
      return 6;
    case 'pendingNew':
      return 0;
    case 'new':
      return 1;
    case 'partiallyFilled':
      return 2;
    case 'pendingCancel':
      return 4;
    case 'pendingReplace':
      return 5;
    case 'rejected':
      return 7;
    case 'expired':
      return 8;
    case 'doneForDay':
      return 9;
    case 'suspended':
      return 10;
    case 'unknown':
      return 11;
  }
}

function legCode(word: BracketLeg): number {
  switch (word) {
    case 'none':
      return 0;
    case 'entry':
      return 1;
    case 'stop':
      return 2;
    case 'target':
      return 3;
  }
}

function pausedCode(word: Paused): number {
  switch (word) {
    case 'none':
      return 0;
    case 'suspended':
      return 1;
    case 'doneForDay':
      return 2;
  }
}

function endedCode(word: Ended): number {
  switch (word) {
    case 'none':
      return 0;
    case 'canceled':
      return 1;
    case 'expired':
      return 2;
    case 'rejected':
      return 3;
    case 'doneForDay':
      return 4;
  }
}

/** Place of a report's type in `execTypes`. */
export function execTypeCode(word: ExecType): number {
  switch (word) {
    case 'new':
      return 1;
    case 'trade':
      return 2;
    case 'canceled':
      return 6;
    case 'pendingNew':
      return 0;
    case 'tradeCorrect':
      return 3;
    case 'tradeCancel':
      return 4;
    case 'pendingCancel':
      return 5;
    case 'cancelRejected':
      return 7;
    case 'pendingReplace':
      return 8;
    case 'replaced':
      return 9;
    case 'replaceRejected':
      return 10;
    case 'rejected':
      return 11;
    case 'expired':
      return 12;
    case 'doneForDay':
      return 13;
    case 'suspended':
      return 14;
    case 'restated':
      return 15;
    case 'orderStatus':
      return 16;
    case 'unknownOrder':
      return 17;
    case 'timeout':
      return 18;
  }
}
