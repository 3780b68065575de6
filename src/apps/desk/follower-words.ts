/** What a follower's thread is begun with. */
export interface FollowerOrder {
  readonly directory: string;
  readonly coreDigest: string;
  /** Of the snapshot that the desk went on from; 0 = none. */
  readonly snapshotSeq: number;
}

/** What it says: a snapshot was taken, or could not be; something is wrong with the journal or its decisions; or it cannot go on by itself, which harms no desk. */
export type FollowerWord =
  | { readonly kind: 'snapshot'; readonly seq: number; readonly millis: number }
  | { readonly kind: 'unsaved' | 'wrong' | 'lame'; readonly text: string };
