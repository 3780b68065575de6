import { closeSync, existsSync, fstatSync, openSync, readFileSync, readSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The files of a journal, only ever read. */
export interface FileSource {
  /** Names in the directory, in any order. */
  names(): readonly string[];
  read(name: string): Uint8Array;
  /** Text of the verifier key that lies beside the directory, if one does. */
  verifierKey(): string | undefined;
}

export function directorySource(directory: string): FileSource {
  const keyFile = `${resolve(directory)}.vkey`;
  return {
    names: () => readdirSync(directory),
    read: (name) => readBytes(join(directory, name)),
    verifierKey: () => (existsSync(keyFile) ? readFileSync(keyFile, 'utf8') : undefined),
  };
}

/** A journal that is still written may grow meanwhile: what was there when it was opened is read. */
function readBytes(path: string): Uint8Array {
  const fd = openSync(path, 'r');
  try {
    const bytes = new Uint8Array(fstatSync(fd).size);
    let at = 0;
    while (at < bytes.length) {
      const read = readSync(fd, bytes, at, bytes.length - at, at);
      if (read === 0) break;
      at += read;
    }
    return bytes.subarray(0, at);
  } finally {
    closeSync(fd);
  }
}
