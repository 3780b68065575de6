import { microsUnchecked, type Micros } from './units.ts';

/** Messages that may go: `perSecond` at once, refilled at as many a second; 0 = no limit. Any interval of d seconds lets at most `perSecond` x (1 + d) through. */
export interface TokenBucket {
  readonly perSecond: number;
  tokens: number;
  /** Up to when tokens were added; -1 = it was never looked at. */
  refilledAt: Micros | -1;
}

/** A full bucket. */
export function createTokenBucket(perSecond: number): TokenBucket {
  return { perSecond, tokens: perSecond, refilledAt: -1 };
}

/** Adds what has come since the last look; the rest of a token is kept. */
export function refill(bucket: TokenBucket, at: Micros): void {
  const { perSecond } = bucket;
  if (perSecond === 0) return;
  if (bucket.refilledAt === -1) bucket.refilledAt = at;
  const gained = Math.floor(((at - bucket.refilledAt) * perSecond) / 1_000_000);
  if (gained <= 0) return;
  bucket.tokens = Math.min(perSecond, bucket.tokens + gained);
  bucket.refilledAt = microsUnchecked(bucket.refilledAt + Math.ceil((gained * 1_000_000) / perSecond));
}

/** Takes a token, if more than `leaves` are there. */
export function takeToken(bucket: TokenBucket, leaves = 0): boolean {
  if (bucket.perSecond === 0) return true;
  if (bucket.tokens <= leaves) return false;
  bucket.tokens--;
  return true;
}

/** When the next token comes; undefined = it was never looked at, or has no limit. */
export function nextTokenAt({ perSecond, refilledAt }: TokenBucket): Micros | undefined {
  if (perSecond === 0 || refilledAt === -1) return undefined;
  return microsUnchecked(refilledAt + Math.ceil(1_000_000 / perSecond));
}
