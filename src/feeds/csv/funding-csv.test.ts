import { describe, expect, it } from 'vitest';
import { parseFunding } from './funding-csv.ts';

const head = 'instrumentID,time,rate\n';

describe('a file of funding rates', () => {
  it('is read by instrument, in whole 10^-8, whatever the zone and the order of instruments', () => {
    const rows = ['BTCUSDT,2024-08-08T00:00:00Z,0.0001', 'ETHUSDT,2024-08-08T00:00:00Z,-0.00012345', 'BTCUSDT,2024-08-08T10:00:00+02:00,0'];
    const read = parseFunding(`${head}${rows.join('\r\n')}\r\n`, 'f.csv');
    if (!read.ok) throw new Error(read.error);
    const midnight = Date.UTC(2024, 7, 8) * 1_000;
    expect([...read.value]).toEqual([
      [
        'BTCUSDT',
        [
          { at: midnight, rate: 10_000 },
          { at: midnight + 8 * 3_600_000_000, rate: 0 },
        ],
      ],
      ['ETHUSDT', [{ at: midnight, rate: -12_345 }]],
    ]);
  });

  const row = 'BTCUSDT,2024-08-08T08:00:00Z,0.0001';
  it.each([
    ['', 'row 1: expected instrumentID,time,rate, was '],
    ['time,rate\n', 'row 1: expected instrumentID,time,rate, was time,rate'],
    [`${head}${row}\nBTCUSDT,2024-08-08T08:00:00Z,0.0002`, 'row 3: time: expected one after the last of BTCUSDT, was 2024-08-08T08:00:00Z'],
    [`${head}${row}\nBTCUSDT,2024-08-08T00:00:00Z,0.0002`, 'row 3: time: expected one after the last of BTCUSDT, was 2024-08-08T00:00:00Z'],
    [`${head}BTCUSDT,2024-08-08,0.0001`, 'row 2: time: expected ISO 8601 with its zone, such as 2024-08-08T08:00:00Z, was 2024-08-08'],
    [`${head}BTCUSDT,2024-08-08T08:00:00,0.0001`, 'row 2: time: expected ISO 8601 with its zone'],
    [`${head}BTCUSDT,2024-08-08T08:00:00Z,NaN`, 'row 2: rate: expected a decimal fraction of -0.1…0.1 with at most 8 places, was NaN'],
    [`${head}BTCUSDT,2024-08-08T08:00:00Z,`, 'row 2: rate: expected a decimal fraction'],
    [`${head}BTCUSDT,2024-08-08T08:00:00Z,1.25`, 'row 2: rate: expected a decimal fraction'],
    [`${head}BTCUSDT,2024-08-08T08:00:00Z,-0.10000001`, 'row 2: rate: expected a decimal fraction'],
    [`${head}BTCUSDT,2024-08-08T08:00:00Z,0.000000001`, 'row 2: rate: expected a decimal fraction'],
    [`${head}${row},more`, 'row 2: expected instrumentID,time,rate, was BTCUSDT'],
    [`${head}\n${row}`, 'row 2: expected instrumentID,time,rate, was '],
    [`${head},2024-08-08T08:00:00Z,0.0001`, 'row 2: expected instrumentID,time,rate, was ,2024'],
  ])('with a fault is refused whole, by its row: %j', (text, expected) => {
    const read = parseFunding(text, 'f.csv');
    expect(read.ok ? '' : read.error).toContain(`f.csv, ${expected}`);
  });
});
