import { parentPort, workerData } from 'node:worker_threads';
import { createCore, smallCoreCapacities } from '../../core/core.ts';
import { register } from '../../core/registry.ts';
import type { CaptureChunk } from '../../domain/input.ts';
import { readDelivery } from '../../runtime/hosts/messages.ts';
import { RingReader } from '../../runtime/rings/ring.ts';
import { SessionCapture } from '../desk/capture.ts';
import { registrationsOf } from '../desk/definitions.ts';
import type { CaptureOrder, CaptureWord } from './capture-words.ts';

/** Entry of the thread that writes what the core hands on of the market: its disk is nobody's else, and nobody waits for it. */
const { directory, captured, memory } = (workerData as { readonly data: CaptureOrder }).data;
/** Between two looks at the ring (ms), and most events between two looks at what the main thread says. */
const lookEvery = 20;
const eventsPerLook = 4_096;
/** A chunk is closed after this long (ms) if it is not full before: a crash takes no more than that. */
const flushEvery = 5_000;

function say(word: CaptureWord): void {
  parentPort?.postMessage(word);
}

function note(chunk: CaptureChunk | undefined): void {
  if (chunk !== undefined) say({ kind: 'chunk', chunk });
}

const core = createCore(1, smallCoreCapacities);
for (const registration of registrationsOf([captured.market])) register(core.registry, registration);
const reader = new RingReader(memory);
let ending = false;
parentPort?.on('message', () => {
  ending = true;
});

async function run(): Promise<void> {
  const capture = new SessionCapture(directory, captured);
  capture.begin(core);
  let flushAt = performance.now() + flushEvery;
  for (;;) {
    const last = ending;
    const read = reader.poll((type, from, at) => {
      const { delivery } = readDelivery(type, from, at);
      if (delivery.kind === 'market') note(capture.take(delivery.event));
    }, eventsPerLook);
    if (last && read === 0) break;
    if (performance.now() >= flushAt) {
      capture.flush().forEach(note);
      flushAt = performance.now() + flushEvery;
    }
    await new Promise((resolve) => setTimeout(resolve, read === eventsPerLook || last ? 0 : lookEvery));
  }
  capture.end().forEach(note);
}

void run()
  .catch((error: unknown) => say({ kind: 'lame', text: error instanceof Error ? error.message : String(error) }))
  .then(() => say({ kind: 'ended' }));
