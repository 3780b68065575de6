import type { ByteWriter } from '../../base/canonical.ts';
import { microsUnchecked, type Micros } from '../../base/units.ts';
import { causeSeqOf, type AccountIx, type ClOrdID, type ListingIx, type RowIx, type Seq, type VenueIx } from '../../domain/ids.ts';
import type { BreakClass, BreakState, ReconcileReason, VenueStatement } from '../../domain/statement.ts';

/** Most breaks that are kept at one time; a difference past it keeps its account uncompared. */
export const maxBreaks = 4_096;
/** Executions are asked for from at most a day back (microseconds). */
export const maxLookBack = 86_400_000_000;
/** First wait between two looks while something is not settled, and the longest (microseconds). */
const firstLook = 250_000;
const longestLook = 30_000_000;

/** A difference that was seen once: it is a break when it is there in a later statement with the same figure. */
export interface Suspect {
  figure: number;
  readonly at: Micros;
}

/** How far the comparison of one account has come. */
export interface AskedAccount {
  readonly account: AccountIx;
  readonly venue: VenueIx;
  /** Number of the last question; `answerBy` 0 = it is answered, or none is asked. */
  ask: number;
  reason: ReconcileReason;
  since: Micros;
  /** Place in the log of executions when it was asked: what came later may lie behind the cut. */
  execsAt: number;
  answerBy: Micros | 0;
  /** Questions in a row without a whole answer. */
  unanswered: number;
  /** When it looks again by itself; 0 = not. */
  lookAt: Micros | 0;
  looks: number;
  /** The last cut that was judged; 0 = none. */
  cutAt: Micros | 0;
  /** When a cut before it was first stated, and which; 0 = none is doubted. */
  backAt: Micros | 0;
  backCut: Micros | 0;
  /** The last cut that was judged before the venue's clock went back; 0 = it did not, as far as a day goes back. */
  setBackFrom: number;
  /** Judged since the start, with nothing suspected. */
  compared: boolean;
  pages: VenueStatement[];
  readonly suspects: Map<string, Suspect>;
}

export interface BreakRecord {
  readonly breakID: string;
  readonly class: BreakClass;
  state: BreakState;
  readonly venue: VenueIx;
  readonly account: AccountIx;
  readonly listing: ListingIx;
  readonly clOrdID: ClOrdID;
  /** When the execution happened that it is about: only a statement that reaches back so far can say that it is no more. 0 = about no execution. */
  readonly happenedAt: Micros | 0;
  here: number;
  there: number;
  attempts: number;
  text: string;
}

/** What the desk knows of its venues' word: who was asked, what differs, which rows that restricts. */
export interface Reconciliation {
  /** Microseconds between comparisons; 0 = only when asked. */
  every: number;
  nextAt: Micros | 0;
  asks: number;
  /** By account. */
  readonly accounts: AskedAccount[];
  readonly breaks: Map<string, BreakRecord>;
  /** Executions that no order of ours explains and that were booked to a custodian, by breakID, with their time. */
  readonly outside: Map<string, Micros>;
  /** Rows that an open break has taken to CANCEL_ONLY. */
  readonly restricted: Set<RowIx>;
  /** Earliest of all deadlines; 0 = none. */
  dueAt: Micros | 0;
  /** By venue: seq of its last word; 0 = none yet. */
  readonly heard: number[];
}

export function createReconciliation(): Reconciliation {
  return { every: 0, nextAt: 0, asks: 0, accounts: [], breaks: new Map(), outside: new Map(), restricted: new Set(), dueAt: 0, heard: [] };
}

/** A venue has said something: a report, or a page of a statement. */
export function venueHeard({ heard }: Reconciliation, venue: VenueIx, seq: Seq): void {
  while (heard.length <= venue) heard.push(0);
  heard[venue] = seq;
}

/** Whether the venue has said anything since a request was decided. One that has not is mute, whatever was asked of it. */
export function hasSpokenSince({ heard }: Reconciliation, venue: VenueIx, request: ClOrdID): boolean {
  return (heard[venue] ?? 0) > causeSeqOf(request);
}

/** The state of an account, made when it is first needed. Accounts are numbered from 0 without gaps. */
export function askedAccount(reconciliation: Reconciliation, account: AccountIx, venue: VenueIx): AskedAccount {
  const { accounts } = reconciliation;
  return (accounts[account] ??= {
    account,
    venue,
    ask: 0,
    reason: 'start',
    since: microsUnchecked(0),
    execsAt: 0,
    answerBy: 0,
    unanswered: 0,
    lookAt: 0,
    looks: 0,
    cutAt: 0,
    backAt: 0,
    backCut: 0,
    setBackFrom: 0,
    compared: false,
    pages: [],
    suspects: new Map(),
  });
}

export function isOpenBreak({ state }: BreakRecord): boolean {
  return state === 'found' || state === 'correcting';
}

/** Something is not settled: the account is looked at again, sooner at first. */
export function lookAgain(reconciliation: Reconciliation, asked: AskedAccount, at: Micros): void {
  asked.lookAt = microsUnchecked(at + Math.min(longestLook, firstLook * (1 << Math.min(asked.looks, 8))));
  asked.looks += 1;
  refreshDue(reconciliation);
}

/** A report does not fit what is here: its venue is asked soon, where comparisons are made at all and no answer is awaited. */
export function lookSoon(reconciliation: Reconciliation, venue: VenueIx, at: Micros): void {
  if (reconciliation.every === 0) return;
  for (const asked of reconciliation.accounts) {
    if (asked === undefined || asked.venue !== venue || asked.lookAt !== 0 || asked.answerBy !== 0) continue;
    lookAgain(reconciliation, asked, at);
  }
}

/** Every account is judged, and nothing makes any of them look again by itself. */
export function isSettled({ accounts }: Reconciliation): boolean {
  return accounts.every((asked) => asked === undefined || (asked.answerBy === 0 && asked.lookAt === 0));
}

/** No question waits for its answer. */
export function areAnswered({ accounts }: Reconciliation): boolean {
  return accounts.every((asked) => asked === undefined || asked.answerBy === 0);
}

export function refreshDue(reconciliation: Reconciliation): void {
  let due: number = reconciliation.nextAt === 0 ? Infinity : reconciliation.nextAt;
  for (const asked of reconciliation.accounts) {
    if (asked === undefined) continue;
    if (asked.answerBy !== 0) due = Math.min(due, asked.answerBy);
    if (asked.lookAt !== 0) due = Math.min(due, asked.lookAt);
  }
  reconciliation.dueAt = due === Infinity ? 0 : microsUnchecked(due);
}

/** Everything of it that decisions can hang on. */
export function hashReconciliation(writer: ByteWriter, reconciliation: Reconciliation): void {
  const { every, nextAt, asks, accounts, breaks, outside, restricted, heard } = reconciliation;
  for (const n of [every, nextAt, asks, accounts.length, breaks.size, outside.size, restricted.size]) writer.safeInt(n);
  for (const asked of accounts) {
    writer.bool(asked !== undefined);
    if (asked === undefined) continue;
    const { ask, since, execsAt, answerBy, unanswered, lookAt, looks, cutAt, compared, pages, suspects } = asked;
    for (const n of [ask, since, execsAt, answerBy, unanswered, lookAt, looks, cutAt, pages.length, suspects.size]) writer.safeInt(n);
    writer.bool(compared);
    if (asked.backAt !== 0 || asked.backCut !== 0 || asked.setBackFrom !== 0)
      for (const n of [asked.backAt, asked.backCut, asked.setBackFrom]) writer.safeInt(n);
    for (const { ask: of, page } of pages) for (const n of [of, page]) writer.safeInt(n);
    for (const [breakID, { figure, at }] of suspects) {
      writer.str(breakID);
      writer.f64(figure);
      writer.safeInt(at);
    }
  }
  for (const { breakID, state, happenedAt, here, there, attempts } of breaks.values()) {
    writer.str(`${breakID} ${state}`);
    writer.safeInt(happenedAt);
    writer.f64(here);
    writer.f64(there);
    writer.safeInt(attempts);
  }
  for (const [breakID, at] of outside) {
    writer.str(breakID);
    writer.safeInt(at);
  }
  for (const row of [...restricted].sort((a, b) => a - b)) writer.i32(row);
  // the last of the state: a desk that has heard of no venue has the hash that it had
  for (const seq of heard) writer.safeInt(seq);
}
