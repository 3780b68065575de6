import type { InstanceAuthority } from '../../domain/effect.ts';
import type { EventSeq, ListingIx, RowIx } from '../../domain/ids.ts';
import type { ParameterValues, StrategyInstance } from '../../ports/strategy.ts';
import type { BareState } from '../exported-state.ts';
import type { Delivery, HostAnswer, LoadRequest } from '../host-port.ts';
import type { Carried, Context } from '../strategy-context.ts';

/** One version on a host. */
export interface Hosted {
  readonly request: LoadRequest;
  readonly parameters: ParameterValues;
  readonly context: Context;
  readonly instance: StrategyInstance;
  readonly universe: ReadonlySet<ListingIx>;
  watermark: EventSeq;
  /** Itself: for what is told to one. */
  readonly alone: Hosted[];
}

export function hostedOf(
  request: LoadRequest,
  parameters: ParameterValues,
  context: Context,
  instance: StrategyInstance,
  watermark: EventSeq,
): Hosted {
  const hosted: Hosted = { request, parameters, context, instance, universe: new Set(request.universe), watermark, alone: [] };
  hosted.alone.push(hosted);
  return hosted;
}

/** What hand-overs need of the host that they happen in. */
export interface HostRows {
  get(row: RowIx): Hosted | undefined;
  /** Serves the row from now on, in the place of whoever served it. */
  put(hosted: Hosted): void;
  newContext(request: LoadRequest): Context;
  grant(hosted: Hosted, authority: InstanceAuthority): void;
  /** Runs the callback of a delivery for this one alone. */
  call(hosted: Hosted, delivery: Delivery): HostAnswer;
  /** Runs code of the row's version outside of a delivery, under the same watch as a callback. */
  watched<T>(row: RowIx, work: () => T): T;
  /** Rows that are not fed have changed. */
  refresh(): void;
}

/** What a version leaves to its successor: its state, the hash of it as it was exported, and what its row has. */
export interface Parting {
  readonly state: BareState;
  readonly exported: string;
  readonly carried: Carried;
}

export const nameOf = ({ request }: Hosted): string => `${request.definition.name} ${request.definition.version}`;

/** A fault that is said of a version outside of a callback. */
export function faultOf({ request, watermark }: Hosted, text: string): HostAnswer {
  return { intents: [], faults: [{ row: request.row, event: 'exception', text }], watermark };
}

/** Tells one version what waited for it, up to its first callback that throws: nothing that it proposes after that comes before the word that it has thrown. */
export class Teller {
  readonly answers: HostAnswer[] = [];
  readonly #rows: HostRows;
  #fallen = false;

  constructor(rows: HostRows) {
    this.#rows = rows;
  }

  tell(hosted: Hosted, delivery: Delivery): void {
    if (this.#fallen) return;
    const answer = this.#rows.call(hosted, delivery);
    if (answer.faults.length > 0) this.#fallen = true;
    // one that says nothing is used again
    if (answer.intents.length + answer.faults.length > 0) this.answers.push(answer);
  }
}
