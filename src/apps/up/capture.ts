import { microsUnchecked } from '../../base/units.ts';
import type { World, WorldThread } from '../../ports/world.ts';
import { createRingMemory } from '../../runtime/rings/ring.ts';
import { moduleBeside, niceness } from '../../runtime/threads.ts';
import { SessionCapture, type CapturedMarket } from '../desk/capture.ts';
import type { MarketDefinition } from '../desk/definitions.ts';
import type { CaptureOrder, CaptureWord } from './capture-words.ts';
import type { ToCore } from './plan.ts';

/** Seconds of a busy market, while a disk is slow. */
const ringBytes = 1 << 23;
/** Longest good end (ms). */
const endMillis = 10_000;

/** The capture of a desk that stays up: a ring that the core fills without waiting, and the thread that writes what comes out of it. */
export class CaptureThread {
  /** From the core. */
  readonly memory = createRingMemory(ringBytes);
  readonly #order: CaptureOrder;
  #thread: WorldThread | undefined;
  #ended: () => void = () => undefined;
  #chunks = 0;
  #lame = '';

  /** @throws Refusal when the directory holds anything else, or the capture of another market. */
  constructor(directory: string, market: MarketDefinition, description: string) {
    const captured: CapturedMarket = { market, startAt: microsUnchecked(Date.now() * 1_000), description };
    // refused before there is a desk
    void new SessionCapture(directory, captured);
    this.#order = { directory, captured, memory: this.memory };
  }

  /** Chunks on disk. */
  get chunks(): number {
    return this.#chunks;
  }

  /** '' or why nothing is captured any more. */
  get lame(): string {
    return this.#lame;
  }

  /** @param tell what the core has to hear */
  start(world: World, tell: (message: Extract<ToCore, { kind: 'chunk' | 'captureOver' }>) => void, say: (text: string) => void): void {
    const entry = moduleBeside(import.meta.url, './capture-thread');
    this.#thread = world.spawn({ name: 'capture', entry, data: this.#order, heapMebibytes: 0, niceness: niceness.others });
    const lame = (text: string): void => {
      if (this.#lame !== '') return;
      this.#lame = text;
      tell({ kind: 'captureOver' });
      say(`nothing is captured any more, the desk goes on: ${text}`);
    };
    this.#thread.onMessage((message) => {
      const word = message as CaptureWord;
      if (word.kind === 'lame') lame(word.text);
      if (word.kind === 'ended') this.#ended();
      if (word.kind !== 'chunk') return;
      this.#chunks += 1;
      tell({ kind: 'chunk', chunk: word.chunk });
    });
    this.#thread.onEnd((why) => {
      if (why !== '' || this.#thread !== undefined) lame(why === '' ? 'its thread ended' : why);
      this.#ended();
    });
  }

  /** Writes what is on its way; its last chunks are told before this resolves. */
  async end(): Promise<void> {
    const thread = this.#thread;
    if (thread === undefined) return;
    this.#thread = undefined;
    const ended = new Promise<boolean>((resolve) => {
      this.#ended = () => resolve(true);
    });
    thread.post('end');
    const late = new Promise<boolean>((resolve) => setTimeout(resolve, endMillis, false).unref());
    if (this.#lame === '' && !(await Promise.race([ended, late])))
      this.#lame = `what was on its way is lost: the disk did not take it within ${endMillis / 1_000} s`;
    await thread.end();
  }
}
