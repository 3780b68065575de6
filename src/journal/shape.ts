import { digestBytes } from './digest.ts';
import { defaultCheckpointEvery, defaultSegmentBytes, minSegmentBytes, segmentBytesStep } from './format.ts';

/** What every journal of the same inputs must be given alike for the same root. */
export interface JournalShape {
  readonly coreDigest: Uint8Array;
  readonly term: number;
  readonly segmentBytes: number;
  readonly checkpointEvery: number;
}

export interface ShapeOptions {
  /** SHA-256 of what re-derives the decisions, 64 hex digits. */
  readonly coreDigest: string;
  /** Leadership of the journal, from 1. */
  readonly term: number;
  /** Multiple of 4096, 4096 … 2^31; default 64 MiB. */
  readonly segmentBytes?: number;
  /** Records between checkpoints by count; default 1,024. */
  readonly checkpointEvery?: number;
}

const largestSegment = 2147483648;
const largestU32 = 4294967295;

/** @throws RangeError when an option is out of its range. */
export function shapeOf(options: ShapeOptions): JournalShape {
  const { coreDigest, term, segmentBytes = defaultSegmentBytes, checkpointEvery = defaultCheckpointEvery } = options;
  if (!/^[0-9a-f]{64}$/.test(coreDigest))
    throw new RangeError(`coreDigest: expected ${2 * digestBytes} hex digits, was ${JSON.stringify(coreDigest)}`);
  within('term', term, 1, largestU32);
  within('segmentBytes', segmentBytes, minSegmentBytes, largestSegment);
  if (segmentBytes % segmentBytesStep !== 0)
    throw new RangeError(`segmentBytes: expected a multiple of ${segmentBytesStep}, was ${segmentBytes}`);
  within('checkpointEvery', checkpointEvery, 1, largestU32);
  return { coreDigest: Buffer.from(coreDigest, 'hex'), term, segmentBytes, checkpointEvery };
}

export function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

function within(name: string, n: number, least: number, most: number): void {
  if (!Number.isInteger(n) || n < least || n > most) throw new RangeError(`${name}: expected ${least} … ${most}, was ${n}`);
}
