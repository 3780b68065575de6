import { InvalidArgumentError, type Command } from 'commander';
import { isoFromMicros } from '../../base/time.ts';
import { readJournal } from '../../journal/reader.ts';
import { LargePositions, shareOfLimit, type LargestPosition } from '../../projections/large-positions.ts';
import { nodeDisk } from '../../storage/file/node-disk.ts';
import { exitCodes } from '../desk/exit-codes.ts';
import { findJournal } from '../desk/journal-files.ts';
import { jsonOption } from './option-values.ts';
import { print } from './output.ts';
import { table } from './search-text.ts';

interface LargePositionsOptions {
  readonly month?: string;
  readonly share: number;
  readonly all?: true;
  readonly json?: true;
}

const designedFor =
  'records designed for monthly large-position reporting; positions are those of the journal, limits those in force when they were largest';

export function addLargePositions(plimsoll: Command): void {
  plimsoll
    .command('large-positions')
    .description('the largest position of each month by account and instrument, and of the firm, beside its limit')
    .argument('<directory>', 'of a desk, or its journal')
    .option('--month <month>', 'one month, YYYY-MM; left out: every month', monthOf)
    .option('--share <fraction>', 'of the limit that a position has to have reached', shareOf, 0.8)
    .option('--all', 'positions without a limit, and below that share, too')
    .option(...jsonOption)
    .action((directory: string, options: LargePositionsOptions) => runLargePositions(directory, options));
}

function monthOf(text: string): string {
  if (/^\d{4}-(0[1-9]|1[0-2])$/.test(text)) return text;
  throw new InvalidArgumentError(`expected a month like 2026-11, was ${text}`);
}

function shareOf(text: string): number {
  const share = Number(text);
  if (text.trim() !== '' && share >= 0 && share < Infinity) return share;
  throw new InvalidArgumentError(`expected a fraction of the limit, 0 or more, was ${text}`);
}

async function runLargePositions(directory: string, { month, share, all, json }: LargePositionsOptions): Promise<void> {
  const { root, folder } = await findJournal(directory);
  const fold = new LargePositions();
  const end = await readJournal(nodeDisk(root), folder, (record) => {
    if (record.of === 'input') fold.input(record.at, record.input);
    else fold.decision(record.at, record.decision);
  });
  const isLarge = (one: LargestPosition): boolean => all === true || (shareOfLimit(one) ?? -1) >= share;
  const found = fold.months().filter((one) => (month === undefined || one.month === month) && isLarge(one));
  const damaged = end.kind === 'damaged';
  if (damaged || fold.unknown > 0) process.exitCode = exitCodes.aborted;
  const body = {
    designedFor,
    upTo: end.lastSeq,
    whole: !damaged && fold.unknown === 0,
    unknown: fold.unknown,
    share: all === true ? null : share,
    positions: found.map((one) => ({ ...one, at: isoFromMicros(one.at), share: shareOfLimit(one) })),
  };
  print(
    json === true,
    body,
    [
      `${designedFor}; up to record ${end.lastSeq}${damaged ? ', behind which the journal is damaged' : ''}`,
      ...(fold.unknown === 0
        ? []
        : [`${fold.unknown} changes are of listings or accounts that the journal does not define: the report lacks them`]),
      ...lines(found),
    ].join('\n'),
  );
}

function lines(found: readonly LargestPosition[]): readonly string[] {
  if (found.length === 0) return ['none'];
  return table(
    ['month', 'base units', 'limit', 'share', 'of', 'at', 'account', 'instrument'],
    found.map((one) => {
      const share = shareOfLimit(one);
      return [
        one.month,
        String(one.position),
        one.limit === null ? 'none' : String(one.limit),
        share === null ? '' : `${(share * 100).toFixed(1)} %`,
        one.limitOf,
        isoFromMicros(one.at).slice(0, 19),
        one.account === '' ? 'the firm' : one.account,
        one.instrument,
      ];
    }),
  );
}
