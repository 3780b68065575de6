import { existsSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { LineCursor, openCapture } from '../src/feeds/binance/capture-lines.ts';
import { stepScale } from '../src/feeds/binance/fixed-point.ts';
import { parseFrame, type FrameScales } from '../src/feeds/binance/frame.ts';
import { FrameFields } from '../src/feeds/binance/frame-fields.ts';
import { FrameReader, fillFields } from '../src/feeds/binance/frame-reader.ts';
import { binanceSymbol } from '../src/feeds/binance/symbols.ts';

/**
 * Raw Binance frames parsed and validated: line split, receive time, every field that is used, every level to whole ticks and lots. Beside it the obvious
 * parser (JSON.parse, then the same checks) on the same bytes. Included: frames of all kinds as they come. Excluded: gunzip, warm-up (one pass of each), books.
 * Usage: node --import tsx bench/frames.ts [--rounds 5] [--seconds 10] [--file btcusdt_20240808] [--json]
 */
const option = (name: string, fallback: string): string => {
  const at = process.argv.indexOf(name);
  return at < 0 ? fallback : process.argv[at + 1];
};

interface Pass {
  readonly frames: number;
  readonly levels: number;
}

function scanned(bytes: Buffer, scales: FrameScales): Pass {
  const fields = new FrameFields(0, 0);
  const reader = new FrameReader(scales, fields);
  const cursor = new LineCursor(bytes);
  let [frames, levels] = [0, 0];
  while (cursor.next()) {
    const fault = reader.read(bytes, cursor.start, cursor.end);
    if (fault !== undefined || Number.isNaN(cursor.receivedAt)) throw new Error(`line ${cursor.line}: ${fault?.text}`);
    frames++;
    if (fields.kind === 'depth' || fields.kind === 'snapshot') levels += fields.levels.event.count;
  }
  return { frames, levels };
}

function parsed(bytes: Buffer, scales: FrameScales): Pass {
  const fields = new FrameFields(0, 0);
  const cursor = new LineCursor(bytes);
  let [frames, levels] = [0, 0];
  while (cursor.next()) {
    const frame = parseFrame(bytes.toString('utf8', cursor.start, cursor.end), scales);
    const fault = frame.kind === 'fault' ? frame : fillFields(fields, frame, scales);
    if (fault !== undefined) throw new Error(`line ${cursor.line}: ${fault.text}`);
    frames++;
    if (fields.kind === 'depth' || fields.kind === 'snapshot') levels += fields.levels.event.count;
  }
  return { frames, levels };
}

/** Frames per second, best of the rounds. */
function best(run: () => Pass, rounds: number, seconds: number): number {
  run();
  let most = 0;
  for (let round = 0; round < rounds; round++) {
    let [frames, nanos] = [0, 0];
    const began = process.hrtime.bigint();
    while (nanos < seconds * 1e9) {
      frames += run().frames;
      nanos = Number(process.hrtime.bigint() - began);
    }
    most = Math.max(most, (frames * 1e9) / nanos);
  }
  return Math.round(most);
}

function main(): void {
  const file = option('--file', 'btcusdt_20240808');
  const raw = join('..', 'shared', 'data', 'binance', 'usdm', `${file}.gz`);
  const symbol = binanceSymbol('usdm', file.slice(0, file.indexOf('_')).toUpperCase());
  if (!existsSync(raw) || symbol === undefined) {
    console.log(JSON.stringify({ bench: 'frames', skipped: `${raw} is absent` }));
    process.exitCode = 1;
    return;
  }
  const bytes = openCapture(raw);
  const scales: FrameScales = { symbol: symbol.symbol, market: 'usdm', price: stepScale(symbol.priceUnit), qty: stepScale(symbol.lot) };
  const [rounds, seconds] = [Number(option('--rounds', '5')), Number(option('--seconds', '10'))];
  const pass = scanned(bytes, scales);
  if (JSON.stringify(pass) !== JSON.stringify(parsed(bytes, scales))) throw new Error('the two readings differ');
  const framesPerSecond = best(() => scanned(bytes, scales), rounds, seconds);
  const obviousFramesPerSecond = best(() => parsed(bytes, scales), rounds, seconds);
  const machine = `${cpus()[0].model} x ${cpus().length}`;
  const megabytesPerSecond = Math.round((framesPerSecond / pass.frames) * (bytes.length / 1e6));
  if (process.argv.includes('--json')) {
    const excluded = 'gunzip, warm-up, books';
    const figures = { ...pass, framesPerSecond, megabytesPerSecond, obviousFramesPerSecond };
    console.log(JSON.stringify({ bench: 'frames', machine, node: process.version, file, rounds, seconds, excluded, ...figures }));
    return;
  }
  console.log(`frames: ${file}, best of ${rounds} x ${seconds} s; ${machine}, Node ${process.version}`);
  console.log(
    `${framesPerSecond.toLocaleString('en')} frames/s (${megabytesPerSecond} MB/s); obvious parser ${obviousFramesPerSecond.toLocaleString('en')} frames/s`,
  );
}

main();
