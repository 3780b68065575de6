import { join } from 'node:path';
import { captureKind } from './binance/capture-kind.ts';
import { createBinanceFeed } from './binance/recorded-feed.ts';
import { Quarantine } from './csv/quarantine.ts';
import { readUnpacked } from './csv/unpack.ts';
import { EventColumns } from './event-columns.ts';
import type { RawContent, RawSource } from './raw-source.ts';
import { readVenueSession, sessionVenueOf } from './sessions/venue-session.ts';

/** A recording of a feed, known by its first lines; undefined for other files. */
export function recordedSource(folder: string, path: string, head: string): RawSource | undefined {
  const file = join(folder, path);
  if (path.endsWith('.gz') && /^\d{19} \{/.test(head)) return binanceSource(file, path);
  const venue = /^(wss?:\/\/|\d{9,11}\.\d{1,7}: )/.test(head) ? sessionVenueOf(path) : undefined;
  if (venue === undefined) return undefined;
  const common = { kind: 'session', source: path, files: [file], reader: 'venue-session-1', grain: 'tick' } as const;
  return { ...common, instrumentID: venue, read: () => readSession(file, path) };
}

function binanceSource(file: string, path: string): RawSource {
  const common = { kind: 'binance', source: path, files: [file], reader: 'binance-capture-1', grain: 'tick' } as const;
  const instrumentID = (stemOf(path).split('_')[0] ?? path).toUpperCase();
  return { ...common, instrumentID, read: () => readBinance(file, path) };
}

function readBinance(file: string, path: string): RawContent {
  const quarantine = new Quarantine(path);
  const nothing = { tables: [], quarantines: [quarantine], events: [] };
  const bytes = readUnpacked(file, quarantine);
  if (bytes === undefined) return nothing;
  const kind = captureKind(bytes);
  if (kind === undefined) {
    quarantine.addFile('FILE_EMPTY', 'expected Binance frames that name a symbol, found none');
    return nothing;
  }
  const { market, symbol, priceUnit, lot } = kind;
  const feed = createBinanceFeed({ file, feed: 0, listing: 0, market, symbol, priceUnit, lot });
  const instrumentID = market === 'usdm' ? `${symbol}-PERP` : symbol;
  const columns = new EventColumns({ instrumentID, priceUnit, lot });
  for (let event = feed.next(); event !== undefined; event = feed.next()) columns.take(event);
  const report = feed.report();
  for (const { line, field, text } of report.faults) quarantine.addRow(line, 'ROW_FIELDS', field, text);
  quarantine.rows = report.malformed;
  const tables = columns.tables(`binance-${market}/tick/${instrumentID}/${stemOf(path)}`);
  const { duplicates, missingTrades, outOfOrder } = report;
  return {
    tables,
    quarantines: [quarantine],
    events: [],
    counts: { ...columns.counts, ...met({ duplicates, missingTrades, outOfOrder }) },
  };
}

function readSession(file: string, path: string): RawContent {
  const venue = sessionVenueOf(path);
  if (venue === undefined) throw new Error(`session ${path}: expected a name that begins with its venue`);
  const session = readVenueSession(file, path, venue, { feed: 0 });
  const { quarantine } = session;
  if (session.events.length === 0 && !quarantine.wholeFile) quarantine.addFile('FILE_EMPTY', 'expected books, trades or quotes, was none');
  if (quarantine.wholeFile) return { tables: [], quarantines: [quarantine], events: [] };
  const columns = session.listings.map(({ symbol, priceUnit, lot }) => new EventColumns({ instrumentID: symbol, priceUnit, lot }));
  for (const event of session.events) columns[event.listing].take(event);
  const tables = session.listings.flatMap(({ symbol }, i) => columns[i].tables(placeOf(venue, symbol, path)));
  const counts: Record<string, number> = {};
  for (const one of columns) for (const [name, count] of Object.entries(one.counts)) counts[name] = (counts[name] ?? 0) + count;
  const sum = (of: (one: (typeof session.listings)[number]['counts']) => number) =>
    session.listings.reduce((total, one) => total + of(one.counts), 0);
  const rest = met({ duplicates: sum((one) => one.duplicates), missingTrades: sum((one) => one.missingTrades) });
  return { tables, quarantines: [quarantine], events: [], counts: { ...counts, ...rest } };
}

/** `session-kraken/tick/XBT-USD/KRAKEN.ws.50.0` */
function placeOf(venue: string, symbol: string, path: string): string {
  return `session-${venue.toLowerCase().replaceAll('_', '-')}/tick/${symbol.replaceAll(/[^A-Za-z0-9.-]/g, '-')}/${stemOf(path)}`;
}

function stemOf(path: string): string {
  return (path.split('/').at(-1) ?? path).replace(/\.gz$/, '');
}

function met(counts: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
}
