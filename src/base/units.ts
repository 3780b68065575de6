/** Units are types: a branded number can be made here only, so a price is never taken for a quantity. */
declare const brand: unique symbol;

export type Brand<T, B extends string> = T & { readonly [brand]: B };

/** Price in whole ticks of a listing; negative where an instrument may trade below zero. */
export type Ticks = Brand<number, 'Ticks'>;
/** Quantity in whole lots of a listing; orders are >= 0, positions are signed. */
export type Lots = Brand<number, 'Lots'>;
/** UTC microseconds since 1970-01-01T00:00:00Z. */
export type Micros = Brand<number, 'Micros'>;
/** Hundredths of a percent, finite, may be fractional. */
export type Bps = Brand<number, 'Bps'>;
/** Quantity in base units of an instrument, signed. */
export type BaseQty = Brand<number, 'BaseQty'>;

export function ticks(n: number): Ticks {
  return whole(n, 'ticks') as Ticks;
}

export function lots(n: number): Lots {
  return whole(n, 'lots') as Lots;
}

export function micros(n: number): Micros {
  return whole(n, 'micros') as Micros;
}

export function baseQty(n: number): BaseQty {
  return whole(n, 'baseQty') as BaseQty;
}

export function bps(n: number): Bps {
  if (!Number.isFinite(n)) throw new RangeError(`bps: expected a finite number, was ${String(n)}`);
  return (n + 0) as Bps;
}

/** The unchecked makers are for hot paths where the value is known to be a safe integer. */
export function ticksUnchecked(n: number): Ticks {
  return n as Ticks;
}

export function lotsUnchecked(n: number): Lots {
  return n as Lots;
}

export function microsUnchecked(n: number): Micros {
  return n as Micros;
}

export function baseQtyUnchecked(n: number): BaseQty {
  return n as BaseQty;
}

/** Time `n` microseconds after `t` (before it when `n` is negative). */
export function addMicros(t: Micros, n: number): Micros {
  return micros(t + n);
}

export function negLots(n: Lots): Lots {
  return (0 - n) as Lots;
}

export function negBaseQty(n: BaseQty): BaseQty {
  return (0 - n) as BaseQty;
}

/** Adding 0 turns -0 into 0, so that equal units have equal bytes. */
function whole(n: number, unit: string): number {
  if (!Number.isSafeInteger(n)) throw new RangeError(`${unit}: expected a safe integer, was ${String(n)}`);
  return n + 0;
}
