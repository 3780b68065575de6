import type { Prng } from '../../base/prng.ts';
import type { Disk, OpenMode, WorldFile } from '../../ports/world.ts';
import type { Agenda } from './agenda.ts';
import type { FaultPlan } from './fault-plan.ts';
import { FileContent, sectorBytes, systemError } from './file-content.ts';

/** What a disk did that it should not have. */
export interface DiskHistory {
  /** Times that it broke a promise which no reading tells: synced and was not, written elsewhere, rotten. 0 = what it acknowledged it has. */
  lies: number;
  /** It ever did, mended or not. */
  hasLied: boolean;
  failures: number;
  full: number;
}

/**
 * The disk of a simulated machine. Every operation that changes it takes time and is an event; what was written lies in a cache until it is synced, and names
 * lie there until their directory is. A process that dies leaves the cache, a power cut takes what it likes of it.
 */
export class SimDisk {
  readonly history: DiskHistory = { lies: 0, hasLied: false, failures: 0, full: 0 };
  readonly #agenda: Agenda;
  readonly #luck: Prng;
  readonly #faults: FaultPlan;
  readonly #mirrored: boolean;
  #names = new Map<string, FileContent>();
  #durableNames = new Map<string, FileContent>();
  #full = false;
  /** Raised when the machine dies: what it was doing is never answered. */
  #power = 0;
  #busy = 0;
  #crash: { readonly bytes: number; readonly happen: () => void } | undefined;

  constructor(agenda: Agenda, luck: Prng, faults: FaultPlan) {
    this.#agenda = agenda;
    this.#luck = luck;
    this.#faults = faults;
    this.#mirrored = faults.lyingSync + faults.lostWrite + faults.misdirected + faults.bitRot > 0;
  }

  /** Operations under way. */
  get busy(): number {
    return this.#busy;
  }

  /** Arranges a crash in the midst of the next operation that writes at least so many bytes. */
  crashWithin(bytes: number, happen: () => void): void {
    this.#crash = { bytes, happen };
  }

  /** Whether the disk takes no new bytes. */
  fill(full: boolean): void {
    this.#full = full;
    if (full) this.history.full += 1;
  }

  /** The process is gone: nobody hears of its operations; what they have written stays in the cache. */
  killProcess(): void {
    this.#crash = undefined;
    this.#power += 1;
    this.#busy = 0;
  }

  /** Of everything that was not synced each sector and each name stays or goes. */
  cutPower(): void {
    this.killProcess();
    const kept = this.#luck.float();
    const stays = (): boolean => this.#luck.float() < kept;
    for (const [name, content] of this.#names)
      if (this.#durableNames.get(name) !== content && stays()) this.#durableNames.set(name, content);
    for (const name of [...this.#durableNames.keys()]) if (!this.#names.has(name) && stays()) this.#durableNames.delete(name);
    this.#names = new Map([...this.#durableNames].map(([name, content]) => [name, content.cut(stays)]));
    this.#durableNames = new Map(this.#names);
  }

  #lie(): void {
    this.history.lies += 1;
    this.history.hasLied = true;
  }

  /** Turns one bit of a file. */
  rot(): void {
    const files = [...this.#durableNames.values()].filter(({ size }) => size > 0);
    if (files.length === 0) return;
    files[this.#luck.int(files.length)].turnBit(this.#luck);
    this.#lie();
  }

  /** What an honest disk would hold, brought back by people from a mirror. */
  restore(): void {
    this.killProcess();
    for (const content of this.#names.values()) content.restore();
    this.#durableNames = new Map(this.#names);
    this.history.lies = 0;
  }

  /** A desk goes on behind `offset` of a file although the disk has lied: the mirror follows it. */
  goesOn(path: string, offset: number): void {
    this.#names.get(path)?.endMirrorAt(offset);
  }

  /** The disk as one process sees it; it answers nobody any more once that process is gone. */
  mount(): Disk {
    const power = this.#power;
    const names = (): Map<string, FileContent> => this.#names;
    const change = <T>(base: number, act: () => T): Promise<T> => this.#change(power, base, 0, act);
    const find = (path: string): FileContent => {
      const content = names().get(path);
      if (content === undefined) throw systemError('ENOENT');
      return content;
    };
    return {
      open: async (path, mode) => {
        if (mode !== 'create' && mode !== 'createSecret') return this.#file(power, find(path), mode);
        return change(20, () => {
          if (names().has(path)) throw systemError('EEXIST');
          if (this.#full) throw systemError('ENOSPC');
          const content = new FileContent(this.#mirrored);
          names().set(path, content);
          return this.#file(power, content, mode);
        });
      },
      list: async (directory) => {
        const prefix = `${directory}/`;
        return [...names().keys()]
          .filter((name) => name.startsWith(prefix))
          .map((name) => name.slice(prefix.length))
          .sort();
      },
      exists: async (path) => names().has(path),
      rename: (from, to) =>
        change(20, () => {
          names().set(to, find(from));
          names().delete(from);
        }),
      remove: (path) =>
        change(20, () => {
          find(path);
          names().delete(path);
        }),
      makeDirectory: async () => undefined,
      syncDirectory: (path) => change(80, () => this.#syncDirectory(path)),
    };
  }

  #syncDirectory(path: string): void {
    for (const name of [...this.#durableNames.keys()]) {
      if (directoryOf(name) === path && !this.#names.has(name)) this.#durableNames.delete(name);
    }
    for (const [name, content] of this.#names) if (directoryOf(name) === path) this.#durableNames.set(name, content);
  }

  #file(power: number, content: FileContent, mode: OpenMode): WorldFile {
    let poisoned = false;
    const failing = (): void => {
      if (poisoned || this.#hits('eio')) {
        poisoned = true;
        this.history.failures += 1;
        throw systemError('EIO');
      }
    };
    return {
      write: (bytes, position) => {
        const fits = this.#full ? Math.max(0, Math.min(bytes.length, content.size - position)) : bytes.length;
        const at = mode === 'durable' ? this.#misdirected(content, position, fits) : position;
        content.write(bytes.subarray(0, fits), at, position);
        return this.#change(power, mode === 'durable' ? 60 : 10, bytes.length, () => {
          failing();
          if (mode === 'durable') this.#settle(content, at, fits);
          return fits;
        });
      },
      read: async (into, position) => content.read(into, position),
      sync: () =>
        this.#change(power, 60, 0, () => {
          failing();
          this.#settle(content, 0, content.size);
        }),
      size: async () => content.size,
      close: async () => undefined,
    };
  }

  /** What was written is durable, unless the disk lies. */
  #settle(content: FileContent, at: number, length: number): void {
    content.settleMirror();
    if (this.#hits('lyingSync') || this.#hits('lostWrite')) this.#lie();
    else content.settle(at, length);
  }

  #misdirected(content: FileContent, position: number, length: number): number {
    const sectors = Math.floor((content.size - length) / sectorBytes);
    if (sectors < 1 || length < sectorBytes || position % sectorBytes !== 0 || !this.#hits('misdirected')) return position;
    this.#lie();
    return this.#luck.int(sectors) * sectorBytes;
  }

  #hits(name: 'eio' | 'lyingSync' | 'lostWrite' | 'misdirected'): boolean {
    return this.#faults[name] > 0 && this.#luck.float() < this.#faults[name];
  }

  /** An operation takes effect when it is over; its time in microseconds is drawn around `base`. */
  #change<T>(power: number, base: number, bytes: number, act: () => T): Promise<T> {
    const slow = this.#faults.slowDisk > 0 && this.#luck.float() < this.#faults.slowDisk ? 40 : 1;
    const delay = base * slow * (0.5 + this.#luck.float());
    if (power !== this.#power) return new Promise(() => undefined);
    this.#busy += 1;
    if (this.#crash !== undefined && bytes >= this.#crash.bytes) {
      this.#agenda.after(delay * this.#luck.float() * 0.9, this.#crash.happen);
      this.#crash = undefined;
    }
    return new Promise((resolve, reject) =>
      this.#agenda.after(delay, () => {
        if (power !== this.#power) return;
        this.#busy -= 1;
        this.#agenda.stir();
        try {
          resolve(act());
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      }),
    );
  }
}

function directoryOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '.' : path.slice(0, slash);
}
