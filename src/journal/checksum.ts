import * as zlib from 'node:zlib';
import { crc32 as ownCrc32 } from '../base/crc32.ts';

/** CRC-32 of bytes[from, to), continued from `before`. zlib has it from Node 20.15 and 22.2 on; base has it everywhere. */
export const crc32: (bytes: Uint8Array, from: number, to: number, before: number) => number =
  typeof zlib.crc32 === 'function'
    ? (bytes, from, to, before) => zlib.crc32(bytes.subarray(from, to), before)
    : (bytes, from, to, before) => ownCrc32(bytes.subarray(from, to), before);
