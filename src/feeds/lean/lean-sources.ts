import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { RawContent, RawSource, RawTable, SourceKind } from '../raw-source.ts';
import { readLeanBars, type LeanRead } from './lean-bars.ts';
import { parseLeanPath, type LeanFile } from './lean-file.ts';
import type { PlacedFile } from './lean-futures.ts';
import { readLeanHistory } from './lean-history.ts';
import { readLeanQuoteBars } from './lean-quote-bars.ts';
import { readLeanQuotes, readLeanTrades } from './lean-ticks.ts';
import { readMapFile } from './map-file.ts';

export interface LeanSources {
  readonly sources: readonly RawSource[];
  /** Whether a path belongs to one of them, or to LEAN's reference files. */
  isUsed(path: string): boolean;
  /** Archives of futures, by root symbol. */
  readonly futures: ReadonlyMap<string, readonly PlacedFile[]>;
}

const equityFolder = 'equity/usa';
const mapFile = /^(.*?)equity\/usa\/map_files\/([a-z0-9.]+)\.csv$/;
const dailyFile = /^(.*?)equity\/usa\/daily\/([a-z0-9.]+)\.zip$/;
const referenceFile = /(^|\/)(factor_files|map_files|margins)\/[^/]+$|(^|\/)(symbol-properties|market-hours|alternative)\/[^/]+$/;
const marketStart = /(^|\/)(equity|forex|future|crypto)\/[a-z]+\//;

/** Archives by their paths, daily bars of stocks by security: all its tickers, with its factors. The folder may be that of a market, or stand above several. */
export function findLeanSources(folder: string, below: readonly string[]): LeanSources {
  const { root: base, prefix } = anchorOf(folder);
  const paths = below.map((path) => `${prefix}${path}`);
  const used = new Set(paths.filter((path) => referenceFile.test(path)));
  const sources = securities(base, paths, used);
  const futures = new Map<string, PlacedFile[]>();
  for (const path of paths) {
    const start = marketStart.exec(path);
    if (start === null || used.has(path)) continue;
    const root = path.slice(0, start.index + start[1].length);
    const file = parseLeanPath(path.slice(root.length));
    if (file === undefined) continue;
    used.add(path);
    if (file.market.startsWith('future-') && file.resolution === 'minute') {
      const key = `${file.market}/${file.symbol}`;
      futures.set(key, [...(futures.get(key) ?? []), { root: `${base}/${root}`, file }]);
    }
    // openinterest is no price; it is known and left where it is
    if (file.content !== 'openinterest') sources.push(archiveSource(`${base}/${root}`, path, file));
  }
  return { sources, futures, isUsed: (path) => used.has(`${prefix}${path}`) };
}

/** Splits a folder inside a market (`…/lean/equity/usa/daily`) into what stands above the market and the rest. */
function anchorOf(folder: string): { readonly root: string; readonly prefix: string } {
  const path = resolve(folder).replaceAll('\\', '/');
  const inside = /^(.*)\/((?:equity|forex|future|crypto)(?:\/.*)?)$/.exec(path);
  return inside === null ? { root: path, prefix: '' } : { root: inside[1], prefix: `${inside[2]}/` };
}

/** A source for each map file with bars, then for each ticker that no map file speaks of. */
function securities(folder: string, paths: readonly string[], used: Set<string>): RawSource[] {
  const tickers = new Map<string, string>();
  for (const path of paths) {
    const match = dailyFile.exec(path);
    if (match !== null) tickers.set(`${match[1]}|${match[2]}`, path);
  }
  const sources: RawSource[] = [];
  for (const path of paths) {
    const match = mapFile.exec(path);
    if (match === null) continue;
    const { spans } = readMapFile(`${folder}/${path}`, path);
    const dailies = [...new Set(spans.map((span) => tickers.get(`${match[1]}|${span.ticker}`)).filter((one) => one !== undefined))];
    if (dailies.length === 0) continue;
    for (const one of dailies) used.add(one);
    sources.push(securitySource(folder, match[1], match[2], [path, ...dailies]));
  }
  for (const [key, path] of tickers) {
    if (used.has(path)) continue;
    used.add(path);
    const [root, symbol] = key.split('|');
    sources.push(securitySource(folder, root, symbol, [path]));
  }
  return sources;
}

function securitySource(folder: string, root: string, symbol: string, paths: readonly string[]): RawSource {
  const factor = `${folder}/${root}${equityFolder}/factor_files/${symbol}.csv`;
  const instrumentID = symbol.toUpperCase();
  return {
    kind: 'lean-equity',
    source: `${root}${equityFolder}/daily/${symbol}`,
    files: [...paths.map((path) => `${folder}/${path}`), ...(existsSync(factor) ? [factor] : [])],
    reader: 'lean-history-1',
    instrumentID,
    grain: 'daily',
    read: () => {
      const { bars, events, quarantines } = readLeanHistory(`${folder}/${root}`, symbol);
      return { tables: bars === undefined ? [] : [{ kind: 'bars', path: `equity-usa/daily/${instrumentID}`, bars }], quarantines, events };
    },
  };
}

function archiveSource(root: string, path: string, file: LeanFile): RawSource {
  return {
    kind: leanKind(file.market),
    source: path,
    files: [`${root}${file.path}`],
    reader: 'lean-archive-2',
    instrumentID: file.symbol.toUpperCase(),
    grain: file.resolution === 'tick' ? 'tick' : file.resolution === 'daily' ? 'daily' : 'intraday',
    read: () => readArchive(root, file),
  };
}

function leanKind(market: string): SourceKind {
  if (market.startsWith('forex-')) return 'lean-fx';
  if (market.startsWith('future-')) return 'lean-future';
  return market.startsWith('crypto-') ? 'lean-crypto' : 'lean-equity';
}

function readArchive(root: string, file: LeanFile): RawContent {
  const place = (instrumentID: string) => tablePath(file, instrumentID);
  if (file.resolution !== 'tick') {
    if (file.content === 'quote')
      return contentOf(readLeanQuoteBars(root, file), (bars) => ({ kind: 'quoteBars', path: place(bars.instrumentID), bars }));
    return contentOf(readLeanBars(root, file), (bars) => ({ kind: 'bars', path: place(bars.instrumentID), bars }));
  }
  if (file.content === 'quote')
    return contentOf(readLeanQuotes(root, file), (ticks) => ({ kind: 'quotes', path: place(ticks.instrumentID), ticks }));
  return contentOf(readLeanTrades(root, file), (ticks) => ({ kind: 'trades', path: place(ticks.instrumentID), ticks }));
}

function contentOf<T>(read: readonly LeanRead<T>[], tableOf: (content: T) => RawTable): RawContent {
  const tables = read.flatMap(({ content }) => (content === undefined ? [] : [tableOf(content)]));
  return { tables, quarantines: read.map((one) => one.quarantine), events: [] };
}

/** `future-cme/minute/ES-201312/20131007-trade`, `forex-oanda/daily/EURUSD-quote` */
function tablePath({ market, resolution, content, path }: LeanFile, instrumentID: string): string {
  const date = /\/(\d{8})_[a-z]+\.zip$/.exec(path)?.[1];
  return date === undefined
    ? `${market}/${resolution}/${instrumentID}-${content}`
    : `${market}/${resolution}/${instrumentID}/${date}-${content}`;
}
