import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dayFromCivil, isoFromDay } from '../../src/base/time.ts';
import { loadBars } from '../../src/apps/columns/load-bars.ts';
import { openColumnStore } from '../../src/storage/columnar/column-store.ts';
import type { SourceEntry } from '../../src/storage/columnar/store-manifest.ts';
import { plantRecordings } from '../../src/testing/planted/feed-files.ts';
import { plantFiles, type PlantedFile } from '../../src/testing/planted/plant-files.ts';
import { recordedPath } from '../../src/testing/recorded-files.ts';
import { projectRoot } from '../../src/testing/tidy/tree.ts';
import { Checks } from './checks.ts';
import { list, member, objectOf, plimsoll, start } from './plimsoll.ts';

// Bad data is named by file and row, quarantined and never traded on: planted in every format, through `data import` and through loading for a backtest; the
// recorded files give the faults that docs/reference/bad-rows.md lists and no others. An import that is killed goes on where it stopped.
const root = mkdtempSync(join(tmpdir(), 'plimsoll-bad-data-'));
const checks = new Checks();
const raw = join(root, 'raw');
const store = join(root, 'store');
const years = { adjust: 'none', fromDay: dayFromCivil(2000, 1, 1), toDay: dayFromCivil(2030, 1, 1) } as const;

function entryOf(path: string): SourceEntry | undefined {
  const sources = openColumnStore(store)?.sources ?? [];
  return sources.find((one) => one.source === path || `${one.source}.zip` === path);
}

function checkPlanted({ format, fault, path }: PlantedFile): void {
  const entry = entryOf(path);
  const row = fault.row(format);
  const said = (entry?.faults ?? []).find(
    (text) => fault.codes.some((code) => text.includes(` ${code}`)) && (row === 0 || text.includes(` row ${row}:`)),
  );
  const isApart = fault.whole ? entry?.tables.length === 0 : (entry?.dropped ?? 0) + (entry?.untraded ?? 0) > 0;
  checks.check(`import: ${fault.name} in ${format.name}: ${said ?? ''}`, said !== undefined && isApart, entry);
}

/** What a backtest would load of a planted daily file: raw, and as it was imported. */
async function checkLoading({ format, fault, instrumentID }: PlantedFile): Promise<void> {
  for (const [what, folder] of [
    ['raw files', raw],
    ['columns', store],
  ] as const) {
    const loaded = await loadBars(folder, { ...years, instruments: [instrumentID] });
    const name = `backtest on ${what}: ${fault.name} in ${format.name}`;
    if (fault.whole) checks.check(`${name} is refused`, !loaded.ok && /SET_ASIDE|ABSENT/.test(loaded.error.code), loaded);
    else if (loaded.ok) {
      const [bars] = loaded.value.bars;
      const row = format.lines[format.headLines + 40].split(format.separator)[format.time].slice(0, 10);
      const bad = Array.from(bars.day, (day, i) => ({ day: isoFromDay(day), volume: bars.volume[i] })).filter(
        ({ day }) => day === row || day.replaceAll('-', '') === row.slice(0, 8),
      );
      const kept = ['out of order', 'duplicate', 'cut in a row'].includes(fault.name);
      const quiet = kept ? loaded.value.dropped > 0 : bad.every(({ volume }) => volume === 0);
      checks.check(`${name} is not traded on`, quiet && loaded.value.faults.length > 0, { bad, faults: loaded.value.faults });
    } else checks.check(`${name} is loaded without the row`, false, loaded);
  }
}

async function checkPlants(): Promise<void> {
  const { planted, clean, leftOut } = plantFiles(raw);
  const recordings = plantRecordings(raw);
  const imported = await plimsoll(['data', 'import', '--from', raw, '--to', store, '--json']);
  const whole = planted.filter((one) => one.fault.whole).length + recordings.filter((one) => one.whole).length;
  checks.equal(
    'the import ends with 1 and tells how many were set aside',
    [imported.status, list(objectOf(imported), 'setAside').length],
    [1, whole],
  );
  checks.equal('no planted file is unknown', list(objectOf(imported), 'unknown'), []);
  for (const one of planted) checkPlanted(one);
  for (const path of clean) checks.equal(`clean: ${path}`, [entryOf(path)?.dropped, entryOf(path)?.faults], [0, []]);
  for (const { what, why } of leftOut) checks.skip(what, why);
  for (const { name, path, met, row } of recordings) {
    const entry = entryOf(path);
    const said = row === 0 ? '' : (entry?.faults.find((text) => text.includes(` row ${row}: ${met}`)) ?? '');
    checks.check(
      `import: ${name}: ${said === '' ? `${entry?.counts[met] ?? 0} ${met}` : said}`,
      (entry?.counts[met] ?? 0) > 0 && (row === 0 || said !== ''),
      entry,
    );
  }
  for (const one of planted) if (one.format.daily) await checkLoading(one);
  await checkBacktest(planted);
}

/** The command says what it left out, and refuses what is set aside by file and row. */
async function checkBacktest(planted: readonly PlantedFile[]): Promise<void> {
  const find = (name: string) => planted.find((one) => one.format.name === 'sp500' && one.fault.name === name);
  const [bad, gone] = [find('negative'), find('header of other columns')];
  if (bad === undefined || gone === undefined) throw new Error('expected both faults in the table');
  for (const folder of [raw, store]) {
    const run = (id: string) =>
      plimsoll([
        'backtest',
        '--strategy',
        'mean-reversion',
        '--data',
        folder,
        '--instruments',
        id,
        '--from',
        '2013-03-04',
        '--to',
        '2013-09-30',
      ]);
    const ran = await run(bad.instrumentID);
    checks.check('backtest: one row dropped is said', ran.status === 0 && ran.stdout.includes('1 rows dropped'), ran.stdout + ran.stderr);
    const refused = await run(gone.instrumentID);
    checks.check(
      'backtest: a file set aside is refused in one sentence',
      refused.status === 4 && /nothing of|no daily bars of/.test(refused.stderr),
      refused.stderr,
    );
  }
}

/** Codes and counts of the table of the recorded files in docs/reference/bad-rows.md. */
function documented(): Record<string, number> {
  const page = readFileSync(join(projectRoot, 'docs/reference/bad-rows.md'), 'utf8');
  const rows = [...page.matchAll(/^\| ([\d,]+) \| `([A-Z_]+)` \|/gm)];
  const counts: Record<string, number> = {};
  for (const [, count, code] of rows) counts[code] = (counts[code] ?? 0) + Number(count.replaceAll(',', ''));
  return counts;
}

async function checkRecorded(data: string): Promise<void> {
  const to = join(root, 'recorded');
  const imported = await plimsoll(['data', 'import', '--from', data, '--to', to, '--json']);
  const counts = member(objectOf(imported), 'counts');
  const codes = Object.entries(typeof counts === 'object' && counts !== null ? counts : {}).filter(([name]) => /^[A-Z_]+$/.test(name));
  const sorted = (of: Record<string, number>) => Object.entries(of).sort(([a], [b]) => (a < b ? -1 : 1));
  checks.equal(
    'the recorded files have the faults that are documented and no others',
    sorted(Object.fromEntries(codes)),
    sorted(documented()),
  );
  checks.equal('nothing recorded is set aside', [imported.status, list(objectOf(imported), 'setAside')], [0, []]);
  const checked = await plimsoll(['data', 'check', to, '--json']);
  checks.equal('data check: every digest, order, period and session holds', [checked.status, list(objectOf(checked), 'damaged')], [0, []]);
}

/** Killed in the middle, started again: only the rest is read, and the folder is as if nothing had happened. */
async function checkKilled(data: string): Promise<void> {
  const [from, to] = [join(data, 'sp500/daily'), join(root, 'killed')];
  const first = start(['data', 'import', '--from', from, '--to', to]);
  const second = async () => plimsoll(['data', 'import', '--from', from, '--to', to]);
  while (!first.over && !existsSync(join(to, 'manifest.jsonl'))) await new Promise((resolve) => setTimeout(resolve, 5));
  const other = await second();
  checks.check(
    'a second process on the folder is refused, or the first was over',
    first.over || (other.status === 4 && other.stderr.includes('another process imports')),
    other.stderr,
  );
  await first.ended;
  rmSync(to, { recursive: true });
  const again = start(['data', 'import', '--from', from, '--to', to]);
  while (!again.over && linesOf(to) < 20) await new Promise((resolve) => setTimeout(resolve, 2));
  again.signal('SIGKILL');
  const killed = await again.ended;
  const done = openColumnStore(to)?.sources.length ?? 0;
  checks.check(`killed with ${done} of 129 sources done`, killed.status === null && done > 0 && done < 129, {
    status: killed.status,
    done,
  });
  const ended = await plimsoll(['data', 'import', '--from', from, '--to', to, '--json']);
  const [imported, skipped] = [member(objectOf(ended), 'imported'), member(objectOf(ended), 'skipped')];
  checks.equal('started again: only the rest is read', [ended.status, imported, skipped], [0, 129 - done, done]);
  const whole = openColumnStore(join(root, 'recorded'))
    ?.tables.filter((table) => /^daily\//.test(table.path))
    .map((table) => [table.path, table.sha256]);
  checks.equal(
    'and every file is that of an import in one go',
    openColumnStore(to)?.tables.map((table) => [table.path, table.sha256]),
    whole,
  );
}

function linesOf(folder: string): number {
  const manifest = join(folder, 'manifest.jsonl');
  return existsSync(manifest) ? readFileSync(manifest, 'utf8').split('\n').length : 0;
}

try {
  await checkPlants();
  const data = recordedPath('');
  if (data !== undefined) {
    await checkRecorded(data);
    await checkKilled(data);
  }
} catch (error) {
  checks.check('the step came to its end', false, String(error instanceof Error ? error.stack : error));
} finally {
  rmSync(root, { recursive: true, force: true });
}
checks.close('bad-rows');
