import { cpus } from 'node:os';
import { prng } from '../src/base/prng.ts';
import { lotsUnchecked, microsUnchecked, ticksUnchecked } from '../src/base/units.ts';
import { bookFill, createBooking } from '../src/core/positions/booking.ts';
import { checkSums } from '../src/core/positions/check-sums.ts';
import { settleMoney } from '../src/core/positions/money-rows.ts';
import { settlePositions } from '../src/core/positions/scopes.ts';
import { leafOf } from '../src/core/positions/leaf.ts';
import { addRow, createLedger, noLeaf, type Ledger } from '../src/core/positions/ledger.ts';
import { createRegistry, register, type Registry } from '../src/core/registry.ts';
import type { Registration } from '../src/domain/input.ts';
import { inlineMore } from '../src/runtime/inlining.ts';
import { isJoined, runJoined } from './lib/run-joined.ts';

/**
 * Fills booked per second by one thread: each to its leaf and to version, algorithm, venue and account, FIFO and average cost, commission included.
 * `--rows` versions trade `--listings` listings at four venues, each version in ten of them, half of the fills close, positions stay within some thousand
 * lots and end flat, so that the stream can be repeated; a tenth of the commissions are in a second currency. Modules are joined and V8 inlines as on a desk that stays
 * up. Excluded: making the stream, creating leaves, warm-up.
 * Usage: node --import tsx bench/ledger.ts [--seed N] [--seconds N] [--rounds N] [--rows N] [--listings N] [--json]
 */
interface Stream {
  readonly leaf: Int32Array;
  readonly buys: Uint8Array;
  readonly qty: Int32Array;
  readonly px: Int32Array;
  /** Hundredths of the currency. */
  readonly fee: Int32Array;
  readonly feeCurrency: Uint8Array;
}

interface Figures {
  readonly fillsPerSecond: number;
  /** Of processor time, which other programs on the machine take nothing of. */
  readonly fillsPerCpuSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
}

/** Long enough that nothing learns it, short enough (1 MB) that reading it is not what is measured. */
const streamLength = 1 << 16;
const venues = 4;
/** Money units of one cent at exponent 12. */
const cent = 1e10;

function option(name: string, otherwise: number): number {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? otherwise : Number(process.argv[at + 1]);
}

function makeRegistry(listings: number): Registry {
  const registry = createRegistry();
  const add = (definition: Registration): void => {
    const answer = register(registry, definition);
    if (!answer.ok) throw new Error(answer.error);
  };
  add({ kind: 'register', what: 'currency', currency: { code: 'USD', exponent: 12, feeDecimals: 2 } });
  add({ kind: 'register', what: 'currency', currency: { code: 'BNB', exponent: 12, feeDecimals: 8 } });
  for (let v = 0; v < venues; v++) {
    const capabilities = {
      ordTypes: ['limit'],
      timesInForce: ['gtc'],
      postOnly: false,
      reduceOnly: false,
      replace: 'none',
      massCancel: false,
      deadManSwitch: 'none',
      selfMatchID: false,
      queryByClOrdID: false,
      throttlePerSecond: 0,
    } as const;
    add({ kind: 'register', what: 'venue', venue: { venueID: `V${v}`, simulated: true, capabilities } });
    add({
      kind: 'register',
      what: 'account',
      account: { accountID: `A${v}`, venueID: `V${v}`, accountGroup: 'main', margin: { kind: 'cash' } },
    });
  }
  for (let n = 0; n < listings; n++) {
    const instrumentID = `I${Math.floor(n / 2)}`;
    if (n % 2 === 0)
      add({ kind: 'register', what: 'instrument', instrument: { instrumentID, assetClass: 'equity', currency: 'USD', baseUnit: '1' } });
    const venueID = `V${n % venues}`;
    add({
      kind: 'register',
      what: 'listing',
      listing: {
        listingID: `L${n}`,
        instrumentID,
        venueID,
        symbol: `L${n}`,
        priceUnit: '0.01',
        tickTable: [],
        lot: '1',
        multiplier: '1',
        calendar: 'ALWAYS',
      },
    });
  }
  return registry;
}

function makeLedger(rows: number, listings: number): { readonly ledger: Ledger; readonly leaves: readonly number[] } {
  const registry = makeRegistry(listings);
  const ledger = createLedger(registry);
  const leaves: number[] = [];
  for (let row = 0; row < rows; row++) {
    addRow(ledger, row, row >> 1);
    for (let n = 0; n < 10; n++) {
      const listing = (row * 10 + n * 7) % listings;
      const leaf = leafOf(ledger, row, registry.listings[listing].venue, listing, false);
      if (leaf === noLeaf) throw new Error('bench: expected room for the leaf');
      leaves.push(leaf);
    }
  }
  return { ledger, leaves };
}

function makeStream(seed: number, leaves: readonly number[]): Stream {
  const luck = prng(seed);
  const stream: Stream = {
    leaf: new Int32Array(streamLength),
    buys: new Uint8Array(streamLength),
    qty: new Int32Array(streamLength),
    px: new Int32Array(streamLength),
    fee: new Int32Array(streamLength),
    feeCurrency: new Uint8Array(streamLength),
  };
  const position = new Float64Array(leaves.length);
  for (let i = 0; i < streamLength; i++) {
    const last = streamLength - i <= leaves.length;
    const at = last ? streamLength - 1 - i : luck.int(leaves.length);
    const held = position[at];
    const closing = last && held !== 0;
    const buys = closing || Math.abs(held) > 2000 ? held < 0 : luck.int(2) === 0;
    const qty = closing ? Math.abs(held) : 1 + luck.int(500);
    position[at] += buys ? qty : 0 - qty;
    stream.leaf[i] = leaves[at];
    stream.buys[i] = buys ? 1 : 0;
    stream.qty[i] = qty;
    stream.px[i] = 20_000 + luck.int(200);
    stream.fee[i] = luck.int(50);
    stream.feeCurrency[i] = luck.int(10) === 0 ? 1 : 0;
  }
  return stream;
}

const out = createBooking();

function book(ledger: Ledger, stream: Stream, i: number): void {
  const side = stream.buys[i] === 1 ? 'buy' : 'sell';
  const refusal = bookFill(
    ledger,
    stream.leaf[i],
    side,
    lotsUnchecked(stream.qty[i]),
    ticksUnchecked(stream.px[i]),
    0,
    stream.fee[i] * cent,
    stream.feeCurrency[i],
    i,
    microsUnchecked(i),
    out,
  );
  if (refusal !== undefined) throw new Error(`bench: ${refusal.code}`);
}

/** Rate over whole blocks of the stream, the scopes brought up to date after each; then each fill timed by itself for the tail (with the clock's own cost in it). */
function measure(ledger: Ledger, stream: Stream, seconds: number): Figures {
  const blocks = 1 << 14;
  let i = 0;
  let fills = 0;
  const start = process.hrtime.bigint();
  const end = start + BigInt(Math.floor(seconds * 1e9));
  let now = start;
  const cpu = process.cpuUsage();
  while (now < end) {
    for (let n = 0; n < blocks; n++) {
      book(ledger, stream, i);
      i = (i + 1) & (streamLength - 1);
    }
    settlePositions(ledger);
    settleMoney(ledger.money);
    fills += blocks;
    now = process.hrtime.bigint();
  }
  const rate = fills / (Number(now - start) / 1e9);
  const { user, system } = process.cpuUsage(cpu);
  const samples = new Float64Array(200_000);
  for (let n = 0; n < samples.length; n++) {
    const from = process.hrtime.bigint();
    book(ledger, stream, i);
    samples[n] = Number(process.hrtime.bigint() - from);
    i = (i + 1) & (streamLength - 1);
  }
  samples.sort();
  const at = (q: number): number => samples[Math.floor(q * samples.length)];
  return {
    fillsPerSecond: Math.round(rate),
    fillsPerCpuSecond: Math.round((fills * 1e6) / (user + system)),
    p50: at(0.5),
    p99: at(0.99),
    p999: at(0.999),
  };
}

function main(): void {
  inlineMore();
  const seed = option('seed', 1);
  const rows = option('rows', 100);
  const listings = option('listings', 1000);
  const { ledger, leaves } = makeLedger(rows, listings);
  const stream = makeStream(seed, leaves);
  for (let pass = 0; pass < 16; pass++) for (let i = 0; i < streamLength; i++) book(ledger, stream, i);
  const rounds = Array.from({ length: option('rounds', 5) }, () => measure(ledger, stream, option('seconds', 10)));
  const differences = checkSums(ledger);
  if (differences.length > 0) throw new Error(`bench: the sums do not hold: ${JSON.stringify(differences[0].where)}`);
  const best = rounds.reduce((a, b) => (b.fillsPerSecond > a.fillsPerSecond ? b : a));
  const { fills } = ledger;
  const report = {
    bench: 'ledger',
    seed,
    rows,
    listings,
    leaves: leaves.length,
    fills,
    machine: cpus()[0].model.trim(),
    cores: cpus().length,
    node: process.version,
    ...best,
  };
  if (process.argv.includes('--json')) console.log(JSON.stringify(report));
  else {
    console.log(`ledger, ${report.machine}, ${report.cores} cores, Node ${report.node}, seed ${seed}, best of ${rounds.length}`);
    console.log(`${leaves.length} leaves of ${rows} versions in ${listings} listings, ${fills} fills booked, sums checked`);
    console.log(`${best.fillsPerSecond} fills/s over version, algorithm, venue and account (the firm is read from its venues)`);
    console.log(`${best.fillsPerCpuSecond} fills per second of processor time`);
    console.log(`p50 ${best.p50} ns, p99 ${best.p99} ns, p99.9 ${best.p999} ns (each fill timed, clock included)`);
  }
}

if (isJoined(import.meta.url)) main();
else process.exitCode = await runJoined(import.meta.url);
