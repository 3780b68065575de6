import type { Micros } from '../base/units.ts';

/** Time as the desk sees it: whole microseconds UTC. A virtual clock stands still until it is moved. */
export interface Clock {
  now(): Micros;
}

/** A file of the world, written at positions. Numbers are bytes. Failures reject with an Error whose `code` is the system's: `ENOSPC`, `EIO`. */
export interface WorldFile {
  /** Bytes really written: a full disk returns fewer without an exception. */
  write(bytes: Uint8Array, position: number): Promise<number>;
  read(into: Uint8Array, position: number): Promise<number>;
  /** fdatasync. After a failure the file is poisoned and never synced again. */
  sync(): Promise<void>;
  size(): Promise<number>;
  close(): Promise<void>;
}

/**
 * create: the file must not exist; createSecret: readable by its owner alone. The others need one: `durable` = what `write` has written is durable when it
 * returns, as if synced (one operation instead of two).
 */
export type OpenMode = 'create' | 'createSecret' | 'readWrite' | 'durable' | 'read';

/** The disk, replaced by a faulty one in simulation. Paths are relative to the data directory, with `/` between their parts. */
export interface Disk {
  open(path: string, mode: OpenMode): Promise<WorldFile>;
  /** Names in a directory, sorted; empty when there is none. */
  list(directory: string): Promise<readonly string[]>;
  exists(path: string): Promise<boolean>;
  rename(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
  /** Makes a directory with those above it and syncs its parent; one that is there already is fine. */
  makeDirectory(path: string): Promise<void>;
  /** fsync of a directory after create and rename. */
  syncDirectory(path: string): Promise<void>;
}

/** What a thread is begun with. */
export interface ThreadOrder {
  /** For people: `host 1`. */
  readonly name: string;
  /** File URL of the module that runs there; it finds `data` in `workerData` and talks through `parentPort` and shared memory. */
  readonly entry: string;
  readonly data: unknown;
  /** Its heap may grow to this (MiB); 0 = Node's own limit. */
  readonly heapMebibytes: number;
  /** Who runs first when not all can, in the unit of nice(2): less is earlier, left out = 0. Where the system refuses it (below 0 for ordinary users) the thread runs as the others. */
  readonly niceness?: number;
}

/** A thread of this desk; what it says comes in the event loop of whoever began it. */
export interface WorldThread {
  post(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Called once: '' = it ended by itself or was ended, else why it died. */
  onEnd(listener: (why: string) => void): void;
  /** Ends it wherever it is, also in an endless loop. */
  end(): Promise<void>;
}

/** Where threads come from; a simulated world gives its own. */
export interface World {
  spawn(order: ThreadOrder): WorldThread;
}
