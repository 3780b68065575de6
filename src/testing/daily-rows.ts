/** A daily row as the S&P 500 files write it. */
export interface DailyRow {
  date: string;
  open: string;
  high: string;
  low: string;
  close: string;
  adjusted: string;
  volume: string;
  dividend: string;
  split: string;
}

export const dailyHeader = 'timestamp,open,high,low,close,adjusted_close,volume,dividend_amount,split_coefficient';

/** Rows of the sessions of XNYS from 2015-03-02 on: a price that wanders around 50, made anew by each test. */
export function dailyRows(dates: readonly string[]): DailyRow[] {
  return dates.map((date, i) => {
    const close = 50 + ((i * 37) % 11) / 10;
    const row = { open: close - 0.2, high: close + 0.3, low: close - 0.4, close, adjusted: close * 0.9 };
    const text = Object.fromEntries(Object.entries(row).map(([name, value]) => [name, value.toFixed(4)])) as Record<
      keyof typeof row,
      string
    >;
    return { date, ...text, volume: String(1_000_000 + i), dividend: '0.0', split: '1.0' };
  });
}

export function dailyText(rows: readonly DailyRow[]): string {
  const lines = rows.map((row) =>
    [row.date, row.open, row.high, row.low, row.close, row.adjusted, row.volume, row.dividend, row.split].join(','),
  );
  return `${[dailyHeader, ...lines].join('\n')}\n`;
}
