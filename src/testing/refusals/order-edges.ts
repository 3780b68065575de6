import { fromBigInt, splitZero, toBigInt, columnGet } from '../../base/split.ts';
import type { Prng } from '../../base/prng.ts';
import { microsUnchecked } from '../../base/units.ts';
import { applyGrant } from '../../core/risk/lease.ts';
import { changeLimit } from '../../core/risk/limit-command.ts';
import { limitRules } from '../../core/risk/limit-rules.ts';
import { modeOf, setPaperCap } from '../../core/risk/order-gate.ts';
import { setRow } from '../../core/risk/row-change.ts';
import { applySession } from '../../core/risk/sessions.ts';
import { limitText, type LimitName } from '../../domain/limit.ts';
import type { RiskDesk } from '../scenarios/risk-desk.ts';
import type { AskedOrder, OrderBooks } from './order-facts.ts';
import { takenBy } from './order-money.ts';
import { dueDenials } from './order-rules.ts';

/**
 * Puts something that the order is judged by just where it is still let through, or one unit before that: a limit, the capital of its version, the lease, the end of a session. Where that is the
 * rules say alone, asked about one number after the other.
 */
export function toTheEdge(desk: RiskDesk, books: OrderBooks, asked: AskedOrder, luck: Prng, window: boolean): void {
  if (books.volatility !== undefined && luck.int(3) === 0) return cutToEdge(desk, books, asked, luck);
  if (window && luck.int(2) === 0) return windowsToEdge(desk, books, asked);
  const limits = [...books.limits.keys()];
  const draw = luck.int(8);
  if (draw < 5 && limits.length > 0) limitToEdge(desk, books, limits[luck.int(limits.length)], asked, luck);
  else if (draw < 6 && books.lease !== undefined) leaseToEdge(desk, books, asked, luck);
  else if (draw < 7) capToEdge(desk, books, asked, luck);
  else {
    const until = microsUnchecked(asked.at + luck.int(2));
    applySession(desk.risk.sessions, { kind: 'session', calendar: 'XNYS', phase: 'open', sessionDay: 1, until }, microsUnchecked(asked.at));
  }
}

/** Sets a limit of the firm, or takes it away. */
function setFirm(desk: RiskDesk, books: OrderBooks, limit: LimitName, value: number | null): void {
  const key = { scope: 'firm', scopeID: '', limit } as const;
  if (!changeLimit(desk.risk, key, value, null).ok) return;
  if (value === null) books.limits.delete(limitText(key));
  else books.limits.set(limitText(key), { name: limit, scope: 'firm', scopeID: '', value });
}

/** Whatever has a size is cut but for a level that is just low enough, or just young enough; or one of them by one unit is not. */
function cutToEdge(desk: RiskDesk, books: OrderBooks, { at }: AskedOrder, luck: Prng): void {
  const { level, knownAt } = books.volatility ?? { level: 0, knownAt: 0 };
  const age = Math.min(at - knownAt, limitRules.volatilityMaxAge.max);
  const [high, old] = [luck.int(4) === 0, luck.int(4) === 0];
  setFirm(desk, books, 'volatilityCutBps', 1);
  setFirm(desk, books, 'volatilityCutAbove', Math.max(0, high ? level - 1 : level));
  setFirm(desk, books, 'volatilityMaxAge', Math.max(0, old ? age - 1 : age));
  books.cut = true;
}

/** Two windows of duplicates one apart: the order was sent just as long ago as the shorter one is, which the firm has. */
function windowsToEdge(desk: RiskDesk, books: OrderBooks, asked: AskedOrder): void {
  const before = books.sent.findLast(({ asked: one }) => one.row === asked.row && one.order === asked.order);
  const since = before === undefined ? 0 : asked.at - before.at;
  if (since < 1 || since >= limitRules.duplicateWindow.max) return;
  setFirm(desk, books, 'duplicateWindow', since);
  const { sliceID, version } = desk.risk.gate.rows[asked.row];
  const key = { scope: 'version', scopeID: `${sliceID}/${version}`, limit: 'duplicateWindow' } as const;
  if (changeLimit(desk.risk, key, since + 1, null).ok)
    books.limits.set(limitText(key), { name: 'duplicateWindow', scope: 'version', scopeID: key.scopeID, value: since + 1 });
}

/** The smallest number between two at which as much is due as at the larger one; undefined = it is the same at both. */
function edgeOf(least: number, most: number, dueAt: (value: number) => number): number | undefined {
  const atMost = dueAt(most);
  if (dueAt(least) === atMost) return undefined;
  let [low, high] = [least, most];
  while (high - low > 1) {
    const middle = low + Math.floor((high - low) / 2);
    if (dueAt(middle) !== atMost) low = middle;
    else high = middle;
  }
  return high;
}

function limitToEdge(desk: RiskDesk, books: OrderBooks, text: string, asked: AskedOrder, luck: Prng): void {
  const known = books.limits.get(text);
  if (known === undefined) return;
  const { name, scope, scopeID } = known;
  const put = (value: number): void => void books.limits.set(text, { ...known, value });
  const due = (value: number): number => {
    put(value);
    return dueDenials(desk, books, asked).length;
  };
  const most = Math.min(limitRules[name].max, 2 ** 42);
  const edge = edgeOf(0, most, due);
  const value = edge === undefined ? known.value : Math.min(most, Math.max(0, edge + luck.int(3) - 1));
  put(known.value);
  if (changeLimit(desk.risk, { scope, scopeID, limit: name }, value, null).ok) put(value);
}

function leaseToEdge(desk: RiskDesk, books: OrderBooks, asked: AskedOrder, luck: Prng): void {
  const until = microsUnchecked(asked.at - luck.int(2));
  const due = (limit: number): number => {
    books.lease = { limit, until: asked.at };
    return dueDenials(desk, books, asked).length;
  };
  const edge = edgeOf(0, 2 ** 40, due) ?? 2 ** 36;
  books.lease = { limit: Math.max(0, edge - luck.int(2)), until };
  applyGrant(desk.risk.lease, { kind: 'limitGrant', ...books.lease, until });
}

const [cost, open, cap] = [splitZero(), splitZero(), splitZero()];

/** What the version uses with the order, or a unit less than that. @returns the capital that it had, to be given back */
function capToEdge(desk: RiskDesk, books: OrderBooks, asked: AskedOrder, luck: Prng): void {
  const { gate } = desk.risk;
  const { row, simulated } = asked;
  const taken = takenBy(desk, books, asked);
  if (taken === undefined || simulated !== (modeOf(gate, row) === 'SIMULATED') || (!simulated && modeOf(gate, row) !== 'ACTIVE')) return;
  columnGet(cost, simulated ? gate.paperCost : gate.entryCost, row);
  columnGet(open, simulated ? gate.paperReserved : gate.reserved, row);
  columnGet(cap, simulated ? gate.paperCap : gate.cap, row);
  const [used, had] = [toBigInt(cost) + toBigInt(open), toBigInt(cap)];
  const wanted = used + taken - BigInt(luck.int(2));
  if (wanted < used || wanted > had) return;
  fromBigInt(cap, wanted);
  if (simulated) setPaperCap(gate, row, cap);
  else setRow(gate, row, { cap });
  books.lowered = { row, simulated, had };
}

/** Capital and cuts that were taken to the edge are given back before anything else is asked. */
export function fromTheEdge(desk: RiskDesk, books: OrderBooks): void {
  const { gate } = desk.risk;
  if (books.cut)
    for (const name of ['volatilityCutBps', 'volatilityCutAbove', 'volatilityMaxAge'] as const) setFirm(desk, books, name, null);
  books.cut = false;
  if (books.lowered === undefined) return;
  const { row, simulated, had } = books.lowered;
  books.lowered = undefined;
  fromBigInt(cap, had);
  if (simulated) setPaperCap(gate, row, cap);
  else if (modeOf(gate, row) !== 'HALTED') setRow(gate, row, { cap });
}
