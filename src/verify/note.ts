import * as crypto from 'node:crypto';
import { sha256 } from './bytes.ts';

/** Signed checkpoints as C2SP writes them (c2sp.org/signed-note, c2sp.org/tlog-checkpoint). */
export interface Checkpoint {
  readonly note: string;
  /** What is signed: origin, size, root, extension lines. */
  readonly text: string;
  readonly origin: string;
  readonly size: number;
  readonly root: Uint8Array;
  readonly closed: boolean;
  readonly signatures: readonly { readonly name: string; readonly keyID: number; readonly bytes: Uint8Array }[];
}

export interface PublicKey {
  readonly name: string;
  readonly keyID: number;
  verify(text: string, signature: Uint8Array): boolean;
}

const signatureLine = /^\u2014 (\S+) ([A-Za-z0-9+/]+={0,2})$/u;
/** Others may have signed too (witnesses), in other forms; each begins with a key id. */
const leastSignatureBytes = 5;
const sizeLine = /^(?:0|[1-9]\d{0,15})$/;

/** The checkpoint of a note, or what is wrong with its form. */
export function parseCheckpoint(note: string): Checkpoint | string {
  const blank = note.indexOf('\n\n');
  if (blank < 0 || !note.endsWith('\n')) return 'expected a text, an empty line and signatures';
  const text = note.slice(0, blank + 1);
  const [origin, size, root64, ...extensions] = text.slice(0, -1).split('\n');
  if (origin === '' || size === undefined || root64 === undefined) return 'expected an origin, a size and a root';
  if (!sizeLine.test(size)) return `expected a size, was ${JSON.stringify(size)}`;
  const root = Buffer.from(root64, 'base64');
  if (root.length !== 32 || root.toString('base64') !== root64) return 'expected a root of 32 bytes in base64';
  const signatures: { name: string; keyID: number; bytes: Uint8Array }[] = [];
  for (const line of note.slice(blank + 2, -1).split('\n')) {
    const match = signatureLine.exec(line);
    const bytes = Buffer.from(match?.[2] ?? '', 'base64');
    if (match === null || bytes.length < leastSignatureBytes || bytes.toString('base64') !== match[2]) return 'expected a signature line';
    signatures.push({ name: match[1], keyID: bytes.readUInt32BE(0), bytes: bytes.subarray(4) });
  }
  return { note, text, origin, size: Number(size), root, closed: extensions.includes('closed'), signatures };
}

/** `name+hex id+base64(0x01, key)`; undefined when it is none or its id is not that of the key. */
export function parsePublicKey(text: string): PublicKey | undefined {
  const parts = /^(\S+?)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)\s*$/u.exec(text);
  if (parts === null) return undefined;
  const raw = Buffer.from(parts[3], 'base64');
  if (raw.length !== 33 || raw[0] !== 1) return undefined;
  const keyID = Buffer.from(sha256(Buffer.concat([Buffer.from(`${parts[1]}\n`), raw]))).readUInt32BE(0);
  if (keyID.toString(16).padStart(8, '0') !== parts[2]) return undefined;
  const key = crypto.createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: raw.subarray(1).toString('base64url') }, format: 'jwk' });
  return { name: parts[1], keyID, verify: (signed, signature) => crypto.verify(null, Buffer.from(signed), key, signature) };
}

/** True when the key's signature is among those of the checkpoint and holds. */
export function isSignedBy(checkpoint: Checkpoint, key: PublicKey): boolean {
  const own = checkpoint.signatures.find((signature) => signature.name === key.name && signature.keyID === key.keyID);
  return own !== undefined && key.verify(checkpoint.text, own.bytes);
}
