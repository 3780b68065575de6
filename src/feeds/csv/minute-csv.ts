import { MICROS_PER_MINUTE } from '../../base/time.ts';
import { readBarCsv, type BarCsvRead } from './bar-csv.ts';

/**
 * Reads minute bars of a US stock written `yyyymmdd hhmmss;open;high;low;close;volume`, without header: the time is UTC and the end of the minute, with the
 * hours before and after the session. The instrument is the part of the name before the first dash.
 */
export function readMinuteCsv(path: string, name: string): BarCsvRead {
  const instrumentID = (name.split('/').at(-1) ?? name).split('-')[0].toUpperCase();
  return readBarCsv(path, name, {
    instrumentID,
    columns: { time: 0, open: 1, high: 2, low: 3, close: 4, volume: 5 },
    separator: ';',
    hasHeader: false,
    timeFormat: 'yyyymmdd hhmmss',
    zone: 'UTC',
    calendar: 'XNYS',
    interval: MICROS_PER_MINUTE,
    stamp: 'end',
  });
}
