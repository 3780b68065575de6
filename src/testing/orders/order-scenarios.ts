import { lots, micros, ticks } from '../../base/units.ts';
import { applyReport } from '../../core/orders/apply-report.ts';
import { addOrder, createOrderStore, findOrder, type OrderStore } from '../../core/orders/order-store.ts';
import { markUncertain, replaceRefusal, requestCancel, requestReplace } from '../../core/orders/own-requests.ts';
import { createReportOutcome, type ReportOutcome } from '../../core/orders/report-outcome.ts';
import { timesInForce } from '../../domain/order.ts';
import { execTypes, type Report } from '../../domain/report.ts';
import { plainDraft, plainReport } from './order-samples.ts';

/** A table of a *.scenarios.txt file: what is sent and reported, line by line, with the order after each. */
export interface Scenario {
  readonly title: string;
  readonly lines: readonly ScenarioLine[];
}

interface ScenarioLine {
  readonly message: string;
  readonly report: string;
  /** status, cumQty, leavesQty, remark */
  readonly expected: string;
}

/** Orders by name; what is booked is followed a second time, the way a ledger would. */
interface Stage {
  readonly store: OrderStore;
  readonly out: ReportOutcome;
  readonly numbers: Map<string, number>;
  readonly positions: Map<number, number>;
  execs: number;
  last: Report;
}

export function parseScenarios(text: string): Scenario[] {
  const parts = text.split(/^# /m).slice(1);
  return parts.map((part) => {
    const [title, , ...rows] = part.trim().split('\n');
    return { title, lines: rows.filter((row) => row.startsWith('|')).map(parseLine) };
  });
}

function parseLine(row: string): ScenarioLine {
  const cells = row.split('|').map((cell) => cell.trim());
  if (cells.length !== 8) throw new Error(`scenario line: expected 6 columns, was ${row}`);
  return { message: cells[1], report: cells[2], expected: cells.slice(3, 7).join(' ').trim() };
}

/** Plays a scenario. @returns the lines that came out differently, as `line: expected … was …`. */
export function playScenario(scenario: Scenario): string[] {
  const stage: Stage = {
    store: createOrderStore({ openOrders: 8, closedOrders: 16, execIDs: 64, rows: 1, listings: 1 }),
    out: createReportOutcome(),
    numbers: new Map(),
    positions: new Map(),
    execs: 0,
    last: plainReport,
  };
  const wrong: string[] = [];
  for (const line of scenario.lines) {
    const actual = (line.message === '' ? hear(stage, line.report) : send(stage, line.message)).trim();
    if (actual !== line.expected) wrong.push(`${line.message}${line.report}: expected ${line.expected}, was ${actual}`);
  }
  return wrong;
}

function numberOf(stage: Stage, name: string): number {
  const known = stage.numbers.get(name);
  if (known !== undefined) return known;
  const number = (stage.numbers.size + 1) * 65_536;
  stage.numbers.set(name, number);
  return number;
}

function send(stage: Stage, message: string): string {
  const [verb, name, ...rest] = message.split(' ');
  const number = numberOf(stage, name);
  if (verb === 'new') {
    const timeInForce = timesInForce.find((word) => word === rest[1]) ?? 'day';
    addOrder(stage.store, { ...plainDraft, clOrdID: number, tag: stage.numbers.size, orderQty: lots(Number(rest[0])), timeInForce });
    return show(stage, number, '');
  }
  const target = verb === 'uncertain' ? number : numberOf(stage, rest[1]);
  const order = findOrder(stage.store, target);
  if (order === undefined) throw new Error(`scenario: no order for ${message}`);
  switch (verb) {
    case 'cancel':
      return show(stage, target, requestCancel(order, number) ?? '');
    case 'uncertain':
      markUncertain(order);
      return show(stage, target, '');
    case 'replace': {
      const refusal = replaceRefusal(stage.store, order);
      if (refusal !== null) return show(stage, target, refusal);
      const price = rest[4] === 'at' ? ticks(Number(rest[5])) : order.price;
      const terms = { ...plainDraft, timeInForce: order.timeInForce, price, orderQty: lots(Number(rest[3])) };
      requestReplace(stage.store, order, { ...terms, clOrdID: number, origClOrdID: order.clOrdID, tag: stage.numbers.size });
      return show(stage, target, '');
    }
    default:
      throw new Error(`scenario: expected new, cancel, replace or uncertain, was ${message}`);
  }
}

function hear(stage: Stage, text: string): string {
  const report = text === 'again' ? stage.last : parseReport(stage, text);
  stage.last = report;
  const { out } = stage;
  applyReport(stage.store, report, micros(1_700_000_000_000_000), out);
  if (out.order !== undefined) follow(stage, report);
  const remark = out.outcome === 'duplicate' ? 'duplicate' : out.breakKind === 'none' ? '' : out.breakKind;
  return show(stage, out.order?.clOrdID ?? report.clOrdID, remark);
}

/** Books what the outcome says under the number that the order has now. */
function follow(stage: Stage, report: Report): void {
  const { booking, original, order } = stage.out;
  if (order === undefined || booking === 'none') return;
  const before = stage.positions.get(order.clOrdID) ?? 0;
  const change = booking === 'fill' ? report.lastQty : booking === 'bust' ? -original.lastQty : report.lastQty - original.lastQty;
  stage.positions.set(order.clOrdID, before + change);
}

/** The order as the table shows it; its cumQty must be what a ledger would hold of its whole chain. */
function show(stage: Stage, number: number, remark: string): string {
  const order = findOrder(stage.store, number);
  if (order === undefined) return `none 0 0 ${remark}`;
  const { clOrdID, ordStatus, cumQty, leavesQty } = order;
  let position = 0;
  for (const [of, lotsOfOrder] of stage.positions) if (findOrder(stage.store, of)?.clOrdID === clOrdID) position += lotsOfOrder;
  return cumQty === position ? `${ordStatus} ${cumQty} ${leavesQty} ${remark}` : `cumQty ${cumQty}, but the ledger would hold ${position}`;
}

/** `C/X canceled`, `X trade 4 @50 as B cum 4`, `X tradeCancel of B left 0`, `Y/X replaced to 8000 at 51`. */
function parseReport(stage: Stage, text: string): Report {
  const [names, word, ...rest] = text.split(' ');
  const [first, second] = names.split('/');
  const execType = execTypes.find((type) => type === word);
  if (execType === undefined) throw new Error(`scenario: expected a report, was ${text}`);
  stage.execs += 1;
  let report: Report = {
    ...plainReport,
    execType,
    execID: execType === 'timeout' ? '' : `auto-${stage.execs}`,
    clOrdID: numberOf(stage, first),
    origClOrdID: second === undefined ? 0 : numberOf(stage, second),
  };
  for (let i = 0; i < rest.length; i++) {
    if (rest[i].startsWith('@')) report = { ...report, lastPx: ticks(Number(rest[i].slice(1))) };
    else if (/^\d+$/.test(rest[i])) report = { ...report, lastQty: lots(Number(rest[i])) };
    else report = { ...report, ...option(rest[i], rest[++i], execType === 'tradeCorrect') };
  }
  return report;
}

function option(word: string, value: string, corrects: boolean): Partial<Report> {
  switch (word) {
    case 'as':
      return { execID: value };
    case 'of':
      return { execRefID: value };
    case 'to':
      return corrects ? { lastQty: lots(Number(value)) } : { orderQty: lots(Number(value)) };
    case 'at':
      return { price: ticks(Number(value)) };
    case 'cum':
      return { cumQty: Number(value) };
    case 'left':
      return { leavesQty: Number(value) };
    default:
      throw new Error(`scenario: expected as, of, to, at, cum or left, was ${word}`);
  }
}
