import type { Disk, WorldFile } from '../../ports/world.ts';

/** One operation that is about to happen; throwing refuses it. */
export type Operation = 'open' | 'write' | 'sync' | 'rename' | 'remove' | 'syncDirectory' | 'read';

export interface MemoryDiskOptions {
  /** Bytes that all files together may have: the write that passes it is cut short once, without an exception; later ones throw ENOSPC. */
  readonly capacity?: number;
  readonly before?: (operation: Operation, path: string) => void;
  /** A disk that says it has synced and has not. */
  readonly lyingSync?: boolean;
  /** One that forgets names however often their directory is synced. */
  readonly lostNames?: boolean;
}

interface Content {
  bytes: Uint8Array;
  size: number;
  /** What a power cut would leave. */
  durable: Uint8Array;
}

/** A disk in memory that knows which bytes and names a power cut would leave. */
export interface MemoryDisk extends Disk {
  /** Bytes of a file as they are now. */
  content(path: string): Uint8Array;
  /** Another disk with what was synced: bytes by `sync`, names by `syncDirectory`; of sectors that were not, those that `kept` says. */
  afterPowerCut(kept?: () => boolean): MemoryDisk;
  /** Names of all files. */
  readonly paths: readonly string[];
  put(path: string, bytes: Uint8Array): void;
}

export function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: simulated`), { code });
}

export function createMemoryDisk(options: MemoryDiskOptions = {}): MemoryDisk {
  const names = new Map<string, Content>();
  const durableNames = new Map<string, Content>();
  const { capacity = Infinity, before = () => undefined, lyingSync = false, lostNames = false } = options;
  let used = 0;
  let full = false;

  function find(path: string): Content {
    const content = names.get(path);
    if (content === undefined) throw systemError('ENOENT');
    return content;
  }

  function grow(content: Content, size: number): void {
    if (size <= content.size) return;
    if (size > content.bytes.length) {
      const wider = new Uint8Array(Math.max(size, content.bytes.length * 2));
      wider.set(content.bytes.subarray(0, content.size));
      content.bytes = wider;
    }
    used += size - content.size;
    content.size = size;
  }

  function write(content: Content, bytes: Uint8Array, position: number): number {
    const room = capacity - used + Math.max(0, content.size - position);
    if (bytes.length > room && full) throw systemError('ENOSPC');
    if (bytes.length > room) full = true;
    const fits = Math.min(bytes.length, Math.max(0, room));
    grow(content, position + fits);
    content.bytes.set(bytes.subarray(0, fits), position);
    return fits;
  }

  function file(path: string, content: Content, durable: boolean): WorldFile {
    return {
      async write(bytes, position) {
        before('write', path);
        const written = write(content, bytes, position);
        if (durable) before('sync', path);
        if (durable && !lyingSync) settle(content, position, written);
        return written;
      },
      async read(into, position) {
        before('read', path);
        const from = content.bytes.subarray(position, Math.min(content.size, position + into.length));
        into.set(from);
        return from.length;
      },
      async sync() {
        before('sync', path);
        if (!lyingSync) content.durable = content.bytes.slice(0, content.size);
      },
      size: async () => content.size,
      close: async () => undefined,
    };
  }

  const disk: MemoryDisk = {
    async open(path, mode) {
      before('open', path);
      if (mode === 'create' || mode === 'createSecret') {
        if (names.has(path)) throw systemError('EEXIST');
        names.set(path, { bytes: new Uint8Array(0), size: 0, durable: new Uint8Array(0) });
      }
      return file(path, find(path), mode === 'durable');
    },
    async list(directory) {
      const prefix = `${directory}/`;
      return [...names.keys()]
        .filter((name) => name.startsWith(prefix))
        .map((name) => name.slice(prefix.length))
        .sort();
    },
    exists: async (path) => names.has(path),
    async rename(from, to) {
      before('rename', from);
      names.set(to, find(from));
      names.delete(from);
    },
    async remove(path) {
      before('remove', path);
      used -= find(path).size;
      names.delete(path);
      full = false;
    },
    makeDirectory: async () => undefined,
    async syncDirectory(path) {
      before('syncDirectory', path);
      if (lostNames) return;
      for (const name of durableNames.keys()) if (directoryOf(name) === path && !names.has(name)) durableNames.delete(name);
      for (const [name, content] of names) if (directoryOf(name) === path) durableNames.set(name, content);
    },
    content: (path) => find(path).bytes.slice(0, find(path).size),
    afterPowerCut(kept = () => false) {
      const left = createMemoryDisk();
      for (const [name, content] of durableNames) left.put(name, powerCut(content, kept));
      return left;
    },
    get paths() {
      return [...names.keys()].sort();
    },
    put(path, bytes) {
      names.set(path, { bytes: bytes.slice(), size: bytes.length, durable: bytes.slice() });
      durableNames.set(path, find(path));
      used += bytes.length;
    },
  };
  return disk;
}

function directoryOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '.' : path.slice(0, slash);
}

/** Bytes that were written are durable, and the length that they gave the file. */
function settle(content: Content, position: number, written: number): void {
  if (content.durable.length < position + written) {
    const wider = new Uint8Array(position + written);
    wider.set(content.durable);
    content.durable = wider;
  }
  content.durable.set(content.bytes.subarray(position, position + written), position);
}

const sector = 512;

/** Each sector that differs from what was synced is kept or lost as a whole; lengths stay as they were synced. */
function powerCut(content: Content, kept: () => boolean): Uint8Array {
  const left = content.durable.slice();
  for (let at = 0; at < left.length; at += sector) {
    const now = content.bytes.subarray(at, Math.min(at + sector, left.length));
    if (Buffer.compare(now, left.subarray(at, at + now.length)) !== 0 && kept()) left.set(now, at);
  }
  return left;
}
