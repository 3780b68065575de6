import type { CaptureChunk } from '../../domain/input.ts';
import type { CapturedMarket } from '../desk/capture.ts';

/** What the thread that captures is begun with. */
export interface CaptureOrder {
  readonly directory: string;
  readonly captured: CapturedMarket;
  /** Ring from the core. */
  readonly memory: SharedArrayBuffer;
}

/** `lame`: why nothing is captured any more. */
export type CaptureWord =
  { readonly kind: 'chunk'; readonly chunk: CaptureChunk } | { readonly kind: 'lame'; readonly text: string } | { readonly kind: 'ended' };
