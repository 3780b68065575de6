import type { Quarantine } from '../csv/quarantine.ts';
import { readUnpacked } from '../csv/unpack.ts';

/** A frame that was received, with its line in the file and the receiver's time, microseconds. */
export interface SessionLine {
  readonly row: number;
  readonly receivedAt: number;
  readonly frame: string;
}

/** Most frames of one session. */
export const maxSessionLines = 2_000_000;

// `1618677817.061845: {…}` received; `wss://… <- time: {…}` sent; `wss://… <-> time` connected
const received = /^(\d{9,11})\.(\d{1,7}): /;
const other = /^wss?:\/\/\S+ <-(> \d|\s)/;

/** Received frames of a recorded session; what was sent and when it connected is passed over. Fractions of a second past the microsecond are cut off. */
export function readSessionLines(path: string, quarantine: Quarantine): SessionLine[] {
  const bytes = readUnpacked(path, quarantine);
  const lines: SessionLine[] = [];
  if (bytes === undefined) return lines;
  for (const [i, text] of bytes.toString('utf8').split('\n').entries()) {
    if (text === '' || other.test(text)) continue;
    const match = received.exec(text);
    if (match === null) quarantine.addRow(i + 1, 'ROW_TIME', '', `expected seconds, a colon and a frame, was ${text.slice(0, 40)}`);
    else if (lines.length >= maxSessionLines) quarantine.addRow(i + 1, 'FILE_TOO_LARGE', '', `expected at most ${maxSessionLines} frames`);
    else
      lines.push({
        row: i + 1,
        receivedAt: Number(match[1]) * 1_000_000 + Number(match[2].padEnd(6, '0').slice(0, 6)),
        frame: text.slice(match[0].length),
      });
  }
  return lines;
}
