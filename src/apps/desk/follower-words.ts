/** What a follower's thread is begun with. */
export interface FollowerOrder {
  readonly directory: string;
  readonly coreDigest: string;
}

/** What it says: a snapshot was taken, or something is wrong with the journal or its decisions. */
export type FollowerWord =
  { readonly kind: 'snapshot'; readonly seq: number; readonly millis: number } | { readonly kind: 'wrong'; readonly text: string };
