import type { CostSensitivity } from '../honesty.ts';
import type { BootstrapOutcome, Reshuffle, SlippageRow, Spread } from '../monte-carlo.ts';
import type { FoldResult } from '../walk-forward.ts';
import { dateText, fixed, groupedDecimal, percent, signedPercent } from './figure-text.ts';
import type { SheetTable } from './sheet-run.ts';

const text = (name: string): SheetTable['columns'][number] => ({ name, number: false });
const number = (name: string): SheetTable['columns'][number] => ({ name, number: true });

/** What other costs would have left. A Sharpe ratio of each is not shown: it would stand without its evidence. */
export function costTable({ rows, breakEvenBps }: CostSensitivity): SheetTable {
  const even =
    breakEvenBps === null
      ? 'Nothing was traded.'
      : `Without any costs it earned ${fixed(breakEvenBps, 1)} bps of what it traded: so much all costs together may take before nothing is left.`;
  return {
    id: 'cost-sensitivity',
    title: 'The same run at other costs',
    text: `The whole run again at multiples of its fees and slippage. ${even}`,
    columns: [number('times the costs'), number('final equity'), number('return'), number('round trips')],
    rows: rows.map(({ multiple, finalEquity, totalReturn, trades }) => [
      String(multiple),
      groupedDecimal(finalEquity),
      signedPercent(totalReturn, 2),
      fixed(trades, 0),
    ]),
  };
}

export function slippageTable(rows: readonly SlippageRow[]): SheetTable {
  return {
    id: 'slippage-stress',
    title: 'The same run with worse fills',
    text: "The whole run again, each market order and stop filled so many basis points worse, in place of the run's own slippage model.",
    columns: [number('slippage, bps'), number('final equity'), number('return'), number('round trips')],
    rows: rows.map(({ bps, finalEquity, totalReturn, trades }) => [
      String(bps),
      groupedDecimal(finalEquity),
      signedPercent(totalReturn, 2),
      fixed(trades, 0),
    ]),
  };
}

export function pathTable(reshuffle: Reshuffle | undefined, bootstrap: BootstrapOutcome | undefined): SheetTable {
  const row = (name: string, { low, median, high, happened }: Spread, shown: (value: number) => string): string[] => [
    name,
    ...[low, median, high, happened].map(shown),
  ];
  const depth = (value: number): string => percent(value, 2);
  const order = reshuffle === undefined ? [] : [row('drawdown, the same trades in other orders', reshuffle.maxDrawdown, depth)];
  const histories =
    bootstrap === undefined
      ? []
      : [
          row('return, other histories', bootstrap.totalReturn, (value) => signedPercent(value, 2)),
          row('Sharpe ratio, other histories', bootstrap.sharpe, (value) => fixed(value, 2)),
          row('drawdown, other histories', bootstrap.maxDrawdown, depth),
        ];
  const deeper =
    reshuffle === undefined
      ? ''
      : ` ${percent(reshuffle.deeper, 0)} of ${fixed(reshuffle.paths, 0)} orders of the trades fall deeper than what happened.`;
  const losing =
    bootstrap === undefined
      ? ''
      : ` ${percent(bootstrap.losing, 0)} of ${fixed(bootstrap.paths, 0)} histories end below where they began (stationary bootstrap, mean block ${fixed(bootstrap.meanBlock, 1)} periods).`;
  return {
    id: 'paths',
    title: 'What else could have happened',
    text: `The same trades in other orders, and other histories that the same returns could have made.${deeper}${losing}`,
    columns: [text('of all paths'), number('5 % lie below'), number('half lie below'), number('95 % lie below'), number('happened')],
    rows: [...order, ...histories],
  };
}

export function foldTable(folds: readonly FoldResult[], efficiency: number | null): SheetTable {
  const held = efficiency === null ? '' : ` On average the Sharpe ratio out of sample was ${fixed(efficiency, 2)} times that in sample.`;
  return {
    id: 'folds',
    title: 'Folds',
    text: `Each fold chose the best of its configurations on the dates it learned from; the equity above is made of the judged dates alone.${held}`,
    columns: [text('judged'), text('learned'), number('configurations'), number('return judged'), text('chosen')],
    rows: folds.map(({ fold, candidates, chosen, outOfSampleReturn }) => [
      `${dateText(fold.judgeFrom)} to ${dateText(fold.judgeTo)}`,
      `${dateText(fold.learnFrom)} to ${dateText(fold.learnTo)}`,
      fixed(candidates, 0),
      signedPercent(outOfSampleReturn, 2),
      Object.entries(chosen)
        .map(([name, value]) => `${name} ${value}`)
        .join(', '),
    ]),
  };
}
