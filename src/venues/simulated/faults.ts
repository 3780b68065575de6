import type { Prng } from '../../base/prng.ts';
import type { ClOrdID } from '../../domain/ids.ts';
import type { Report } from '../../domain/report.ts';
import type { VenueStatement } from '../../domain/statement.ts';

export type RequestKind = 'new' | 'replace' | 'cancel' | 'cancelAll' | 'query' | 'statement';

/** What goes wrong on the way in. `lose`: it never arrives, and the sender is told `result`. Delays in microseconds. */
export type RequestFault =
  | { readonly kind: 'reject' }
  | { readonly kind: 'lose'; readonly result: 'sent' | 'uncertain' }
  | { readonly kind: 'delay'; readonly micros: number };

/** What goes wrong on the way back. A delayed report may be overtaken by later ones. */
export type ReportFault =
  | { readonly kind: 'lose' }
  | { readonly kind: 'duplicate' }
  | { readonly kind: 'duplicateNewExecID' }
  | { readonly kind: 'delay'; readonly micros: number };

/** What goes wrong with a page of a statement. `alter`: the venue states something else. */
export type StatementFault =
  | { readonly kind: 'lose' }
  | { readonly kind: 'duplicate' }
  | { readonly kind: 'delay'; readonly micros: number }
  | { readonly kind: 'alter'; readonly change: (page: VenueStatement) => VenueStatement };

/** Hook between the desk and the venue; asked once per message, in order. */
export interface VenueFaults {
  onRequest(kind: RequestKind, clOrdID: ClOrdID): RequestFault | undefined;
  onReport(report: Report): ReportFault | undefined;
  onStatement?(page: VenueStatement): StatementFault | undefined;
}

/** Chances 0 … 1 per message; what is left out never happens. */
export interface FaultRates {
  readonly rejectRequest?: number;
  readonly loseRequest?: number;
  readonly delayRequest?: number;
  readonly loseReport?: number;
  readonly duplicateReport?: number;
  readonly duplicateNewExecID?: number;
  readonly delayReport?: number;
  readonly loseStatement?: number;
  readonly duplicateStatement?: number;
  readonly delayStatement?: number;
  /** Mean of a delay in microseconds; 50,000 when left out. */
  readonly meanDelay?: number;
}

const defaultMeanDelay = 50_000;

/** Faults drawn from a seeded stream: the same seed and the same messages meet the same faults. */
export function drawnFaults(luck: Prng, rates: FaultRates): VenueFaults {
  const delay = (): number => Math.ceil(luck.exponential(rates.meanDelay ?? defaultMeanDelay));
  return {
    onRequest(kind) {
      const draw = luck.float();
      let edge = kind === 'query' || kind === 'cancelAll' || kind === 'statement' ? 0 : (rates.rejectRequest ?? 0);
      if (draw < edge) return { kind: 'reject' };
      if (draw < (edge += rates.loseRequest ?? 0)) return { kind: 'lose', result: luck.int(2) === 0 ? 'sent' : 'uncertain' };
      if (draw < edge + (rates.delayRequest ?? 0)) return { kind: 'delay', micros: delay() };
      return undefined;
    },
    onReport() {
      const draw = luck.float();
      let edge = rates.loseReport ?? 0;
      if (draw < edge) return { kind: 'lose' };
      if (draw < (edge += rates.duplicateReport ?? 0)) return { kind: 'duplicate' };
      if (draw < (edge += rates.duplicateNewExecID ?? 0)) return { kind: 'duplicateNewExecID' };
      if (draw < edge + (rates.delayReport ?? 0)) return { kind: 'delay', micros: delay() };
      return undefined;
    },
    onStatement() {
      const { loseStatement = 0, duplicateStatement = 0, delayStatement = 0 } = rates;
      // who asks for no such faults draws none: his other faults stay what they were
      if (loseStatement + duplicateStatement + delayStatement === 0) return undefined;
      const draw = luck.float();
      if (draw < loseStatement) return { kind: 'lose' };
      if (draw < loseStatement + duplicateStatement) return { kind: 'duplicate' };
      if (draw < loseStatement + duplicateStatement + delayStatement) return { kind: 'delay', micros: delay() };
      return undefined;
    },
  };
}

export interface ScriptedFaults extends VenueFaults {
  /** The next request of this kind that comes meets the fault. */
  nextRequest(kind: RequestKind, fault: RequestFault): void;
  /** The next report of this type meets the fault. */
  nextReport(execType: Report['execType'], fault: ReportFault): void;
  /** The next page of a statement meets the fault. */
  nextStatement(fault: StatementFault): void;
}

/** Faults asked for one by one, each used up by the first message that fits. */
export function scriptedFaults(): ScriptedFaults {
  const requests: { readonly kind: RequestKind; readonly fault: RequestFault }[] = [];
  const reports: { readonly execType: Report['execType']; readonly fault: ReportFault }[] = [];
  const statements: StatementFault[] = [];
  return {
    nextRequest: (kind, fault) => requests.push({ kind, fault }),
    nextReport: (execType, fault) => reports.push({ execType, fault }),
    nextStatement: (fault) => statements.push(fault),
    onStatement: () => statements.shift(),
    onRequest(kind) {
      const place = requests.findIndex((planned) => planned.kind === kind);
      return place < 0 ? undefined : requests.splice(place, 1)[0].fault;
    },
    onReport(report) {
      const place = reports.findIndex((planned) => planned.execType === report.execType);
      return place < 0 ? undefined : reports.splice(place, 1)[0].fault;
    },
  };
}
