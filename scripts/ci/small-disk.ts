import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const pieceBytes = 1 << 20;

/** A small disk in memory, and a file of somebody else that takes its room. */
export class SmallDisk {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  /** @returns the disk, or why there is none. */
  static mount(path: string, size: string): SmallDisk | string {
    if (process.platform !== 'linux') return 'small disks are mounted on Linux only';
    if (process.getuid?.() !== 0) return 'mounting a small disk needs root';
    mkdirSync(path);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', path], { stdio: 'pipe' });
      return new SmallDisk(path);
    } catch (error) {
      return `no small disk can be mounted here (${error instanceof Error ? error.message.split('\n')[0] : String(error)})`;
    }
  }

  get freeBytes(): number {
    const { bavail, bsize } = statfsSync(this.path);
    return bavail * bsize;
  }

  /** Somebody else takes the room, all but so many bytes. */
  fill(left: number): void {
    const file = openSync(join(this.path, 'somebody-else'), 'a');
    const piece = new Uint8Array(pieceBytes);
    try {
      for (let rest = this.freeBytes - left; rest > 0; rest = this.freeBytes - left) {
        if (writeSync(file, piece.subarray(0, Math.min(rest, pieceBytes))) === 0) return;
      }
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
    } finally {
      closeSync(file);
    }
  }

  /** That room is there again. */
  clear(): void {
    rmSync(join(this.path, 'somebody-else'), { force: true });
  }

  unmount(): void {
    execFileSync('umount', [this.path], { stdio: 'pipe' });
  }
}
