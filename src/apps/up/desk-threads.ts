import type { Actor } from '../../domain/actor.ts';
import { killTargetText, wholeFirm, type KillTarget } from '../../domain/kill.ts';
import type { Alert } from '../../ports/alert.ts';
import type { WorldThread, World } from '../../ports/world.ts';
import { createLatencyMemory, type LatencyMemory } from '../../runtime/live/latencies.ts';
import type { GatewaySetting } from '../../runtime/live/gateway-loop.ts';
import { GatewayBoard } from '../../runtime/live/gateway-board.ts';
import { KillWord } from '../../runtime/live/kill-word.ts';
import { wallOffset } from '../../runtime/live/wall-clock.ts';
import { createDoorbell, type Doorbell } from '../../runtime/rings/doorbell.ts';
import { createRingMemory } from '../../runtime/rings/ring.ts';
import { moduleBeside, niceness } from '../../runtime/threads.ts';
import type { ControlAnswer, ControlRequest } from '../desk/control-socket.ts';
import { exitCodes, Refusal } from '../desk/exit-codes.ts';
import { forgetKill, noteKill } from '../desk/kill-note.ts';
import type { StartPhase } from '../desk/start-times.ts';
import { refusalOf } from '../verbs/ask-verb.ts';
import { mayKill } from '../verbs/asker.ts';
import type { CorePlan, FromCore, GatewayPlan, ToCore } from './plan.ts';

/** Rings between core and gateway. */
const ringBytes = 1 << 22;
/** Longest wait for the core (ms): past it a request is answered without it. */
export const coreAnswerMillis = 2_000;
/** The kill switch waits this long for its record (ms); it has worked before. */
const killAnswerMillis = 500;

export type CoreSettings = Omit<CorePlan, 'effects' | 'words' | 'bell' | 'gatewayBell' | 'killWord' | 'latencies' | 'wallOffset' | 'began'>;

export interface ThreadEntries {
  readonly core: string;
  readonly gateway: string;
}

/** The entries that a desk has; tests plant faults with others. */
export const deskEntries: ThreadEntries = {
  core: moduleBeside(import.meta.url, './core-thread'),
  gateway: moduleBeside(import.meta.url, './gateway-thread'),
};

export interface DeskBeginning {
  readonly seq: number;
  /** Of the snapshot that it went on from; 0 = none. */
  readonly snapshotSeq: number;
  readonly phases: readonly StartPhase[];
}

export interface DeskEnding {
  readonly seq: number;
  readonly stateHash: string;
  readonly head: string;
  readonly trouble: string;
  readonly captured: { readonly events: number; readonly lost: number } | null;
}

export interface ThreadsListener {
  line(text: string): void;
  /** Something that a person must see; its record is durable, or no journal takes it any more. */
  alert?(alert: Alert): void;
  /** A thread died by itself. */
  died(name: string, why: string): void;
}

/** The threads of a desk as the main thread sees them: core, gateway, and through the core the hosts. The main thread does the talking to the outside. */
export class DeskThreads {
  readonly latencies: LatencyMemory = createLatencyMemory();
  readonly gatewayBoard = new GatewayBoard();
  readonly #killWord = new KillWord();
  readonly #directory: string | null;
  readonly #gatewayBell: Doorbell;
  readonly #core: WorldThread;
  readonly #gateway: WorldThread;
  readonly #waiting = new Map<number, (answer: ControlAnswer) => void>();
  readonly #ready: Promise<DeskBeginning>;
  readonly #ended: Promise<DeskEnding>;
  #asked = 0;

  constructor(world: World, settings: CoreSettings, seed: number, listener: ThreadsListener, entries: ThreadEntries = deskEntries) {
    const { spinning, markets, directory } = settings;
    this.#directory = directory;
    const offset = wallOffset();
    const [effects, words] = [createRingMemory(ringBytes), createRingMemory(ringBytes)];
    const coreBell = createDoorbell(spinning);
    this.#gatewayBell = createDoorbell(spinning);
    const setting: GatewaySetting = {
      effects,
      words,
      bell: this.#gatewayBell.shared,
      coreBell: coreBell.shared,
      killWord: this.#killWord.shared,
      board: this.gatewayBoard.memory,
      latencies: this.latencies,
      spinning,
    };
    const gatewayPlan: GatewayPlan = { setting, markets, seed };
    const bells = { bell: coreBell.shared, gatewayBell: this.#gatewayBell.shared, killWord: this.#killWord.shared };
    const corePlan: CorePlan = {
      ...settings,
      ...bells,
      effects,
      words,
      latencies: this.latencies,
      wallOffset: offset,
      began: performance.timeOrigin,
    };
    this.#gateway = world.spawn({ name: 'gateway', entry: entries.gateway, data: gatewayPlan, heapMebibytes: 0, niceness: niceness.order });
    this.#core = world.spawn({ name: 'core', entry: entries.core, data: corePlan, heapMebibytes: 0, niceness: niceness.order });
    const { promise: ready, resolve: isReady, reject: isRefused } = promised<DeskBeginning>();
    const { promise: ended, resolve: hasEnded, reject: hasDied } = promised<DeskEnding>();
    this.#ready = ready;
    this.#ended = ended;
    ended.catch(() => undefined);
    this.#core.onMessage((message) => {
      const said = message as FromCore;
      if (said.kind === 'ready') isReady(said);
      if (said.kind === 'refused') isRefused(new Refusal(said.exitCode, said.text));
      if (said.kind === 'line') listener.line(said.text);
      if (said.kind === 'alert') listener.alert?.(said.alert);
      if (said.kind === 'answer') this.#answered(said.id, said.answer);
      if (said.kind === 'ended') {
        // a core that goes on no more looks after no orders
        if (said.trouble !== '') this.#engage();
        hasEnded(said);
      }
    });
    this.#core.onEnd((why) => {
      const error = new Error(`the core's thread ended: ${why === '' ? 'no reason given' : why}`);
      isRefused(error);
      hasDied(error);
      if (why === '') return;
      // nobody is left to answer for the orders that are open
      this.#engage();
      listener.died('core', why);
    });
    this.#gateway.onEnd((why) => {
      if (why !== '') listener.died('gateway', why);
    });
  }

  /** Resolves when the desk is ready; rejects with the sentence that says why it is not. */
  get ready(): Promise<DeskBeginning> {
    return this.#ready;
  }

  get killed(): boolean {
    return this.#killWord.engaged;
  }

  #answered(id: number, answer: ControlAnswer): void {
    this.#waiting.get(id)?.(answer);
    this.#waiting.delete(id);
  }

  /** Asks the core for somebody (null: a look, or the desk itself); undefined = it did not answer in time (the request stands, and only `heard` is told of the answer). */
  ask(
    request: ControlRequest,
    millis: number = coreAnswerMillis,
    heard?: (answer: ControlAnswer) => void,
    actor: Actor | null = null,
  ): Promise<ControlAnswer | undefined> {
    return new Promise((resolve) => {
      const id = ++this.#asked;
      const late = setTimeout(() => {
        if (heard === undefined) this.#waiting.delete(id);
        resolve(undefined);
      }, millis);
      this.#waiting.set(id, (answer) => {
        clearTimeout(late);
        heard?.(answer);
        resolve(answer);
      });
      this.#core.post({ kind: 'ask', id, request, actor } satisfies ToCore);
    });
  }

  /** What the capture has on disk, or that it takes nothing more: for the core, which waits for neither. */
  tellCapture(message: Extract<ToCore, { kind: 'chunk' | 'captureOver' }>): void {
    this.#core.post(message);
  }

  /** @returns the generation of this engagement. */
  #engage(): number {
    const generation = this.#killWord.engage();
    this.#gatewayBell.ring();
    return generation;
  }

  /** The kill switch: the gateway obeys at once, whatever the core is doing; then the core is told, so that it stands in the record. Until then a file keeps it for the next start. */
  async kill(reason: string, target: KillTarget = wholeFirm, actor: Actor | null = null): Promise<ControlAnswer> {
    if (!mayKill(actor)) return refusalOf(exitCodes.refused, 'ROLE_REQUIRED', `kill: ${actor?.personID ?? ''} has no role for it`);
    if (target.scope !== 'firm') return this.#killScope(reason, killTargetText(target), actor);
    const word = this.#engage();
    const directory = this.#directory;
    const heard = ({ exitCode }: ControlAnswer): void => {
      if (directory !== null && exitCode === exitCodes.healthy) forgetKill(directory);
    };
    const asked = this.ask({ verb: 'kill', reason, word }, killAnswerMillis, heard, actor);
    if (directory !== null) noteKill(directory, reason);
    const recorded = await asked;
    if (recorded !== undefined) return recorded;
    const text = 'kill switch engaged at the gateway; the core did not answer, so it is not in the record yet';
    return { exitCode: exitCodes.healthy, body: { killed: true, recorded: false, reason, text }, text };
  }

  /** The latch of a venue, an account or a strategy is the core's; when it does not answer, everything is killed in its place. */
  async #killScope(reason: string, target: string, actor: Actor | null): Promise<ControlAnswer> {
    const answer = await this.ask({ verb: 'kill', reason, target }, killAnswerMillis, undefined, actor);
    const instead = `${target}: ${reason} (the core did not answer, so that everything is killed)`.slice(0, 256);
    return answer ?? this.kill(instead, wholeFirm, actor);
  }

  /** Ends in good order; undefined = the core did not end within `millis` and was ended. */
  async stop(reason: string, millis: number): Promise<DeskEnding | undefined> {
    this.#core.post({ kind: 'stop', reason } satisfies ToCore);
    const late = new Promise<undefined>((resolve) => setTimeout(resolve, millis, undefined).unref());
    const ending = await Promise.race([this.#ended.catch(() => undefined), late]);
    await Promise.all([this.#core.end(), this.#gateway.end()]);
    return ending;
  }
}

function promised<T>(): { promise: Promise<T>; resolve: (value: T) => void; reject: (error: Error) => void } {
  let resolve: (value: T) => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}
