import { setTimeout as sleep } from 'node:timers/promises';
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
import { forgetKill, killAsked, noteKill } from '../desk/kill-note.ts';
import type { StartPhase } from '../desk/start-times.ts';
import { refusalOf } from '../verbs/ask-verb.ts';
import { mayKill } from '../verbs/asker.ts';
import { deathOf, reasonOf, type Death, type LeftBehind } from './deaths.ts';
import type { CorePlan, FromCore, GatewayPlan, ToCore } from './plan.ts';

/** Rings between core and gateway. */
const ringBytes = 1 << 22;
/** Longest wait for the core (ms): past it a request is answered without it. */
export const coreAnswerMillis = 2_000;
/** The kill switch waits this long for its record (ms); it has worked before. */
const killAnswerMillis = 500;
/** Longest wait for cancels at the end, and between two looks at them (ms). */
const takenBackMillis = 2_000;
const takenBackLook = 5;

export type CoreSettings = Omit<
  CorePlan,
  'effects' | 'words' | 'bell' | 'gatewayBell' | 'killWord' | 'board' | 'latencies' | 'wallOffset' | 'began'
>;

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
  /** A thread ended that nobody has ended: the kill word is set. */
  died(death: Death): void;
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
  readonly #dead = new Set<Death['thread']>();
  readonly #listener: ThreadsListener;
  #asked = 0;
  #stopping = false;
  /** The core has said its last word. */
  #over = false;
  #refused = false;
  /** A kill of the firm has reached the journal. */
  #recorded = false;
  /** A kill on its way to the record. */
  #recording: Promise<unknown> = Promise.resolve();

  constructor(world: World, settings: CoreSettings, seed: number, listener: ThreadsListener, entries: ThreadEntries = deskEntries) {
    const { spinning, markets, directory } = settings;
    this.#directory = directory;
    this.#listener = listener;
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
      board: this.gatewayBoard.memory,
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
      if (said.kind === 'refused') {
        this.#refused = true;
        isRefused(new Refusal(said.exitCode, said.text));
      }
      if (said.kind === 'line') listener.line(said.text);
      if (said.kind === 'alert') listener.alert?.(said.alert);
      if (said.kind === 'answer') this.#answered(said.id, said.answer);
      if (said.kind === 'refused' || said.kind === 'ended') this.#over = true;
      if (said.kind === 'ended') {
        hasEnded(said);
        // a core that goes on no more looks after no orders; whether it could still be asked does not matter
        if (said.trouble !== '' || !this.#stopping) this.#died(deathOf('core', said.trouble, 'went on no more'));
      }
    });
    this.#core.onEnd((why) => {
      const error = new Error(`the core's thread ended: ${why === '' ? 'no reason given' : why}`);
      isRefused(error);
      hasDied(error);
      if (why !== '' || !(this.#stopping || this.#over)) this.#died(deathOf('core', why === '' ? 'no reason given' : why));
    });
    this.#gateway.onEnd((why) => {
      if (why !== '' || !this.#stopping) this.#died(deathOf('gateway', why === '' ? 'no reason given' : why));
    });
  }

  /**
   * A thread ended that nobody has ended: without the core nobody answers for the orders that are open, without the gateway nobody carries them. The kill word is set, and
   * the kill is recorded or kept for the next start, except where a journal takes no more: its own end says what the next start has to do.
   */
  #died(death: Death): void {
    if (this.#dead.has(death.thread)) return;
    this.#dead.add(death.thread);
    this.#engage();
    const reason = reasonOf(death);
    if (!this.#dead.has('core')) this.#recording = this.kill(reason);
    else if (!this.#over && this.#directory !== null) noteKill(this.#directory, reason);
    this.#listener.died(death);
  }

  /** The gateway's thread lives and goes on no more: whoever watched it has waited for long enough. */
  gatewayGone(why: string): void {
    this.#died(deathOf('gateway', why, 'went on no more'));
  }

  /** The same of the core: nobody looks after the orders that are open. */
  coreGone(why: string): void {
    this.#died(deathOf('core', why, 'went on no more'));
  }

  /** The gateway stands still, or goes on again: the core compares the desk with its venues, and what they do not answer takes their rows' authority. */
  compareVenues(reason: 'break' | 'reconnect'): void {
    this.#core.post({ kind: 'compare', reason } satisfies ToCore);
  }

  /** Resolves when the desk is ready; rejects with the sentence that says why it is not. */
  get ready(): Promise<DeskBeginning> {
    return this.#ready;
  }

  /** The core has said why it does not begin: nothing was up that could have died. */
  get refused(): boolean {
    return this.#refused;
  }

  get killed(): boolean {
    return this.#killWord.engaged;
  }

  /** To be read when the threads have ended. */
  get leftBehind(): LeftBehind {
    const kept = this.#recorded || (this.#directory !== null && killAsked(this.#directory) !== undefined);
    return { openOrders: this.gatewayBoard.get('openOrders'), killKept: kept };
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
      if (exitCode !== exitCodes.healthy) return;
      this.#recorded = true;
      if (directory !== null) forgetKill(directory);
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

  /** Ends in good order; undefined = the core did not end within `millis` and was ended, or had died. Under the kill word the gateway has time to take back what is open. */
  async stop(reason: string, millis: number): Promise<DeskEnding | undefined> {
    this.#stopping = true;
    await this.#recording;
    this.#core.post({ kind: 'stop', reason } satisfies ToCore);
    const late = new Promise<undefined>((resolve) => setTimeout(resolve, millis, undefined).unref());
    const ending = await Promise.race([this.#ended.catch(() => undefined), late]);
    // a core that was not heard of in time looks after nothing either
    if (ending === undefined) this.#engage();
    if (this.killed && !this.#dead.has('gateway')) await this.#takenBack();
    await Promise.all([this.#core.end(), this.#gateway.end()]);
    return ending;
  }

  /** Waits until the gateway knows no open order, at most a while. */
  async #takenBack(): Promise<void> {
    const end = performance.now() + takenBackMillis;
    while (this.gatewayBoard.get('openOrders') > 0 && performance.now() < end && !this.#dead.has('gateway')) await sleep(takenBackLook);
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
