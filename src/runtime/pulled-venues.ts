import type { Micros } from '../base/units.ts';
import type { EventSeq } from '../domain/ids.ts';
import type { MarketEvent } from '../domain/market.ts';
import type { Report } from '../domain/report.ts';
import type { NoticeSink, ReportSink } from '../ports/venue.ts';
import type { PulledVenue } from './desk-options.ts';

/** The venues of a desk on its virtual clock, in the order in which they are pulled. */
export class PulledVenues {
  readonly all: readonly PulledVenue[];

  constructor(all: readonly PulledVenue[]) {
    this.all = all;
  }

  /** When the first of them has something to do; undefined = none has. */
  nextAt(): Micros | undefined {
    let next: Micros | undefined;
    for (let n = 0; n < this.all.length; n++) next = sooner(next, this.all[n].nextEventAt());
    return next;
  }

  isDue(at: Micros): boolean {
    const next = this.nextAt();
    return next !== undefined && next <= at;
  }

  /** Does what is due up to `at`. */
  advance(at: Micros, sink: ReportSink, notices?: NoticeSink): void {
    for (let n = 0; n < this.all.length; n++) {
      const due = this.all[n].nextEventAt();
      if (due !== undefined && due <= at) this.all[n].advance(at, sink, notices);
    }
  }

  /** Shows them an event of the market. */
  show(event: MarketEvent): void {
    for (let n = 0; n < this.all.length; n++) this.all[n].onMarket?.(event);
  }
}

/** The first of two times; undefined = never. */
export function sooner(a: Micros | undefined, b: Micros | undefined): Micros | undefined {
  return a === undefined || (b !== undefined && b < a) ? b : a;
}

/** The report with its number: itself, or a copy where it has one already (a venue may say the same twice). */
export function numbered(report: Report, eventSeq: EventSeq): Report {
  if (report.eventSeq !== 0) return { ...report, eventSeq };
  (report as { eventSeq: EventSeq }).eventSeq = eventSeq;
  return report;
}
