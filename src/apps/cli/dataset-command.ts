import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { InvalidArgumentError, type Command } from 'commander';
import { adjustments, type Adjustment } from '../../domain/bar-columns.ts';
import { rollRules, type RollRule } from '../../feeds/futures/roll-schedule.ts';
import { sourceKinds, type SourceKind } from '../../feeds/raw-source.ts';
import { openColumnStore } from '../../storage/columnar/column-store.ts';
import type { ImportRefusal } from '../../storage/columnar/import-columns.ts';
import { parquetAbsentText } from '../../storage/columnar/parquet-file.ts';
import { checkFolder, folderCheckText } from '../columns/check-folder.ts';
import { importFolder, type FolderImport, type ImportOptions } from '../columns/import-folder.ts';
import { inspectPath } from '../columns/inspect-path.ts';
import { countsText, pathSummaryText, unknownText } from '../columns/series-list.ts';
import { lockDirectory } from '../desk/control-socket.ts';
import { exitCodes, Refusal } from '../desk/exit-codes.ts';
import { captureSummaryText, isUnwell } from './inspect-capture.ts';
import { print } from './output.ts';
import { Progress } from './progress.ts';

interface JsonOption {
  readonly json?: true;
}

interface ImportCommandOptions extends JsonOption {
  readonly from: string;
  readonly to: string;
  readonly kind: SourceKind | 'auto';
  readonly adjust: Adjustment | 'back';
  readonly roll?: RollRule;
}

const json = ['--json', 'print one JSON object and nothing else'] as const;
const kinds = ['auto', ...sourceKinds] as const;
const hows = [...adjustments, 'back'] as const;

function oneOf<T extends string>(all: readonly T[]): (text: string) => T {
  return (text) => {
    const found = all.find((one) => one === text);
    if (found === undefined) throw new InvalidArgumentError(`expected ${all.join(', ')}, was ${text}`);
    return found;
  };
}

/** The commands about recorded market data. */
export function addData(plimsoll: Command): void {
  const data = plimsoll.command('data').description('recorded market data: import it once, look into it, check it');
  data
    .command('import')
    .description('turn raw files into columnar files (Parquet), each once; started again it goes on where it stopped')
    .requiredOption('--from <path>', 'folder or file of raw data')
    .requiredOption('--to <directory>', 'folder of the columnar files')
    .option('--kind <kind>', `only sources of this kind: ${kinds.join(', ')}`, oneOf(kinds), 'auto')
    .option(
      '--adjust <how>',
      'none keeps raw prices with their factors; split, total write adjusted ones; back with --roll',
      oneOf(hows),
      'none',
    )
    .option('--roll <rule>', `adds a continuous series of each future, rolled by ${rollRules.join(' or ')}`, oneOf(rollRules))
    .option(...json)
    .action((options: ImportCommandOptions) => runImport(options));
  data
    .command('inspect')
    .description('what a raw or imported file or folder holds and what is wrong with it')
    .argument('<path>')
    .option(...json)
    .action((path: string, options: JsonOption) => runInspect(path, options.json === true));
  data
    .command('check')
    .description('digests of imported files, gaps, outliers, rows outside of sessions; of raw files every row')
    .argument('<directory>')
    .option(...json)
    .action((directory: string, options: JsonOption) => runCheck(directory, options.json === true));
}

async function runImport({ from, to, kind, adjust, roll, json: asJson }: ImportCommandOptions): Promise<void> {
  const terms = adjustmentOf(adjust, roll);
  const isJson = asJson === true;
  refuseImport(from, to);
  const lock = await lockDirectory(to);
  if (lock === undefined) throw new Refusal(exitCodes.refused, `${to}: another process imports into this folder`);
  try {
    const started = performance.now();
    const progress = new Progress('imported', isJson);
    const report = await importFolder(
      from,
      to,
      ({ done, total, entry, skipped }) => progress.at(done, total, `${entry.source}${skipped ? ' (unchanged)' : ''}`),
      { ...terms, ...(kind === 'auto' ? {} : { kind }) },
    );
    if (!report.ok) throw new Refusal(exitCodes.refused, refusalText(report.error));
    const seconds = Math.round(performance.now() - started) / 1_000;
    if (report.value.imported + report.value.skipped === 0) throw new Refusal(exitCodes.refused, nothingText(from, kind, report.value));
    print(isJson, { from, to, adjust, ...report.value, seconds }, importText(to, report.value, seconds));
    if (report.value.setAside.length > 0) process.exitCode = exitCodes.aborted;
  } finally {
    await lock.release();
  }
}

/** Contracts are adjusted `back` or not at all, shares for splits and dividends. */
function adjustmentOf(adjust: Adjustment | 'back', roll: RollRule | undefined): Pick<ImportOptions, 'adjust' | 'rolled'> {
  if (adjust === 'back') {
    if (roll === undefined) throw new Refusal(exitCodes.usage, `adjust: back is for --roll ${rollRules.join('|')}, which is not given`);
    return { adjust: 'none', rolled: { roll, adjust } };
  }
  if (roll === undefined) return { adjust };
  if (adjust !== 'none') throw new Refusal(exitCodes.usage, `adjust: expected none or back with --roll, was ${adjust}`);
  return { adjust, rolled: { roll, adjust } };
}

function refuseImport(from: string, to: string): void {
  if (!existsSync(from)) throw new Refusal(exitCodes.refused, `${from}: no such file or directory`);
  if (existsSync(to) && !statSync(to).isDirectory()) throw new Refusal(exitCodes.refused, `${to}: expected a directory, is a file`);
  if (resolve(from) === resolve(to)) throw new Refusal(exitCodes.refused, `${to}: expected another folder than the raw files are in`);
  if (statSync(from).isDirectory() && openColumnStore(from) !== undefined)
    throw new Refusal(exitCodes.refused, `${from}: holds imported files already, expected raw ones`);
}

function nothingText(from: string, kind: string, { unknown, passedOver }: FolderImport): string {
  if (passedOver > 0) return `${from}: holds ${passedOver} sources, none of kind ${kind}`;
  return `${from}: holds nothing that a reader knows${unknown.length > 0 ? `; ${unknownText(unknown)}` : ''}`;
}

function refusalText(error: ImportRefusal): string {
  switch (error.code) {
    case 'TABLE_TAKEN':
      return `${error.path}: ${error.by} and ${error.source} would both be written there; import them into folders of their own`;
    case 'SOURCE_UNREADABLE':
      return `${error.source}: cannot be read: ${error.text}`;
    default:
      return error.text;
  }
}

function importText(to: string, report: FolderImport, seconds: number): string {
  const { imported, skipped, tables, rows, dropped, untraded, setAside, counts, unknown, passedOver } = report;
  const lines = [
    `${imported} sources imported, ${skipped} unchanged: ${tables} tables, ${rows.toLocaleString('en-US')} rows in ${to} (${seconds.toFixed(1)} s)`,
    `${dropped} rows dropped, ${untraded} bars without volume, ${setAside.length} sources set aside`,
  ];
  if (Object.keys(counts).length > 0) lines.push(`met: ${countsText(counts)}`);
  lines.push(...setAside.map((source) => `set aside: ${source}`));
  if (passedOver > 0) lines.push(`${passedOver} sources of other kinds passed over`);
  if (unknown.length > 0) lines.push(unknownText(unknown));
  if (Object.keys(counts).length > 0) lines.push(`plimsoll data check ${to} names each`);
  return lines.join('\n');
}

async function runInspect(path: string, isJson: boolean): Promise<void> {
  const progress = new Progress('read', isJson || !existsSync(path) || !statSync(path).isDirectory());
  const inspected = await inspectPath(path, (done, total, what) => progress.at(done, total, what));
  if (!inspected.ok) throw new Refusal(exitCodes.refused, inspected.error);
  if (inspected.value.what === 'binance') {
    const { summary } = inspected.value;
    print(isJson, summary, captureSummaryText(summary));
    if (isUnwell(summary)) process.exitCode = exitCodes.aborted;
    return;
  }
  const { summary } = inspected.value;
  print(isJson, summary, pathSummaryText(summary));
  const isRaw = summary.what === 'raw files';
  if (summary.setAside.length + summary.unreadable.length > 0 || (isRaw && summary.dropped > 0)) process.exitCode = exitCodes.aborted;
}

async function runCheck(directory: string, isJson: boolean): Promise<void> {
  if (!existsSync(directory)) throw new Refusal(exitCodes.refused, `${directory}: no such directory`);
  if (!statSync(directory).isDirectory()) throw new Refusal(exitCodes.refused, `${directory}: expected a directory, is a file`);
  const progress = new Progress('checked', isJson);
  const check = await checkFolder(directory, (done, total, what) => progress.at(done, total, what));
  if (check.sources === 0)
    throw new Refusal(exitCodes.refused, `${directory}: holds neither imported files nor raw ones that a reader knows`);
  const absent = check.damaged.find((text) => text.includes(parquetAbsentText));
  if (absent !== undefined) throw new Refusal(exitCodes.refused, parquetAbsentText);
  const outside = check.checks.flatMap((one) => one.findings).filter((one) => one.kind === 'outside').length;
  const healthy = check.damaged.length + check.setAside.length + outside === 0;
  print(isJson, { healthy, ...check }, folderCheckText(check));
  if (!healthy) process.exitCode = exitCodes.aborted;
}
