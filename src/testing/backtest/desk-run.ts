import { microsFromCivil } from '../../base/time.ts';
import { micros, microsUnchecked, type Micros } from '../../base/units.ts';
import { createCore, orderByClOrdID, smallCoreCapacities } from '../../core/core.ts';
import type { Command } from '../../domain/command.ts';
import type { Decision } from '../../domain/decision.ts';
import type { Registration } from '../../domain/input.ts';
import type { Bar } from '../../domain/market.ts';
import { parseSpec } from '../../domain/spec-parser/spec-parser.ts';
import { createMemoryJournal } from '../../journal/memory-journal.ts';
import type { RecordedFeed } from '../../ports/feed.ts';
import type { StrategyDefinition } from '../../ports/strategy.ts';
import type { HostPort } from '../../runtime/host-port.ts';
import { ThreadHost } from '../../runtime/thread-host.ts';
import { VirtualDesk } from '../../runtime/virtual-desk.ts';
import { barCapabilities } from '../../venues/simulated/bar-venue.ts';
import { adjustedListing, barOf, barVenueOf } from './bar-desk.ts';
import { ObviousBook, type ObviousInput, type ObviousRun } from './obvious-money.ts';

/** The gate's capital, far above that which positions are sized by: a backtest has no cash check. */
const wideCapital = '1000000000';
const admin = { personID: 'admin', roles: ['Admin', 'RiskManager', 'SeniorManagement'] } as const;
const senior = { personID: 'senior', roles: ['Admin', 'SeniorManagement'] } as const;
const digest = 'b'.repeat(64);
const forever = microsUnchecked(4_000_000_000_000_000);

/** Session days end at 21:00 UTC here: no run of daily bars hangs on the hour. */
export function closeOf(date: string): Micros {
  const [year, month, day] = date.split('-').map(Number);
  return micros(microsFromCivil(year, month, day) + 21 * 3_600_000_000);
}

/** A strategy on the whole desk (core, gate, ledger, gateway, host) over bars, on paper, with fees of 10 bps. */
export async function runOnDesk(
  definition: StrategyDefinition,
  inputs: readonly ObviousInput[],
  capital: number,
): Promise<ObviousRun & { readonly denials: readonly string[]; readonly root: string }> {
  const ids = inputs.map(({ id }) => id);
  const feed = feedOf(inputs);
  const core = createCore(1, smallCoreCapacities);
  const host = new ThreadHost(
    core.registry.listings,
    (ix) => core.registry.listings[ix].moneyPerTickLot / core.registry.listings[ix].unitsPerCurrency,
  );
  const journal = createMemoryJournal({ origin: 'bars', coreDigest: digest, term: 1, keep: false });
  const book = new ObviousBook({ capital: BigInt(capital) * 1_000_000n, feeBps: 10n });
  const denials: string[] = [];
  const observe = (at: number, decision: Decision): void => {
    if (decision.kind === 'orderDenied') denials.push(`${decision.code} ${decision.value} ${decision.limit}`);
    if (decision.kind === 'breakFound' || decision.kind === 'alertRaised') denials.push(JSON.stringify(decision));
    if (decision.kind !== 'fillBooked') return;
    const reason = orderByClOrdID(core, decision.clOrdID)?.reason ?? '';
    book.fill(ids[decision.listing], decision.side, decision.lastQty, decision.lastPx, dateOf.get(at) ?? '', reason);
  };
  const dates = [...new Set(inputs.flatMap(({ bars }) => bars.map(({ date }) => date)))].sort();
  const dateOf = new Map<number, string>(dates.map((date) => [closeOf(date), date]));
  const desk = new VirtualDesk({
    core,
    journal,
    host: sizedBy(host, capital),
    bookOf: (listing) => host.book(listing),
    term: 1,
    startAt: microsUnchecked(closeOf(dates[0]) - 3_600_000_000),
    seed: 'bars',
    strategyOf: () => definition,
    observe: (_seq, at, _input, decisions) => decisions.forEach((decision) => observe(at, decision)),
  });
  await prepare(desk, definition, ids);
  host.growTo(ids.length);
  desk.join([feed], new Map(), new Map([[0, barVenueOf(ids, { simulated: true, fees: { kind: 'bps', rate: 100_000 } })]]));
  const equity: { date: string; value: bigint }[] = [];
  const last = new Map<string, number>();
  const closes = new Map(dates.map((date) => [date, new Map<string, number>()]));
  for (const { id, bars } of inputs) for (const bar of bars) closes.get(bar.date)?.set(id, bar.close);
  for (const date of dates) {
    const state = await desk.advance(closeOf(date), Number.MAX_SAFE_INTEGER);
    if (state === 'journalFailed') throw new Error(desk.failure);
    for (const [id, close] of closes.get(date) ?? []) last.set(id, close);
    equity.push({ date, value: ids.reduce((sum, id) => sum + BigInt(book.position(id)) * BigInt(last.get(id) ?? 0), book.cash) });
  }
  return { trades: book.trades, equity, denials, root: journal.root() };
}

/** The strategy sizes by the capital of the run and is warm from the start: instruments may begin to trade years into it. */
function sizedBy(host: ThreadHost, capital: number): HostPort {
  return {
    load: (request) => host.load(request),
    unload: (row) => host.unload(row),
    authority: (row, epoch, _capital, trading) => host.authority(row, epoch, capital, trading),
    warm: () => true,
    deliver: (delivery) => host.deliver(delivery),
    nextTimerAt: () => host.nextTimerAt(),
    dueTimers: (at) => host.dueTimers(at),
    exportState: (row) => host.exportState(row),
    handover: (request) => host.handover(request),
    unasked: () => host.unasked(),
  };
}

function feedOf(inputs: readonly ObviousInput[]): RecordedFeed {
  const bars: Bar[] = inputs.flatMap(({ bars }, ix) =>
    bars.map((bar) => barOf(ix, closeOf(bar.date), [bar.open, bar.high, bar.low, bar.close], bar.volume)),
  );
  bars.sort((a, b) => a.eventTime - b.eventTime || a.listing - b.listing);
  let next = 0;
  return { peek: () => bars[next]?.receivedAt, next: () => bars[next++] };
}

async function prepare(desk: VirtualDesk, definition: StrategyDefinition, ids: readonly string[]): Promise<void> {
  await desk.submit({
    kind: 'genesis',
    firm: 'bars',
    currency: 'USD',
    firmCapital: wideCapital,
    durability: 'os',
    clock: 'virtual',
    coreDigest: digest,
    seed: 'bars',
  });
  for (const registration of registrations(ids)) await desk.submit(registration);
  const { name, version } = definition;
  const sliceID = `${name}@main.USD`;
  const parsed = parseSpec(
    {
      apiVersion: 'plimsoll/v1',
      kind: 'Deployment',
      deploymentId: 'bars',
      strategy: 'PaperTrading',
      algorithmId: name,
      version,
      configuration: { simulatedCapital: wideCapital, currency: 'USD', clock: { kind: 'wall' }, minTradingDuration: 'P36500D' },
    },
    {
      accountGroup: 'main',
      currency: 'USD',
      universe: ids.map((id) => `${id}.SIM`),
      venues: [{ venueID: 'SIM', accountID: 'A1' }],
      calendar: 'ALWAYS',
    },
  );
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  const commands: Command[] = [
    { verb: 'registerVersion', algorithmID: name, version, artifactDigest: digest },
    { verb: 'setSlice', sliceID, algorithmID: name, accountGroup: 'main', currency: 'USD', totalCapital: wideCapital, reserve: '0' },
    { verb: 'deploy', spec: parsed.value.spec },
  ];
  for (const command of commands) {
    await desk.submit({ kind: 'command', commandID: command.verb, actor: admin, approvedBy: senior, expectedRevision: null, command });
  }
}

function registrations(ids: readonly string[]): Registration[] {
  return [
    { kind: 'register', what: 'currency', currency: { code: 'USD', exponent: 6, feeDecimals: 2 } },
    { kind: 'register', what: 'venue', venue: { venueID: 'SIM', simulated: true, capabilities: barCapabilities } },
    { kind: 'register', what: 'account', account: { accountID: 'A1', venueID: 'SIM', accountGroup: 'main', margin: { kind: 'cash' } } },
    ...ids.flatMap((id): Registration[] => [
      { kind: 'register', what: 'instrument', instrument: { instrumentID: id, assetClass: 'equity', currency: 'USD', baseUnit: '1' } },
      { kind: 'register', what: 'listing', listing: { ...adjustedListing(id), calendar: 'ALWAYS' } },
    ]),
    { kind: 'register', what: 'feed', feedID: 'bars', staleAfterPnl: forever, staleAfterDrawdown: forever },
  ];
}
