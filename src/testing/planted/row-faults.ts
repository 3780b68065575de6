import type { FaultCode } from '../../feeds/csv/quarantine.ts';
import type { RowFormat } from './row-formats.ts';

/** What can be wrong with a file of rows, and how the reader must name it. */
export interface PlantedFault {
  readonly name: string;
  /** Whether the format can have it; a text says why not. */
  applies(format: RowFormat): boolean | string;
  /** Bytes of a file with the fault. */
  plant(format: RowFormat): Buffer;
  readonly codes: readonly FaultCode[];
  /** The whole file must be set aside; else the row alone. */
  readonly whole: boolean;
  /** Line of the file that must be named; 0 = a file as such has no line. */
  row(format: RowFormat): number;
}

/** The row that is made bad, counted among the rows. */
const victim = 40;

const rowOf = (format: RowFormat) => format.headLines + victim + 1;
const text = (lines: readonly string[]) => `${lines.join('\n')}\n`;

function edited(format: RowFormat, edit: (fields: string[]) => void): Buffer {
  const lines = [...format.lines];
  const at = format.headLines + victim;
  const fields = lines[at].split(format.separator);
  edit(fields);
  lines[at] = fields.join(format.separator);
  return format.pack(text(lines));
}

const always = () => true;

const rowFault = (
  name: string,
  codes: readonly FaultCode[],
  edit: (fields: string[], format: RowFormat) => void,
  applies: PlantedFault['applies'] = always,
): PlantedFault => ({
  name,
  applies,
  codes,
  whole: false,
  row: rowOf,
  plant: (format) => edited(format, (fields) => edit(fields, format)),
});

const hasVolume = (format: RowFormat) => (format.volume >= 0 ? true : 'quotes have no volume');

export const plantedFaults: readonly PlantedFault[] = [
  {
    name: 'out of order',
    applies: always,
    codes: ['OUT_OF_ORDER'],
    whole: false,
    row: (format) => format.headLines + 21,
    plant: (format) => {
      const lines = [...format.lines];
      lines.splice(format.headLines + 20, 0, ...lines.splice(format.headLines + 60, 1));
      return format.pack(text(lines));
    },
  },
  {
    name: 'duplicate',
    applies: (format) => (format.ticks ? 'two ticks may share a time' : true),
    codes: ['DUPLICATE'],
    whole: false,
    row: (format) => rowOf(format) + 1,
    plant: (format) => {
      const lines = [...format.lines];
      lines.splice(format.headLines + victim, 0, lines[format.headLines + victim]);
      return format.pack(text(lines));
    },
  },
  rowFault('negative', ['NEGATIVE'], (fields, { prices }) => (fields[prices[0]] = `-${fields[prices[0]]}`)),
  rowFault(
    'zero price',
    ['ZERO_PRICE'],
    (fields, { prices }) => (fields[prices[0]] = '0'),
    ({ name }) => (name === 'lean equity quote ticks' ? 'a price of 0 says that the tick is about the other side' : true),
  ),
  rowFault('zero volume', ['ZERO_VOLUME'], (fields, { volume }) => (fields[volume] = '0'), hasVolume),
  rowFault('NaN', ['NOT_A_NUMBER'], (fields, { prices }) => (fields[prices[0]] = 'NaN')),
  rowFault('wrong scale', ['WRONG_SCALE'], (fields, { prices }) => {
    for (const place of prices) fields[place] = String(Number(fields[place]) * 100);
  }),
  rowFault('wrong column count', ['ROW_FIELDS'], (fields) => fields.pop()),
  rowFault('absurd date', ['ROW_TIME', 'NOT_A_SESSION'], (fields, { time, absurd }) => (fields[time] = absurd)),
  rowFault(
    'bid above ask',
    ['CROSSED'],
    (fields, { sides, prices }) => {
      if (sides === undefined) return;
      const [bid, ask] = sides;
      const step = (Number(fields[ask]) - Number(fields[bid])) * 2;
      for (const place of prices.filter((one) => one <= bid)) fields[place] = String(Number(fields[place]) + step);
    },
    ({ sides }) => (sides === undefined ? 'the rows have one side' : true),
  ),
  {
    name: 'truncated',
    applies: ({ pathOf }) =>
      /\.(zip|gz)$/.test(pathOf('x')) ? true : 'plain text has no end that could be missing: its last row is short',
    codes: ['FILE_TRUNCATED'],
    whole: true,
    row: () => 0,
    plant: (format) => {
      const whole = format.pack(text(format.lines));
      return whole.subarray(0, Math.floor(whole.length * 0.6));
    },
  },
  {
    name: 'cut in a row',
    applies: ({ pathOf }) => (/\.(zip|gz)$/.test(pathOf('x')) ? 'packed files end with their checksum' : true),
    codes: ['ROW_FIELDS', 'NOT_A_NUMBER'],
    whole: false,
    row: ({ lines }) => lines.length,
    plant: (format) => {
      const whole = text(format.lines);
      return format.pack(whole.slice(0, whole.lastIndexOf(format.separator, whole.lastIndexOf(format.separator) - 1)));
    },
  },
  {
    name: 'damaged',
    applies: ({ pathOf }) => (/\.(zip|gz)$/.test(pathOf('x')) ? true : 'plain text has no checksum'),
    codes: ['FILE_DAMAGED'],
    whole: true,
    row: () => 0,
    plant: (format) => {
      const bytes = Buffer.from(format.pack(text(format.lines)));
      const middle = Math.floor(bytes.length / 2);
      for (let i = middle; i < middle + 8; i++) bytes[i] ^= 0x5a;
      return bytes;
    },
  },
  {
    name: 'other time zone',
    applies: ({ otherZone }) => (otherZone === undefined ? 'a market that never closes tells no zone' : true),
    codes: ['OTHER_TIME_ZONE'],
    whole: true,
    row: () => 0,
    plant: (format) => {
      const { otherZone = (time: string) => time, headLines, separator } = format;
      const moved = format.lines.slice(headLines).map((line) => {
        const fields = line.split(separator);
        fields[format.time] = otherZone(fields[format.time]);
        return fields.join(separator);
      });
      if (/^\d+$/.test(moved[0].split(separator)[0])) moved.sort((a, b) => parseInt(a, 10) - parseInt(b, 10));
      return format.pack(text([...format.lines.slice(0, headLines), ...moved]));
    },
  },
  { name: 'empty file', applies: always, codes: ['FILE_EMPTY'], whole: true, row: () => 0, plant: () => Buffer.alloc(0) },
  {
    name: 'no rows',
    applies: always,
    codes: ['FILE_EMPTY'],
    whole: true,
    row: () => 0,
    plant: (format) =>
      format.pack(
        format.lines
          .slice(0, format.headLines)
          .map((line) => `${line}\n`)
          .join(''),
      ),
  },
  {
    name: 'header of other columns',
    applies: ({ headLines }) => (headLines === 0 ? 'the format has no header' : true),
    codes: ['FILE_HEADER'],
    whole: true,
    row: () => 1,
    plant: (format) => format.pack(text([format.lines[0].replace(/,close|,Close/, ''), ...format.lines.slice(1)])),
  },
];
