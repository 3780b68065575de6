import type { Disk, OpenMode } from '../ports/world.ts';
import { writeAll } from './disk-failure.ts';

/** Small files are read and written whole; longer ones are refused. */
export const maxWholeFileBytes = 1 << 28;

export async function readWhole(disk: Disk, path: string, most = maxWholeFileBytes): Promise<Uint8Array> {
  const file = await disk.open(path, 'read');
  try {
    const size = await file.size();
    if (size > most) throw new RangeError(`${path}: expected at most ${most} bytes, was ${size}`);
    const bytes = new Uint8Array(size);
    for (let at = 0; at < size;) {
      const read = await file.read(bytes.subarray(at), at);
      if (read === 0) return bytes.subarray(0, at);
      at += read;
    }
    return bytes;
  } finally {
    await file.close();
  }
}

/** Creates a file of these bytes and syncs it; its directory is not synced. */
export async function writeWhole(disk: Disk, path: string, bytes: Uint8Array, mode: OpenMode = 'create'): Promise<void> {
  const file = await disk.open(path, mode);
  try {
    await writeAll(file, bytes, 0, path);
    await file.sync();
  } finally {
    await file.close();
  }
}
