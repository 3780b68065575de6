/** CRC-32 of IEEE 802.3 (reflected polynomial 0xEDB88320), as used by gzip; detects accidents, not attackers. */
const TABLE = table();

/** Checksum of `bytes` as an unsigned 32-bit integer; pass the checksum of the part before to continue it. */
export function crc32(bytes: Uint8Array, before = 0): number {
  let c = ~before;
  for (let i = 0; i < bytes.length; i++) c = TABLE[(c ^ bytes[i]) & 255] ^ (c >>> 8);
  return ~c >>> 0;
}

function table(): Int32Array {
  const out = new Int32Array(256);
  for (let n = 0; n < 256; n++) {
    let c = n;
    for (let bit = 0; bit < 8; bit++) c = (c & 1) === 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1;
    out[n] = c;
  }
  return out;
}
