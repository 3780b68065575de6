import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { plantedFaults, type PlantedFault } from './row-faults.ts';
import { rowFormats, type RowFormat } from './row-formats.ts';

/** A raw file with one fault in it, as it lies in a folder. */
export interface PlantedFile {
  readonly format: RowFormat;
  readonly fault: PlantedFault;
  /** Below the folder. */
  readonly path: string;
  readonly instrumentID: string;
}

/** A combination that cannot be, and why. */
export interface LeftOut {
  readonly what: string;
  readonly why: string;
}

/** Letters that make a symbol of a place in the table, so that no two files are about one instrument. */
function symbolOf(prefix: string, place: number): string {
  return `${prefix}${String.fromCharCode(97 + (place % 26))}${String.fromCharCode(97 + Math.floor(place / 26))}`;
}

/** Writes every fault in every format that can have it, each into a file of its own, and a clean file of every format. */
export function plantFiles(folder: string): {
  readonly planted: readonly PlantedFile[];
  readonly clean: readonly string[];
  readonly leftOut: readonly LeftOut[];
} {
  const [planted, clean, leftOut]: [PlantedFile[], string[], LeftOut[]] = [[], [], []];
  const write = (path: string, bytes: Buffer) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  };
  for (const [f, format] of rowFormats.entries()) {
    const prefix = String.fromCharCode(97 + f);
    const cleanPath = format.pathOf(`${prefix}zz`);
    write(cleanPath, format.pack(`${format.lines.join('\n')}\n`));
    clean.push(cleanPath);
    for (const [n, fault] of plantedFaults.entries()) {
      const applies = fault.applies(format);
      if (applies !== true) {
        leftOut.push({ what: `${fault.name} in ${format.name}`, why: typeof applies === 'string' ? applies : 'does not apply' });
        continue;
      }
      const symbol = symbolOf(prefix, n);
      const path = format.pathOf(symbol);
      write(path, fault.plant(format));
      planted.push({ format, fault, path, instrumentID: format.instrumentOf(symbol) });
    }
  }
  return { planted, clean, leftOut };
}
