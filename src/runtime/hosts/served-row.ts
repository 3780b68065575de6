import type { RowIx } from '../../domain/ids.ts';
import type { LoadRequest } from '../host-port.ts';
import { Context, type HostView } from '../strategy-context.ts';
import type { HostLink } from './host-link.ts';
import type { HostState } from './messages.ts';

export interface Authority {
  readonly epoch: number;
  readonly capital: number;
  readonly trading: boolean;
}

/** What the core knows of a row that a host serves: enough to begin it again elsewhere when its host has to be ended. */
export class ServedRow {
  readonly row: RowIx;
  readonly request: LoadRequest;
  readonly module: string;
  /** Follows the row's orders, positions and timers as its host does. */
  readonly context: Context;
  authority: Authority = { epoch: 0, capital: 0, trading: false };
  /** Undefined = nobody serves it any more: it was fenced, or it could not be loaded. */
  link: HostLink | undefined;
  /** Newest state that its instance exported; undefined = none. */
  state: HostState | undefined;
  /** Exports answered, with or without a state. */
  exports = 0;
  readonly loaded: { count: number; ok: boolean; text: string } = { count: 0, ok: false, text: '' };

  constructor(view: HostView, request: LoadRequest, module: string, lastTag: number) {
    this.row = request.row;
    this.request = request;
    this.module = module;
    this.context = new Context(view, request.row, request.universe, request.seed, lastTag);
  }
}
