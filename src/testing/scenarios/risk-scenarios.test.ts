import { readFileSync, readdirSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { denialCodes, type DenialCode } from '../../domain/denial.ts';
import { parseRiskTables } from './risk-table.ts';
import { createRiskScript } from './risk-script.ts';

const folder = new URL('.', import.meta.url);
const files = readdirSync(folder).filter((name) => name.startsWith('risk-') && name.endsWith('.txt'));
const tables = files.flatMap((file) => parseRiskTables(file, readFileSync(new URL(file, folder), 'utf8')));

/** Codes that the engine gives, not the gate: tested with it. */
const ofTheEngine: readonly DenialCode[] = ['UNKNOWN_TARGET', 'INTENT_SEQUENCE_BROKEN', 'ORDER_CAPACITY_REACHED'];

/** Numeric checks: the order at the limit passes and the one a unit past it is denied. Duplicates are denied inside their window. */
const numeric: readonly DenialCode[] = [
  'ORDER_QTY_EXCEEDS_MAX',
  'POSITION_EXCEEDS_MAX',
  'CONCENTRATION_EXCEEDS_MAX',
  'DAILY_LOSS_REACHED',
  'ORDER_RATE_EXCEEDS_MAX',
  'FAT_FINGER_PRICE',
  'DUPLICATE_ORDER',
  'CREDIT_EXCEEDED',
  'NOTIONAL_EXCEEDS_MAX',
  'PRICE_OUTSIDE_COLLAR',
  'ALLOCATION_EXCEEDED',
  'OPEN_POSITIONS_EXCEED_MAX',
  'DAILY_DRAWDOWN_REACHED',
  'WEEKLY_DRAWDOWN_REACHED',
  'MONTHLY_DRAWDOWN_REACHED',
  'PROTECTIVE_STOP_MISSING',
  'RISK_PER_TRADE_EXCEEDS_MAX',
  'SIZE_CUT_EXCEEDED',
];

const denied = new Map<string, number>();
const onePast = new Set<string>();
let rows = 0;

describe.each(tables)('$file: $title', (table) => {
  it('holds row by row', () => {
    const script = createRiskScript();
    let before = '';
    expect(table.rows.length).toBeGreaterThan(0);
    for (const row of table.rows) {
      const happened = script.happen(row.at, row.happens);
      const where = `${table.file}:${row.line}: ${row.happens}`;
      rows++;
      expect(happened.result, `${where} ${happened.text}`).toBe(row.result);
      if (row.result === 'refused') expect(happened.text, where).toContain(row.scope);
      if (!isDenial(row.result)) {
        if (row.result === 'passes') before = row.result;
        continue;
      }
      denied.set(row.result, (denied.get(row.result) ?? 0) + 1);
      expect(happened.value, `${where}: value`).toBe(numberOf(row.value));
      expect(happened.bound, `${where}: bound`).toBe(numberOf(row.bound));
      expect(happened.scope, `${where}: scope`).toBe(row.scope);
      const step = row.result === 'DUPLICATE_ORDER' ? -1 : 1;
      if (before === 'passes' && happened.value === happened.bound + step) onePast.add(row.result);
      before = row.result;
    }
  });
});

describe('the tables together', () => {
  afterAll(() => {
    console.log(
      `risk scenarios: ${tables.length} tables, ${rows} rows, ${[...denied.values()].reduce((a, b) => a + b, 0)} denials of ${denied.size} codes`,
    );
  });
  it('show every denial that the gate can give', () => {
    const missing = denialCodes.filter((code) => !denied.has(code) && !ofTheEngine.includes(code));
    expect(missing.map((code) => `${code} is in no line of src/testing/scenarios/risk-*.txt: add one that is denied with it`)).toEqual([]);
  });
  it('show every numeric check passing at its limit and denying one unit past it', () => {
    const missing = numeric.filter((code) => !onePast.has(code));
    expect(
      missing.map(
        (code) => `${code}: no risk-*.txt has a line that passes at the limit and right after it one that is denied one unit past it`,
      ),
    ).toEqual([]);
  });
  it('fail when a row says something else', () => {
    const script = createRiskScript();
    script.happen('', 'limit maxOrderQty of firm is 10');
    expect(script.happen('', 'maker 1.0.0 asks to buy 11 ACME.NYX at 100.00')).toMatchObject({
      result: 'ORDER_QTY_EXCEEDS_MAX',
      value: 11,
      bound: 10,
      scope: 'firm',
    });
    expect(() => script.happen('', 'maker sings')).toThrow("nothing is known about 'maker sings'");
    expect(() => parseRiskTables('x.txt', '# t\n| a | b |')).toThrow('x.txt:2: expected 6 columns, was 2');
    expect(() => parseRiskTables('x.txt', '|a|b|c|d|e|f|')).toThrow('x.txt:1: expected a title before the first row');
  });
});

function isDenial(result: string): boolean {
  return (denialCodes as readonly string[]).includes(result);
}

function numberOf(text: string): number {
  return Number(text.replaceAll(',', ''));
}
