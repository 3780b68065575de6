import { askSide, bidSide } from '../../venues/simulated/matching-book.ts';
import { drawLots } from './agent-market.ts';
import type { AgentMarket } from './agent-market.ts';

export interface InformedTerms {
  /** Ticks that the value must lie beyond the best price before they trade. */
  readonly edge: number;
  readonly size: number;
  readonly sizeSpread: number;
}

/** Traders who know the value and take what is priced wrong; the makers' losses to them are what a spread is for (Glosten & Milgrom 1985). */
export function informedAct(terms: InformedTerms, market: AgentMarket): void {
  const { value, bestBid, bestAsk, luck } = market;
  if (value - bestAsk > terms.edge) market.take(bidSide, Math.floor(value - terms.edge), drawLots(luck, terms.size, terms.sizeSpread));
  else if (bestBid - value > terms.edge) market.take(askSide, Math.ceil(value + terms.edge), drawLots(luck, terms.size, terms.sizeSpread));
}
