import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FieldCursor, maxFields } from './field-cursor.ts';

test('a number has the bits that Number gives it, whatever its length', () => {
  let seen = 0;
  const decimal = fc.tuple(fc.bigInt({ min: 0n, max: 10n ** 20n }), fc.nat(24), fc.boolean(), fc.constantFrom('', 'e3', 'E-7'));
  fc.assert(
    fc.property(decimal, ([mantissa, places, negative, exponent]) => {
      const digits = String(mantissa).padStart(places + 1, '0');
      const point = places === 0 ? '' : `.${digits.slice(digits.length - places)}`;
      const text = `${negative ? '-' : ''}${digits.slice(0, digits.length - places)}${point}${exponent}`;
      const cursor = new FieldCursor(Buffer.from(`a,${text},b`));
      cursor.next();
      expect(cursor.number(1)).toBe(Number(text) + 0);
      seen++;
    }),
    { numRuns: 2_000 },
  );
  expect(seen).toBe(2_000);
});

test.each(['', 'NaN', 'nan', 'Infinity', '0x10', '1,5'.replace(',', '_'), '1.2.3', '--1', '1e', 'e5', ' 1', '1 ', '+1', '-', '.'])(
  "'%s' is no number",
  (text) => {
    const cursor = new FieldCursor(Buffer.from(`a,${text},b`));
    cursor.next();
    expect(cursor.number(1)).toBeNaN();
  },
);

test('fields are those of a plain split, with any line ends and empty lines between', () => {
  const cell = fc.string({ unit: fc.constantFrom('a', '1', '.', ' ', '-'), maxLength: 5 });
  const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 6 }), { maxLength: 8 });
  let seen = 0;
  fc.assert(
    fc.property(table, fc.constantFrom('\n', '\r\n', '\n\n'), fc.boolean(), (rows, end, closed) => {
      const text = rows.map((row) => row.join(';')).join(end) + (closed ? end : '');
      const cursor = new FieldCursor(Buffer.from(text), ';');
      const read: string[][] = [];
      while (cursor.next()) read.push(Array.from({ length: cursor.count }, (_, i) => cursor.text(i)));
      expect(read).toEqual(rows);
      seen++;
    }),
    { numRuns: 500 },
  );
  expect(seen).toBe(500);
});

test('a quoted field may hold separators and doubled quotes', () => {
  const cursor = new FieldCursor(Buffer.from('"Saint Paul, Minnesota","say ""no""",3\n'));
  cursor.next();
  expect([cursor.text(0), cursor.text(1), cursor.number(2), cursor.count]).toEqual(['Saint Paul, Minnesota', 'say "no"', 3, 3]);
});

test('the number of the line counts empty lines, and a row of too many fields is not read on', () => {
  const cursor = new FieldCursor(Buffer.from(`a\n\n${'x,'.repeat(500)}\n`));
  cursor.next();
  expect(cursor.row).toBe(1);
  cursor.next();
  expect([cursor.row, cursor.count]).toEqual([3, maxFields + 1]);
  expect(cursor.next()).toBe(false);
});
