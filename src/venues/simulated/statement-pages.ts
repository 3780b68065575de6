import type { Micros } from '../../base/units.ts';
import type { AccountIx, VenueIx } from '../../domain/ids.ts';
import { maxStatementLines, type StatedFill, type StatedOrder, type StatedPosition, type VenueStatement } from '../../domain/statement.ts';

export interface StatementHead {
  readonly venue: VenueIx;
  readonly account: AccountIx;
  readonly ask: number;
  readonly asOf: Micros;
  readonly since: Micros;
}

/** A statement in pages of at most `maxStatementLines` lines; an empty one is one page. */
export function pagesOf(
  head: StatementHead,
  orders: readonly StatedOrder[],
  fills: readonly StatedFill[],
  positions: readonly StatedPosition[],
): VenueStatement[] {
  const lines = orders.length + fills.length + positions.length;
  const pages = Math.max(1, Math.ceil(lines / maxStatementLines));
  const statements: VenueStatement[] = [];
  for (let page = 1; page <= pages; page++) {
    const from = (page - 1) * maxStatementLines;
    const part = <T>(list: readonly T[], before: number): readonly T[] =>
      list.slice(Math.max(0, from - before), Math.max(0, from + maxStatementLines - before));
    statements.push({
      kind: 'venueStatement',
      ...head,
      page,
      pages,
      orders: part(orders, 0),
      fills: part(fills, orders.length),
      positions: part(positions, orders.length + fills.length),
    });
  }
  return statements;
}
