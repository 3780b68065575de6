import * as crypto from 'node:crypto';
import { digestOf } from './digest.ts';

/** Signed notes of C2SP (c2sp.org/signed-note, v1.0): text, empty line, one signature line per key; Ed25519 keys (type 0x01). */
const ed25519 = 1;
const dash = '\u2014';
const seedBytes = 32;
const signatureBytes = 64;
/** PKCS #8 and SPKI wrappers of raw Ed25519 keys (RFC 8410 section 7). */
const pkcs8Prefix = Buffer.from('302e020100300506032b657004220420', 'hex');
const spkiPrefix = Buffer.from('302a300506032b6570032100', 'hex');

export interface SigningKey {
  /** Name of the log: no spaces, no '+'. */
  readonly name: string;
  /** First four bytes of SHA-256(name, newline, 0x01, public key), big-endian as a number. */
  readonly keyID: number;
  /** `name+hex key id+base64(0x01, public key)`: what others need to verify. */
  readonly verifierKey: string;
  /** `PRIVATE+KEY+name+hex key id+base64(0x01, seed)`. */
  readonly secret: string;
  /** The note of a text that ends with a newline. */
  sign(text: string): string;
}

export interface Note {
  readonly text: string;
  readonly signatures: readonly { readonly name: string; readonly keyID: number; readonly signature: Uint8Array }[];
}

export function generateSigningKey(name: string): SigningKey {
  return signingKeyOf(name, crypto.randomBytes(seedBytes));
}

/** Names stand in signature lines between spaces. */
export function isKeyName(name: string): boolean {
  return /^[^\s+]+$/u.test(name);
}

export function signingKeyOf(name: string, seed: Uint8Array): SigningKey {
  if (!isKeyName(name)) throw new RangeError(`key name: expected no spaces and no '+', was ${JSON.stringify(name)}`);
  const key = crypto.createPrivateKey({ key: Buffer.concat([pkcs8Prefix, seed]), format: 'der', type: 'pkcs8' });
  const raw = crypto.createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(spkiPrefix.length);
  const keyID = keyIDOf(name, raw);
  const hexID = keyID.toString(16).padStart(8, '0');
  return {
    name,
    keyID,
    verifierKey: `${name}+${hexID}+${typed(raw)}`,
    secret: `PRIVATE+KEY+${name}+${hexID}+${typed(seed)}`,
    sign(text) {
      const id = Buffer.alloc(4);
      id.writeUInt32BE(keyID);
      const signature = crypto.sign(null, Buffer.from(text), key);
      return `${text}\n${dash} ${name} ${Buffer.concat([id, signature]).toString('base64')}\n`;
    },
  };
}

/** The key of a secret's text, or undefined when it is none. */
export function parseSigningKey(secret: string): SigningKey | undefined {
  const match = /^PRIVATE\+KEY\+([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+=*)$/u.exec(secret.trim());
  const seed = match === null ? undefined : untyped(match[3], seedBytes);
  if (match === null || seed === undefined) return undefined;
  const key = signingKeyOf(match[1], seed);
  return key.keyID === Number.parseInt(match[2], 16) ? key : undefined;
}

/** The parts of a note, or undefined when the text is none. */
export function parseNote(note: string): Note | undefined {
  const split = note.lastIndexOf('\n\n');
  if (split < 0 || !note.endsWith('\n')) return undefined;
  const signatures: { name: string; keyID: number; signature: Uint8Array }[] = [];
  for (const line of note.slice(split + 2, -1).split('\n')) {
    const match = new RegExp(`^${dash} ([^\\s+]+) ([A-Za-z0-9+/]+=*)$`, 'u').exec(line);
    if (match === null) return undefined;
    const bytes = Buffer.from(match[2], 'base64');
    if (bytes.length !== 4 + signatureBytes || bytes.toString('base64') !== match[2]) return undefined;
    signatures.push({ name: match[1], keyID: bytes.readUInt32BE(0), signature: bytes.subarray(4) });
  }
  return { text: note.slice(0, split + 1), signatures };
}

/** Whether the key of this text has signed the note, by Ed25519. */
export function isSigned(note: Note, verifierKey: string): boolean {
  const match = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+=*)$/u.exec(verifierKey.trim());
  const raw = match === null ? undefined : untyped(match[3], 32);
  if (match === null || raw === undefined || keyIDOf(match[1], raw) !== Number.parseInt(match[2], 16)) return false;
  const own = note.signatures.find(({ name, keyID }) => name === match[1] && keyID === Number.parseInt(match[2], 16));
  const key = crypto.createPublicKey({ key: Buffer.concat([spkiPrefix, raw]), format: 'der', type: 'spki' });
  return own !== undefined && crypto.verify(null, Buffer.from(note.text), key, own.signature);
}

function keyIDOf(name: string, raw: Uint8Array): number {
  return Buffer.from(digestOf(Buffer.concat([Buffer.from(`${name}\n`), Buffer.from([ed25519]), raw]))).readUInt32BE(0);
}

function typed(raw: Uint8Array): string {
  return Buffer.concat([Buffer.from([ed25519]), raw]).toString('base64');
}

function untyped(base64: string, bytes: number): Uint8Array | undefined {
  const raw = Buffer.from(base64, 'base64');
  return raw.length === bytes + 1 && raw[0] === ed25519 ? raw.subarray(1) : undefined;
}
