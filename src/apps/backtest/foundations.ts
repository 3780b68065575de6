import { KeptGraph } from '../../base/kept-graph.ts';
import type { Micros } from '../../base/units.ts';
import type { Core } from '../../core/core.ts';
import type { Seq } from '../../domain/ids.ts';
import type { DeploymentSpec } from '../../domain/spec.ts';
import type { BarSet } from '../../ports/backtest.ts';

/** What everything that a core is told before the deployment of its strategy hangs on. */
export interface FoundingTerms {
  readonly bars: BarSet;
  readonly startAt: Micros;
  /** Decimal: of the firm and of the slice. */
  readonly capital: string;
  readonly seed: number;
  readonly algorithmID: string;
  readonly version: string;
}

/** A core that has its genesis, registrations, version and slice. */
export interface FoundedCore {
  readonly core: Core;
  /** Number of its last record. */
  readonly seq: Seq;
  /** What was deployed on it first; others differ from it in their parameters alone. */
  readonly spec: DeploymentSpec;
}

interface Kept extends FoundedCore {
  readonly terms: FoundingTerms;
  readonly graph: KeptGraph;
}

/**
 * Runs that follow each other on the same terms begin on one core, put back each time to where its strategy is deployed. Kept from the second such run on: one
 * that is alone pays nothing. One run at a time.
 */
export class Foundations {
  #last: FoundingTerms | undefined;
  #kept: Kept | undefined;

  /** The kept core of these terms, put back; undefined = there is none. Whatever was had of it before is overwritten. */
  take(terms: FoundingTerms): FoundedCore | undefined {
    if (this.#kept === undefined || !isSame(this.#kept.terms, terms)) return undefined;
    this.#kept.graph.putBack();
    return this.#kept;
  }

  /** Hears of a core that was just founded on these terms. */
  founded(terms: FoundingTerms, founded: FoundedCore): void {
    const isSecond = this.#last !== undefined && isSame(this.#last, terms);
    this.#last = terms;
    this.#kept = isSecond ? { ...founded, terms, graph: new KeptGraph(founded.core) } : undefined;
  }
}

function isSame(one: FoundingTerms, other: FoundingTerms): boolean {
  return (
    one.bars === other.bars &&
    one.startAt === other.startAt &&
    one.capital === other.capital &&
    one.seed === other.seed &&
    one.algorithmID === other.algorithmID &&
    one.version === other.version
  );
}
