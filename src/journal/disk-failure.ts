import type { WorldFile } from '../ports/world.ts';

export const diskFailures = ['DISK_FULL', 'DISK_FAILED'] as const;

/** Why a journal takes no more. */
export interface DiskFailure {
  readonly code: (typeof diskFailures)[number];
  readonly message: string;
}

/** Thrown between the layers of the journal; becomes a `DiskFailure` at its edge. */
export class DiskError extends Error {
  readonly failure: DiskFailure;

  constructor(failure: DiskFailure) {
    super(failure.message);
    this.failure = failure;
  }
}

const fullCodes = new Set<unknown>(['ENOSPC', 'EDQUOT']);

/** Writes all of it or throws. A full disk writes fewer bytes once, without an exception; the file is not to be written again. */
export async function writeAll(file: WorldFile, bytes: Uint8Array, position: number, name: string): Promise<void> {
  const written = await file.write(bytes, position);
  if (written === bytes.length) return;
  const message = `the disk is full: ${written} of ${bytes.length} bytes went to ${name} at byte ${position}; what was acknowledged is safe, nothing more is written`;
  throw new DiskError({ code: 'DISK_FULL', message });
}

/** What was thrown, as a value; anything but a failure of the disk is a bug of ours and goes on. */
export function diskFailureOf(error: unknown, name: string): DiskFailure {
  if (error instanceof DiskError) return error.failure;
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') throw error;
  const full = fullCodes.has(error.code);
  const what = full ? 'the disk is full' : 'the disk failed';
  return {
    code: full ? 'DISK_FULL' : 'DISK_FAILED',
    message: `${what} at ${name} (${error.code}); what was acknowledged is safe, nothing more is written`,
  };
}
