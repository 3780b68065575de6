import type { ListingIx, RowIx } from '../../domain/ids.ts';
import type { ParameterValues } from '../../ports/strategy.ts';
import { Context, type Carried, type HostView } from '../strategy-context.ts';
import { rateListings, type MoneyTerms } from '../own-money.ts';
import type { HostLink } from './host-link.ts';
import type { HostState } from './messages.ts';

/** What a host is asked to serve; the code itself is loaded in its thread only. */
export interface ServeRequest {
  readonly row: RowIx;
  readonly name: string;
  readonly version: string;
  readonly parameters: ParameterValues;
  readonly universe: readonly ListingIx[];
  /** Seed text of the instance's random stream. */
  readonly seed: string;
  /** What the row has already when its desk starts again on a journal. */
  readonly held?: Carried;
  /** Where its universe has other currencies than its slice. */
  readonly money?: MoneyTerms;
}

/** Listings whose events the row's host is sent: its universe, and the rates of its currencies. */
export function heardBy({ universe, money }: ServeRequest): readonly ListingIx[] {
  const rates = rateListings(money).filter((listing) => !universe.includes(listing));
  return rates.length === 0 ? universe : [...universe, ...rates];
}

export interface Authority {
  readonly epoch: number;
  readonly capital: number;
  readonly trading: boolean;
}

/** What the core knows of a row that a host serves: enough to begin it again elsewhere when its host has to be ended. */
export class ServedRow {
  readonly row: RowIx;
  readonly request: ServeRequest;
  readonly module: string;
  /** Follows the row's orders, positions and timers as its host does. */
  context: Context;
  authority: Authority = { epoch: 0, capital: 0, trading: false };
  /** Undefined = nobody serves it any more: it was fenced, or it could not be loaded. */
  link: HostLink | undefined;
  /** Newest state that its instance exported; undefined = none. */
  state: HostState | undefined;
  /** Exports answered, with or without a state. */
  exports = 0;
  readonly loaded: { count: number; ok: boolean; text: string } = { count: 0, ok: false, text: '' };

  constructor(view: HostView, request: ServeRequest, module: string, lastTag: number) {
    this.row = request.row;
    this.request = request;
    this.module = module;
    this.context = new Context(view, request.row, request.universe, request.seed, lastTag, request.money);
    if (request.held !== undefined) this.context.restore(request.held);
  }
}
