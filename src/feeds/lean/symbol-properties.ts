import { decimalScale, formatDecimal, MAX_SCALE, parseDecimal } from '../../base/decimal.ts';
import { FieldCursor } from '../csv/field-cursor.ts';
import { Quarantine } from '../csv/quarantine.ts';
import { readUnpacked } from '../csv/unpack.ts';

/** Size of things of one instrument at one market, plain decimal texts. */
export interface SymbolProperties {
  readonly market: string;
  readonly symbol: string;
  readonly assetClass: string;
  readonly description: string;
  readonly quoteCurrency: string;
  readonly multiplier: string;
  readonly tick: string;
  readonly lot: string;
}

const header = 'market,symbol,type,description,quote_currency,contract_multiplier,minimum_price_variation,lot_size';
/** Most rows that are kept. */
const maxRows = 100_000;

export interface SymbolBook {
  /** Of the symbol itself, else of the market's general row `[*]`. */
  find(market: string, assetClass: string, symbol: string): SymbolProperties | undefined;
  readonly count: number;
  readonly quarantine: Quarantine;
}

/** Reads ticks, lots and multipliers; lines that begin with # are comments. */
export function readSymbolProperties(path: string, name: string): SymbolBook {
  const quarantine = new Quarantine(name);
  const rows = new Map<string, SymbolProperties>();
  const cursor = new FieldCursor(readUnpacked(path, quarantine) ?? Buffer.alloc(0));
  const first = cursor.next() ? Array.from({ length: 8 }, (_, i) => cursor.text(i)).join(',') : '';
  if (!quarantine.wholeFile && first !== header) quarantine.addFile('FILE_HEADER', `expected ${header}, was ${first.slice(0, 200)}`, 1);
  while (!quarantine.wholeFile && cursor.next()) {
    if (cursor.text(0).startsWith('#')) continue;
    const [market, symbol, assetClass, description, quoteCurrency, multiplier, tick, lot] = Array.from({ length: 8 }, (_, i) =>
      cursor.text(i),
    );
    const bad = [multiplier, tick, lot].find((text) => plainDecimal(text) === undefined);
    if (cursor.count < 8) quarantine.addRow(cursor.row, 'ROW_FIELDS', '', `expected at least 8 fields, was ${cursor.count}`);
    else if (bad !== undefined) quarantine.addRow(cursor.row, 'NOT_A_NUMBER', symbol, `expected a decimal above 0, was ${bad}`);
    else if (rows.size < maxRows) {
      const sizes = { multiplier: plainDecimal(multiplier) ?? '', tick: plainDecimal(tick) ?? '', lot: plainDecimal(lot) ?? '' };
      rows.set(keyOf(market, assetClass, symbol), { market, symbol, assetClass, description, quoteCurrency, ...sizes });
    }
  }
  const find = (market: string, assetClass: string, symbol: string) =>
    rows.get(keyOf(market, assetClass, symbol)) ?? rows.get(keyOf(market, assetClass, '[*]'));
  return { find, count: rows.size, quarantine };
}

/** The shortest plain decimal: `50.0` is 50, `5e-05` is 0.00005; undefined when it is not above 0. */
function plainDecimal(text: string): string | undefined {
  const scale = decimalScale(text);
  const units = scale.ok && scale.value <= MAX_SCALE ? parseDecimal(text, scale.value) : scale;
  return scale.ok && units.ok && units.value > 0 ? formatDecimal(units.value, scale.value) : undefined;
}

function keyOf(market: string, assetClass: string, symbol: string): string {
  return `${market}|${assetClass}|${symbol}`;
}
