import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importFolder } from '../src/apps/columns/import-folder.ts';
import { loadBars } from '../src/apps/columns/load-bars.ts';
import { dayFromCivil } from '../src/base/time.ts';
import { machine } from './lib/machine.ts';
import { hasFlag, numberOption } from './lib/options.ts';

/**
 * Daily bars of all names: from raw CSV (unpacked, parsed, every row checked), imported into Parquet once, and read from there; both adjusted to whole units and
 * digested. Excluded: starting Node, warm-up (one pass of each). The best of the rounds counts.
 * Usage: node --import tsx bench/bars.ts [--rounds 5] [--json]
 */
const raw = join('..', 'shared', 'data', 'sp500', 'daily');
const request = { adjust: 'total', fromDay: dayFromCivil(1999, 1, 1), toDay: dayFromCivil(2021, 12, 31) } as const;

async function pass(folder: string): Promise<{ readonly seconds: number; readonly rows: number; readonly dataHash: string }> {
  const began = process.hrtime.bigint();
  const loaded = await loadBars(folder, request);
  const seconds = Number(process.hrtime.bigint() - began) / 1e9;
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.error));
  return { seconds, rows: loaded.value.bars.reduce((sum, bars) => sum + bars.count, 0), dataHash: loaded.value.dataHash };
}

async function best(
  folder: string,
  rounds: number,
): Promise<{ readonly seconds: number; readonly rows: number; readonly dataHash: string }> {
  let found = await pass(folder);
  for (let round = 0; round < rounds; round++) {
    const one = await pass(folder);
    if (one.dataHash !== found.dataHash) throw new Error(`a pass differs: ${one.dataHash}`);
    if (round === 0 || one.seconds < found.seconds) found = one;
  }
  return found;
}

async function main(): Promise<void> {
  if (!existsSync(raw)) {
    console.log(JSON.stringify({ bench: 'bars', skipped: `${raw} is absent` }));
    process.exitCode = 1;
    return;
  }
  const rounds = numberOption('rounds', 5);
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-bench-'));
  try {
    const began = process.hrtime.bigint();
    const imported = await importFolder(raw, folder, () => undefined);
    const importSeconds = Number(process.hrtime.bigint() - began) / 1e9;
    if (!imported.ok) throw new Error(JSON.stringify(imported.error));
    const [fromRaw, fromColumns] = [await best(raw, rounds), await best(folder, rounds)];
    if (fromRaw.dataHash !== fromColumns.dataHash) throw new Error('raw files and columns differ');
    const { rows } = fromColumns;
    const excluded = 'starting Node, warm-up';
    const figures = {
      rows,
      importSeconds,
      rawSeconds: fromRaw.seconds,
      columnSeconds: fromColumns.seconds,
      rssMiB: Math.round(process.memoryUsage().rss / 1_048_576),
    };
    if (hasFlag('json')) console.log(JSON.stringify({ bench: 'bars', ...machine(), rounds, excluded, ...figures }));
    else {
      const { cpu, cores, node } = machine();
      console.log(`bars: ${rows} daily bars of 129 names, best of ${rounds}; ${cpu} x ${cores}, Node ${node}`);
      console.log(
        `import ${importSeconds.toFixed(2)} s, from raw files ${fromRaw.seconds.toFixed(2)} s, from columns ${fromColumns.seconds.toFixed(2)} s, ${figures.rssMiB} MiB`,
      );
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

await main();
