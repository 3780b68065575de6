import type { Micros } from '../base/units.ts';

/** Time as the desk sees it: whole microseconds UTC. A virtual clock stands still until it is moved. */
export interface Clock {
  now(): Micros;
}

/** A file of the world, opened for appending at positions. Numbers are bytes. */
export interface WorldFile {
  /** Bytes really written: a full disk returns fewer without an exception. */
  write(bytes: Uint8Array, position: number): Promise<number>;
  read(into: Uint8Array, position: number): Promise<number>;
  /** fdatasync. After a failure the file is poisoned and never synced again. */
  sync(): Promise<void>;
  size(): Promise<number>;
  close(): Promise<void>;
}

/** The disk, replaced by a faulty one in simulation. Paths are relative to the data directory. */
export interface Disk {
  open(path: string, mode: 'create' | 'readWrite' | 'read'): Promise<WorldFile>;
  list(directory: string): Promise<readonly string[]>;
  exists(path: string): Promise<boolean>;
  rename(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
  /** Makes a directory and syncs its parent. */
  makeDirectory(path: string): Promise<void>;
  /** fsync of a directory after create and rename. */
  syncDirectory(path: string): Promise<void>;
}
