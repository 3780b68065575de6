import type { Seq } from '../../domain/ids.ts';
import type { Report } from '../../domain/report.ts';

interface Booked {
  readonly execID: string;
  /** Execution that it changes; its own for a fill. */
  readonly of: string;
  /** The same execution under another number says the same of itself. */
  readonly shape: string;
  readonly lots: number;
  readonly seq: Seq;
}

/** Executions of orders that no record names, and the records that book them: kept outside the desk, as the venue's own list is. */
export class ForeignFills {
  #booked: Booked[] = [];

  /** Seq of the record that books what a report says; undefined = none does. */
  seqOf(report: Report): Seq | undefined {
    const shape = shapeOf(report);
    return this.#booked.find((one) => one.execID === report.execID || (shape !== '' && one.shape === shape))?.seq;
  }

  /** Lots that a report adds to what is booked, signed by the side of its order; 0 = nothing. */
  changeOf(report: Report): number {
    switch (report.execType) {
      case 'trade':
        return report.lastQty;
      case 'tradeCorrect':
        return this.#lotsOf(report.execRefID) === 0 ? 0 : report.lastQty - this.#lotsOf(report.execRefID);
      case 'tradeCancel':
        return -this.#lotsOf(report.execRefID);
      default:
        return 0;
    }
  }

  note(report: Report, lots: number, seq: Seq): void {
    const of = report.execType === 'trade' ? report.execID : report.execRefID;
    this.#booked.push({ execID: report.execID, of, shape: shapeOf(report), lots, seq });
  }

  /** Records behind `lastSeq` are lost. */
  forgetBehind(lastSeq: Seq): void {
    this.#booked = this.#booked.filter(({ seq }) => seq <= lastSeq);
  }

  #lotsOf(execID: string): number {
    let lots = 0;
    for (const one of this.#booked) if (one.of === execID) lots += one.lots;
    return lots;
  }
}

function shapeOf({ execType, clOrdID, cumQty, lastQty, lastPx, transactTime }: Report): string {
  return execType === 'trade' ? `${clOrdID} ${cumQty} ${lastQty} ${lastPx} ${transactTime}` : '';
}
