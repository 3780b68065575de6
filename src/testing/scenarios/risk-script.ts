import { microsFromCivil } from '../../base/time.ts';
import { lotsUnchecked, microsUnchecked, ticksUnchecked } from '../../base/units.ts';
import { bookCashFlow } from '../../core/positions/cash-flow.ts';
import { accountMoved } from '../../core/risk/margin-use.ts';
import { applyGrant } from '../../core/risk/lease.ts';
import { changeLimit } from '../../core/risk/limit-command.ts';
import type { WantedOrder } from '../../core/risk/check-context.ts';
import { startDay } from '../../core/risk/pnl.ts';
import { isFarFromDrawdown, measureDrawdowns, rollDrawdowns } from '../../core/risk/drawdown.ts';
import { setKill } from '../../core/risk/risk.ts';
import { firmScope } from '../../core/risk/scopes.ts';
import { setRow } from '../../core/risk/row-change.ts';
import { applySession, calendarOf } from '../../core/risk/sessions.ts';
import { takeLevel } from '../../core/risk/size-cut.ts';
import type { ClOrdID, ListingIx, RowIx } from '../../domain/ids.ts';
import { limitNames, limitScopes } from '../../domain/limit.ts';
import { timesInForce, type OrdType } from '../../domain/order.ts';
import { gateModes } from '../../domain/rollout.ts';
import { checkOrder } from '../../core/risk/gate.ts';
import { ask, close, fill, moneyOf, orderOfDesk, plainOrder, quote, send, setFirmCapital, ticksAt, type RiskDesk } from './risk-desk.ts';
import { createRiskWorld, timeOf } from './risk-world.ts';

/** What a row of a table led to. */
export interface Happened {
  /** passes, waits for X, a denial code, refused, or '' = nothing was asked. */
  readonly result: string;
  readonly value: number;
  readonly bound: number;
  readonly scope: string;
  /** The sentence of a refused limit. */
  readonly text: string;
}

const nothing: Happened = { result: '', value: 0, bound: 0, scope: '', text: '' };

/** One desk that lives through a table's rows. */
export interface RiskScript {
  happen(at: string, what: string): Happened;
}

type Step = readonly [pattern: RegExp, act: (words: readonly string[]) => Happened];

export function createRiskScript(): RiskScript {
  const desk = createRiskWorld();
  const names = new Map<string, ClOrdID>();
  let now = timeOf('10:00');
  const at = (): number => now;

  const say = (row: RowIx, wanted: WantedOrder, sends: boolean, name: string, replaces: ClOrdID): Happened => {
    if (!sends) {
      const outcome = ask(desk, row, wanted, at(), replaces);
      return outcome === 'denied' ? denial(desk) : outcome === 'passed' ? { ...nothing, result: 'passes' } : waiting(desk, names);
    }
    const clOrdID = send(desk, row, wanted, at(), replaces);
    if (clOrdID === 0) return desk.risk.verdict.outcome === 'selfTradeWait' ? waiting(desk, names) : denial(desk);
    if (name !== '') names.set(name, clOrdID);
    return { ...nothing, result: 'passes' };
  };
  const steps: Step[] = [
    ...orderSteps(desk, say, names),
    ...worldSteps(desk, at),
    ...peopleSteps(desk),
    [
      /^(\w+) fills (\d+) at ([\d.]+)(?: for (\w+ [\w.]+))?$/,
      ([name, qty, price, owner]) => {
        const id = names.get(name) ?? 0;
        fill(desk, id, Number(qty), ticksAt(desk, orderOfDesk(desk, id).listing, price), at(), owner === '' ? -1 : rowOf(desk, owner));
        return nothing;
      },
    ],
    [
      /^the (stop|target) of (\w+) is canceled$/,
      ([leg, name]) => {
        const entry = names.get(name) ?? 0;
        for (const { clOrdID, bracketOf, leg: of } of [...desk.orders.values()])
          if (bracketOf === entry && of === leg) close(desk, clOrdID);
        return nothing;
      },
    ],
    [
      /^(\w+) is (canceled|replaced)$/,
      ([name]) => {
        close(desk, names.get(name) ?? 0);
        return nothing;
      },
    ],
    [
      /^(\w+) is (pendingNew|pendingCancel|pendingReplace|filled|suspended|unknown)$/,
      ([name, status]) => {
        orderOfDesk(desk, names.get(name) ?? 0).ordStatus = status as 'pendingNew';
        return nothing;
      },
    ],
  ];
  return {
    happen(time, what) {
      if (time !== '') now = timeOf(time);
      const date = /^it is (\d{4})-(\d\d)-(\d\d) (\d\d:\d\d(?::\d\d(?:\.\d{6})?)?)$/.exec(what);
      if (date !== null) {
        now = microsUnchecked(timeOf(date[4]) - timeOf('00:00') + microsFromCivil(Number(date[1]), Number(date[2]), Number(date[3])));
        if (now >= desk.risk.drawdowns.nextAt) rollDrawdowns(desk.risk, now);
        return nothing;
      }
      for (const [pattern, act] of steps) {
        const match = pattern.exec(what);
        if (match === null) continue;
        const happened = act(match.slice(1).map((word) => word ?? ''));
        if (desk.risk.drawdowns.nextAt === 0) rollDrawdowns(desk.risk, now);
        if (!isFarFromDrawdown(desk.risk)) measureDrawdowns(desk.risk);
        return happened;
      }
      throw new Error(`nothing is known about '${what}'`);
    },
  };
}

type Say = (row: RowIx, wanted: WantedOrder, sends: boolean, name: string, replaces: ClOrdID) => Happened;

function orderSteps(desk: RiskDesk, say: Say, names: ReadonlyMap<string, ClOrdID>): Step[] {
  const order = (side: string, qty: string, listing: string, rest: string): WantedOrder =>
    orderOf(desk, side.startsWith('buy') ? 'buy' : 'sell', qty, listing, rest);
  return [
    [
      /^(\w+ [\w.]+) (buys|sells) (-?[\d.]+) ([\w.]+) (at .*?)(?: as (\w+))?$/,
      ([who, side, qty, listing, rest, name]) => say(rowOf(desk, who), order(side, qty, listing, rest), true, name, 0),
    ],
    [
      /^(\w+ [\w.]+) asks to (buy|sell) (-?[\d.]+) ([\w.]+) (at .*)$/,
      ([who, side, qty, listing, rest]) => say(rowOf(desk, who), order(side, qty, listing, rest), false, '', 0),
    ],
    [
      /^(\w+ [\w.]+) (replaces|asks to replace) (\w+) with (?:(buy|sell) )?(\d+)(?: of ([\w.]+))? (at .*?)(?: as (\w+))?$/,
      ([who, how, target, side, qty, listing, rest, name]) => {
        const id = names.get(target) ?? 0;
        const old = orderOfDesk(desk, id);
        const wanted = order(
          side === '' ? old.side : side,
          qty,
          listing === '' ? desk.registry.listings[old.listing].listing.listingID : listing,
          rest,
        );
        return say(rowOf(desk, who), wanted, how === 'replaces', name, id);
      },
    ],
    [
      /^(\w+ [\w.]+) (?:speaks with (epoch|term) (\d+)|sends (past|to) the simulator)$/,
      ([who, what, n, way]) => {
        const wanted = orderOf(desk, 'buy', '1', 'ACME.NYX', 'at 100.00');
        ask(desk, rowOf(desk, who), wanted, timeOf('10:00'));
        if (way !== '') desk.asker.simulated = way === 'to';
        else desk.asker[what === 'epoch' ? 'epoch' : 'term'] = Number(n);
        return checkOrder(desk.risk, wanted, desk.asker, timeOf('10:00')) === 'passed' ? { ...nothing, result: 'passes' } : denial(desk);
      },
    ],
  ];
}

function worldSteps(desk: RiskDesk, at: () => number): Step[] {
  const { sessions } = desk.risk;
  return [
    [
      /^quote ([\w.]+) ([\d.]+) ([\d.]+)$/,
      ([listing, bid, askPx]) => {
        const ix = listingOf(desk, listing);
        quote(desk, ix, ticksAt(desk, ix, bid), ticksAt(desk, ix, askPx), at());
        return nothing;
      },
    ],
    [
      /^only a last price in ([\w.]+) of ([\d.]+)$/,
      ([listing, last]) => {
        const ix = listingOf(desk, listing);
        quote(desk, ix, 0, 0, at(), ticksAt(desk, ix, last));
        return nothing;
      },
    ],
    [
      /^no price was ever seen in ([\w.]+)$/,
      ([listing]) => {
        desk.marks.at[listingOf(desk, listing)] = 0;
        return nothing;
      },
    ],
    [
      /^the feed of ([\w.]+) has a gap$/,
      ([listing]) => {
        desk.marks.valid[listingOf(desk, listing)] = 0;
        return nothing;
      },
    ],
    [
      /^session (\w+) is (closed|preOpen|open|postClose)(?: until ([\d:.]+))?$/,
      ([calendar, phase, until]) => {
        const end = until === '' ? 0 : timeOf(until);
        applySession(
          sessions,
          { kind: 'session', calendar, phase: phase as 'open', sessionDay: 1, until: microsUnchecked(end) },
          microsUnchecked(at()),
        );
        return nothing;
      },
    ],
    [
      /^a new day begins on (\w+)$/,
      ([calendar]) => {
        startDay(desk.risk, calendarOf(sessions, calendar));
        return nothing;
      },
    ],
    [
      /^(halt|resume) ([\w.]+)$/,
      ([what, listing]) => {
        sessions.halted[listingOf(desk, listing)] = what === 'halt' ? 1 : 0;
        return nothing;
      },
    ],
    [
      /^(restrict|allow) (\w+)$/,
      ([what, instrument]) => {
        sessions.restricted[desk.registry.instrumentIx.get(instrument) ?? -1] = what === 'restrict' ? 1 : 0;
        return nothing;
      },
    ],
    [
      /^the volatility index is (\d+)\.(\d\d)$/,
      ([whole, hundredths]) => {
        takeLevel(desk.risk.volatility, 100 * Number(whole) + Number(hundredths), at());
        return nothing;
      },
    ],
    [
      /^the firm has ([\d.]+)$/,
      ([capital]) => {
        setFirmCapital(desk, 'USD', capital);
        return nothing;
      },
    ],
    [
      /^([\d.]+) are deposited in (\w+)$/,
      ([money, account]) => {
        const { hi, lo } = moneyOf(desk, money, 'USD');
        const ix = desk.registry.accountIx.get(account) ?? -1;
        bookCashFlow(
          desk.ledger,
          { kind: 'cashFlow', flow: 'deposit', account: ix, row: -1, instrument: -1, currency: 0, hi, lo, reference: '' },
          false,
        );
        accountMoved(desk.risk, ix);
        return nothing;
      },
    ],
  ];
}

function peopleSteps(desk: RiskDesk): Step[] {
  const { gate } = desk.risk;
  return [
    [
      /^limit (\w+) of (\w+)(?: ([\w@./]+))? is (gone|-?[\d.]+)$/,
      ([limit, scope, id, value]) => {
        const name = limitNames.find((one) => one === limit);
        const kind = limitScopes.find((one) => one === scope);
        if (name === undefined || kind === undefined) throw new Error(`expected a limit and a scope, was ${limit} of ${scope}`);
        const changed = changeLimit(desk.risk, { scope: kind, scopeID: id, limit: name }, value === 'gone' ? null : Number(value), null);
        return changed.ok ? { ...nothing, result: 'set' } : { ...nothing, result: 'refused', text: changed.error.text };
      },
    ],
    [
      /^(\w+ [\w.]+) is now (\w+)$/,
      ([who, mode]) => {
        const next = gateModes.find((one) => one === mode);
        if (next === undefined) throw new Error(`expected a mode, was ${mode}`);
        setRow(gate, rowOf(desk, who), { mode: next, byPerson: true });
        return nothing;
      },
    ],
    [
      /^(\w+ [\w.]+) gets ([\d.]+)$/,
      ([who, cap]) => {
        setRow(gate, rowOf(desk, who), { cap: moneyOf(desk, cap, 'USD') });
        return nothing;
      },
    ],
    [
      /^(\w+ [\w.]+) enters epoch (\d+)$/,
      ([who, epoch]) => {
        setRow(gate, rowOf(desk, who), { epoch: Number(epoch) });
        return nothing;
      },
    ],
    [
      /^the kill switch is (engaged|released)$/,
      ([what]) => {
        setKill(desk.risk, firmScope, 0, what === 'engaged');
        return nothing;
      },
    ],
    [
      /^the firm holds a lease on (\d+) until ([\d:.]+)$/,
      ([limit, until]) => {
        applyGrant(desk.risk.lease, { kind: 'limitGrant', limit: Number(limit), until: timeOf(until) });
        return nothing;
      },
    ],
  ];
}

/** `maker 1.0.0`, `maker custodian`. */
function rowOf(desk: RiskDesk, who: string): RowIx {
  const [algorithm, version] = who.split(' ');
  const row = desk.risk.gate.rows.find((one) => one.algorithmID === algorithm && one.version === version);
  if (row === undefined) throw new Error(`expected a row, was '${who}'`);
  return row.ix;
}

function listingOf(desk: RiskDesk, id: string): ListingIx {
  return desk.registry.listingIx.get(id) ?? desk.registry.listings.length;
}

/** `at 100.00`, `at market`, then any of: stop 99.00 · target 110.00 · trail 50 · post-only · reduce-only · day … gtd · until 12:00 · a reason of 65 letters. */
function orderOf(desk: RiskDesk, side: 'buy' | 'sell', qty: string, id: string, rest: string): WantedOrder {
  const listing = listingOf(desk, id);
  const read = (word: string): string => new RegExp(`\\b${word} ([\\d:.-]+)`).exec(rest)?.[1] ?? '';
  const price = (word: string): ReturnType<typeof ticksUnchecked> => {
    const text = read(word);
    return ticksUnchecked(text === '' ? 0 : listing < desk.registry.listings.length ? ticksAt(desk, listing, text) : 1);
  };
  const trail = read('trail');
  const stop = read('stop') !== '';
  const limit = read('at') !== '';
  const ordType: OrdType =
    rest.includes('target') || rest.includes('bracket')
      ? 'bracket'
      : trail !== ''
        ? 'trailingStop'
        : stop || rest.includes('stop order')
          ? limit
            ? 'stopLimit'
            : 'stop'
          : limit || rest.includes('at no price')
            ? 'limit'
            : 'market';
  const until = read('until');
  const letters = Number(/a reason of (\d+) letters/.exec(rest)?.[1] ?? 0);
  return {
    ...plainOrder,
    listing,
    side,
    ordType,
    orderQty: lotsUnchecked(Number(qty)),
    price: price('at'),
    stopPx: price('stop'),
    targetPx: price('target'),
    trailOffset: trail === '' ? 0 : Number(trail),
    timeInForce: timesInForce.find((one) => new RegExp(`\\b${one}\\b`).test(rest)) ?? 'gtc',
    expireTime: microsUnchecked(until === '' ? 0 : timeOf(until)),
    postOnly: rest.includes('post-only'),
    reduceOnly: rest.includes('reduce-only'),
    reason: 'x'.repeat(letters),
    compliance: 'x'.repeat(Number(/compliance of (\d+) letters/.exec(rest)?.[1] ?? 0)),
  };
}

function denial(desk: RiskDesk): Happened {
  const { code, value, limit, scope } = desk.risk.denial;
  return { ...nothing, result: code, value, bound: limit, scope };
}

function waiting(desk: RiskDesk, names: ReadonlyMap<string, ClOrdID>): Happened {
  const { waits, waitCount } = desk.risk.verdict;
  const wanted = [...waits.subarray(0, waitCount)];
  const said = wanted.map((id) => [...names].find(([, one]) => one === id)?.[0] ?? String(id));
  return { ...nothing, result: `waits for ${said.join(' and ')}` };
}
