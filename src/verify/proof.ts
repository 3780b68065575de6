import { equalBytes, hex, u64 } from './bytes.ts';
import { leafHash, nodeHash } from './merkle.ts';
import { isSignedBy, parseCheckpoint, parsePublicKey } from './note.ts';
import type { Checkpoint } from './note.ts';

/** What a proof's file says: `plimsoll journal prove` writes it, docs/reference/proofs.md tells its members. */
interface ProofFile {
  readonly kind: unknown;
  /** Signed head that is proven against. */
  readonly head: unknown;
  readonly proof: unknown;
  /** Inclusion: the record's number, place of the leaf, and the record in base64. */
  readonly seq?: unknown;
  readonly index?: unknown;
  readonly record?: unknown;
  /** Consistency: the older head. */
  readonly before?: unknown;
}

export interface ProofVerdict {
  readonly valid: boolean;
  /** One sentence. */
  readonly verdict: string;
}

/** Checks a proof by itself: no journal is needed, and none of the code that made it. @param keyText verifier key of the log */
export function checkProof(text: string, keyText: string): ProofVerdict {
  const key = parsePublicKey(keyText);
  if (key === undefined) return no('the verifier key is none (expected name+id+base64)');
  const file = fileOf(text);
  if (file === undefined) return no('expected a proof in JSON');
  const head = headOf(file.head);
  if (typeof head === 'string') return no(`head: ${head}`);
  if (!isSignedBy(head, key)) return no(`the head is not signed by ${key.name}`);
  const proof = hashesOf(file.proof);
  if (proof === undefined) return no('proof: expected a list of hashes in hex');
  if (file.kind === 'inclusion') return inclusion(file, head, proof);
  if (file.kind !== 'consistency') return no(`kind: expected inclusion or consistency, was ${JSON.stringify(file.kind)}`);
  const before = headOf(file.before);
  if (typeof before === 'string') return no(`before: ${before}`);
  if (!isSignedBy(before, key)) return no(`the older head is not signed by ${key.name}`);
  return consistency(before, head, proof);
}

function fileOf(text: string): ProofFile | undefined {
  try {
    const file: unknown = JSON.parse(text);
    return typeof file === 'object' && file !== null ? (file as ProofFile) : undefined;
  } catch {
    return undefined;
  }
}

/** Where a record has its own number, behind length and checksum; and its shortest length. */
const seqAt = 8;
const leastRecordBytes = 40;

function inclusion({ seq, index, record }: ProofFile, head: Checkpoint, proof: Uint8Array[]): ProofVerdict {
  if (typeof index !== 'number' || typeof record !== 'string' || !Number.isInteger(index) || index < 0 || index >= head.size)
    return no(`expected a record and an index below ${head.size}`);
  const bytes = Buffer.from(record, 'base64');
  const number = bytes.length < leastRecordBytes ? undefined : u64(new DataView(bytes.buffer, bytes.byteOffset, bytes.length), seqAt);
  if (number === undefined || seq !== number)
    return no(`expected the record that bears the number ${JSON.stringify(seq)}, was ${number ?? 'none'}`);
  const left = [...proof];
  const root = rootThrough(leafHash(bytes), index, head.size, left);
  if (root === undefined || left.length > 0 || !equalBytes(root, head.root))
    return no(`the record is not entry ${index} of the head over ${head.size}`);
  return {
    valid: true,
    verdict: `valid: record ${number} is entry ${index} of the ${head.size} that the head covers (root ${hex(head.root).slice(0, 16)}…)`,
  };
}

function consistency(before: Checkpoint, head: Checkpoint, proof: Uint8Array[]): ProofVerdict {
  const left = [...proof];
  const roots = before.size < 1 || before.size > head.size ? undefined : bothRoots(before.size, head.size, true, before.root, left);
  const holds = roots !== undefined && left.length === 0 && equalBytes(roots[0], before.root) && equalBytes(roots[1], head.root);
  return holds
    ? { valid: true, verdict: `valid: the head over ${head.size} entries begins with the one over ${before.size}` }
    : no(`the head over ${head.size} entries does not begin with the one over ${before.size}`);
}

/** RFC 6962 (2013) section 2.1.1 read backwards: the last hash joins the whole tree. Takes what it uses off `proof`. */
function rootThrough(leaf: Uint8Array, index: number, size: number, proof: Uint8Array[]): Uint8Array | undefined {
  if (size === 1) return leaf;
  const k = below(size);
  const other = proof.pop();
  const own =
    other === undefined ? undefined : index < k ? rootThrough(leaf, index, k, proof) : rootThrough(leaf, index - k, size - k, proof);
  if (other === undefined || own === undefined) return undefined;
  return index < k ? nodeHash(own, other) : nodeHash(other, own);
}

/** RFC 6962 (2013) section 2.1.2, SUBPROOF read backwards: the roots over `before` and over `size` leaves. */
function bothRoots(
  before: number,
  size: number,
  whole: boolean,
  known: Uint8Array,
  proof: Uint8Array[],
): readonly [Uint8Array, Uint8Array] | undefined {
  if (before === size) {
    const root = whole ? known : proof.pop();
    return root === undefined ? undefined : [root, root];
  }
  const k = below(size);
  const other = proof.pop();
  if (other === undefined) return undefined;
  if (before <= k) {
    const roots = bothRoots(before, k, whole, known, proof);
    return roots === undefined ? undefined : [roots[0], nodeHash(roots[1], other)];
  }
  const roots = bothRoots(before - k, size - k, false, known, proof);
  return roots === undefined ? undefined : [nodeHash(other, roots[0]), nodeHash(other, roots[1])];
}

/** The largest power of two below n. */
function below(n: number): number {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}

function headOf(text: unknown): Checkpoint | string {
  return typeof text === 'string' ? parseCheckpoint(text) : 'expected a signed checkpoint';
}

function hashesOf(list: unknown): Uint8Array[] | undefined {
  if (!Array.isArray(list)) return undefined;
  const hashes: Uint8Array[] = [];
  for (const hash of list as readonly unknown[]) {
    if (typeof hash !== 'string' || !/^[0-9a-f]{64}$/.test(hash)) return undefined;
    hashes.push(Buffer.from(hash, 'hex'));
  }
  return hashes;
}

function no(verdict: string): ProofVerdict {
  return { valid: false, verdict };
}
