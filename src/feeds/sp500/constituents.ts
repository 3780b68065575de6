import { FieldCursor } from '../csv/field-cursor.ts';
import { Quarantine } from '../csv/quarantine.ts';
import { readUnpacked } from '../csv/unpack.ts';

/** What an issuer is, for limits by sector and issuer. */
export interface Constituent {
  readonly symbol: string;
  readonly issuer: string;
  readonly sector: string;
  readonly subIndustry: string;
}

const columns = ['Symbol', 'Security', 'GICS Sector', 'GICS Sub-Industry'] as const;
/** Most rows that are kept. */
const maxConstituents = 100_000;

/** Reads the list of constituents by symbol; rows without symbol or sector are set aside. */
export function readConstituents(
  path: string,
  name: string,
): { readonly bySymbol: ReadonlyMap<string, Constituent>; readonly quarantine: Quarantine } {
  const quarantine = new Quarantine(name);
  const bySymbol = new Map<string, Constituent>();
  const cursor = new FieldCursor(readUnpacked(path, quarantine) ?? Buffer.alloc(0));
  const header = cursor.next() ? Array.from({ length: cursor.count }, (_, i) => cursor.text(i)) : [];
  const fields = columns.map((column) => header.indexOf(column));
  if (!quarantine.wholeFile && fields.includes(-1))
    quarantine.addFile('FILE_HEADER', `expected ${columns.join(', ')}, was ${header.join(',').slice(0, 200)}`, 1);
  if (quarantine.wholeFile) return { bySymbol, quarantine };
  while (cursor.next()) {
    const [symbol, issuer, sector, subIndustry] = fields.map((field) => cursor.text(field));
    if (symbol === '' || sector === '' || cursor.count !== header.length) {
      quarantine.addRow(cursor.row, 'ROW_FIELDS', '', `expected ${header.length} fields with symbol and sector, was ${cursor.count}`);
    } else if (bySymbol.has(symbol)) quarantine.addRow(cursor.row, 'DUPLICATE', 'Symbol', `${symbol} stands there already`);
    else if (bySymbol.size < maxConstituents) bySymbol.set(symbol, { symbol, issuer, sector, subIndustry });
  }
  return { bySymbol, quarantine };
}
