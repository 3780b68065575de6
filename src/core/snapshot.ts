import type { Breathe } from '../base/breath.ts';
import { byteReader, byteWriter, ReadError, type ByteReader, type ByteWriter } from '../base/canonical.ts';
import { GraphMismatch, readGraphInto } from '../base/graph-reader.ts';
import { writeGraph } from '../base/graph-writer.ts';
import { err, ok, type Result } from '../base/result.ts';
import { createCore, type Core, type CoreCapacities } from './core.ts';
import { coreShape } from './generated/core-shape.ts';
import { defaultOrderCapacities } from './orders/order-store.ts';
import { blankOrder } from './orders/stored-order.ts';
import { defaultCapacities } from './risk/capacities.ts';
import { blankRoute } from './risk/route.ts';

/** Largest core, bytes. */
const maxSnapshotBytes = 1 << 30;

/** The pool's places keep the shape that the engine's code is compiled for. */
const made = new Map<string, (place: number) => object>([
  ['orders.pool.orders', blankOrder],
  ['risk.exposure.routes', blankRoute],
]);
/** Constants of the build, and what is worked out anew for each order: no decision hangs on what the one before left there. */
export const leftOut: ReadonlySet<string> = new Set([
  'capacities',
  'orders.capacities',
  'risk.context',
  'risk.limitGroups',
  'risk.exposure.usualRoutes',
  'asker',
]);

/**
 * The whole state of a desk: a core decoded from it takes every further decision as this one would, and has the same state hash. All that is reachable from the
 * core is in it, places of pools and rings included, so that no field of a store can be forgotten. The bytes are the core's own until the next encoding.
 */
export function encodeCore(core: Core, breathe?: Breathe): Uint8Array {
  const writer = byteWriter(1 << 20, maxSnapshotBytes);
  writer.str(coreShape);
  writer.u32(core.term);
  writeCapacities(writer, core.capacities);
  writeGraph(writer, core, leftOut, breathe);
  return writer.view();
}

/** A core as it was, of the capacities that it had; or why these bytes are none that this build can read. */
export function decodeCore(bytes: Uint8Array): Result<Core, string> {
  const reader = byteReader(bytes);
  try {
    const shape = reader.str();
    if (shape !== coreShape) return err(`its records have the shape ${shape.slice(0, 16)}, this build's have ${coreShape}`);
    const core = createCore(reader.u32(), readCapacities(reader));
    readGraphInto(reader, core, made);
    return reader.remaining() === 0 ? ok(core) : err(`expected the end of the core at byte ${reader.offset()}, was ${bytes.length}`);
  } catch (error) {
    // capacities that no store takes are a RangeError of that store
    if (error instanceof RangeError || error instanceof GraphMismatch) return err(error.message);
    throw error;
  }
}

/** Larger capacities are none of this build's. */
const mostCapacity = 1 << 24;

function writeCapacities(writer: ByteWriter, { listings, orders, risk }: CoreCapacities): void {
  writer.u32(listings);
  for (const size of Object.values({ ...defaultOrderCapacities, ...orders })) writer.u32(size);
  for (const size of Object.values({ ...defaultCapacities, ...risk })) writer.u32(size);
}

function readCapacities(reader: ByteReader): CoreCapacities {
  const [listings] = readSizes(reader, ['listings']).values();
  const orders = { ...defaultOrderCapacities, ...Object.fromEntries(readSizes(reader, Object.keys(defaultOrderCapacities))) };
  const risk = { ...defaultCapacities, ...Object.fromEntries(readSizes(reader, Object.keys(defaultCapacities))) };
  return { listings, orders, risk };
}

function readSizes(reader: ByteReader, names: readonly string[]): Map<string, number> {
  const sizes = new Map<string, number>();
  for (const name of names) {
    const size = reader.u32();
    if (size > mostCapacity)
      throw new ReadError({ code: 'MALFORMED', offset: reader.offset(), expected: `${name} of at most ${mostCapacity}` });
    sizes.set(name, size);
  }
  return sizes;
}
