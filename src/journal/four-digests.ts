import { sha256FirstHash, sha256RoundConstants } from '../base/sha256.ts';
import { digestModule, roundConstantsAt } from './four-digests-code.ts';

/** Memory in which four messages at once are hashed. */
export interface FourDigests {
  readonly bytes: Uint8Array;
  readonly words: Int32Array;
  /** First byte that is the caller's. */
  readonly free: number;
  /** Messages of `blocks` whole blocks, padded, at `at`, `at + stride`, …: their digests go to `out`, one behind the other. */
  readonly digest: (at: number, stride: number, blocks: number, out: number) => void;
}

interface Engine {
  readonly Module: new (code: Uint8Array) => object;
  readonly Instance: new (module: object) => {
    readonly exports: { readonly memory: { readonly buffer: ArrayBuffer }; readonly digest: FourDigests['digest'] };
  };
  readonly validate: (code: Uint8Array) => boolean;
}

const pageBytes = 1 << 16;

/** @param bytes that the caller needs. @returns undefined where the engine has no vectors. */
export function fourDigests(bytes: number): FourDigests | undefined {
  const free = roundConstantsAt + sha256RoundConstants.byteLength;
  const code = digestModule(sha256FirstHash, Math.ceil((free + bytes) / pageBytes));
  const { WebAssembly: engine } = globalThis as unknown as { readonly WebAssembly?: Engine };
  if (engine?.validate(code) !== true) return undefined;
  const { memory, digest } = new engine.Instance(new engine.Module(code)).exports;
  const words = new Int32Array(memory.buffer);
  words.set(sha256RoundConstants, roundConstantsAt / 4);
  return { bytes: new Uint8Array(memory.buffer), words, free, digest };
}
