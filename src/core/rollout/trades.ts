import type { RowIx } from '../../domain/ids.ts';
import type { Core } from '../core.ts';

/** Fills of a row, and those of them that realized a profit or a loss, by paper and real. */
export interface TradeCounts {
  trades: number;
  wins: number;
  losses: number;
}

const none: TradeCounts = { trades: 0, wins: 0, losses: 0 };

export function rowTrades(core: Core, row: RowIx, simulated: boolean): Readonly<TradeCounts> {
  return core.rollout.trades[row * 2 + (simulated ? 1 : 0)] ?? none;
}

/** A fill that its venue has taken back is none. What it had won or lost stays counted: nobody remembers which it was. */
export function uncountTrade({ rollout }: Core, row: RowIx, simulated: boolean): void {
  const counts = rollout.trades[row * 2 + (simulated ? 1 : 0)];
  if (counts !== undefined && counts.trades > 0) counts.trades--;
}

/** Counts a fill; `realizedSign` is the sign of what it realized before fees. */
export function countTrade(core: Core, row: RowIx, simulated: boolean, realizedSign: number): void {
  const place = row * 2 + (simulated ? 1 : 0);
  const { trades } = core.rollout;
  // without gaps, which V8 would search through at every look
  while (trades.length <= place) trades.push(undefined);
  const counts = (trades[place] ??= { trades: 0, wins: 0, losses: 0 });
  counts.trades++;
  if (realizedSign > 0) counts.wins++;
  if (realizedSign < 0) counts.losses++;
}
