import { setTimeout as sleep } from 'node:timers/promises';
import type { MessagePort } from 'node:worker_threads';
import type { Actor } from '../../domain/actor.ts';
import { createCore, smallCoreCapacities, type Core } from '../../core/core.ts';
import type { Decision } from '../../domain/decision.ts';
import type { Input } from '../../domain/input.ts';
import { createMemoryJournal, type MemoryJournal } from '../../journal/memory-journal.ts';
import type { FileJournal } from '../../journal/file-journal.ts';
import { createDeskView, foldDecision, foldInput } from '../../projections/desk-view.ts';
import { GatewayBoard } from '../../runtime/live/gateway-board.ts';
import { sendBegin, sendRestored } from '../../runtime/live/gateway-messages.ts';
import { KillWord } from '../../runtime/live/kill-word.ts';
import { LiveDesk } from '../../runtime/live/live-desk.ts';
import type { LiveDeskOptions } from '../../runtime/live/live-options.ts';
import { latencyReport } from '../../runtime/live/latencies.ts';
import { offsetBehind, wallClock } from '../../runtime/live/wall-clock.ts';
import { createDoorbell, Doorbell } from '../../runtime/rings/doorbell.ts';
import { RingReader, RingWriter } from '../../runtime/rings/ring.ts';
import { nodeWorld } from '../../runtime/threads.ts';
import { lineOf } from '../cli/narrator.ts';
import { AlertTap } from '../desk/alert-tap.ts';
import { Asking } from '../desk/asking.ts';
import { answerOf, comparedAnswer, comparingMicros, isCompared, isComparing } from '../desk/control.ts';
import { openForGateway, reconcileInput } from '../desk/reconcile-desk.ts';
import type { ControlAnswer, ControlRequest } from '../desk/control-socket.ts';
import { genesisOf, registrationsOf } from '../desk/definitions.ts';
import { exitCodes, Refusal } from '../desk/exit-codes.ts';
import { openJournal } from '../desk/journal-files.ts';
import { refuseOtherMarket, type Past } from '../desk/resume.ts';
import { peopleKeeper } from '../desk/people.ts';
import { firstTerm } from '../desk/session.ts';
import { EventLog } from '../desk/event-log.ts';
import { StartClock } from '../desk/start-times.ts';
import type { AskedDesk } from '../verbs/ask-verb.ts';
import { demoActor } from '../verbs/asker.ts';
import { killsWanted, lookEvery, watchdog, type WantedKill } from './kill-triggers.ts';
import type { CorePlan, FromCore, ToCore } from './plan.ts';
import { checkStates } from './state-checks.ts';
import { heldByAccounts, restart } from './restart.ts';

/** Between two looks at which alerts are recorded (ms). */
const alertEvery = 25;
/** Microseconds between exports of the states of strategies. */
const stateEvery = 250_000;
/** Milliseconds between two looks whether a comparison is done. */
const lookMillis = 20;

export type OpenJournal = FileJournal | MemoryJournal;

/**
 * For tests and measurements: `watch` hears every input with its decisions before their effects leave, `journal` gives one that fails in place of the real one, `answer`
 * takes requests that nobody else may make.
 */
export interface CoreHooks {
  readonly watch?: (input: Input, decisions: readonly Decision[]) => void;
  readonly answer?: (request: ControlRequest, ask: AskedDesk['ask']) => Promise<ControlAnswer> | undefined;
  readonly journal?: <J extends OpenJournal>(journal: J) => J;
}

type Opened = { readonly journal: OpenJournal; readonly past?: Past };

/** The desk on the core's thread: it begins its journal or goes on with one, steps what arrives and answers what the main thread asks, until it is told to stop. */
export async function runCore(plan: CorePlan, port: MessagePort, hooks: CoreHooks = {}): Promise<void> {
  const say = (message: FromCore): void => port.postMessage(message);
  const clock = new StartClock(plan.began);
  clock.done('core loaded');
  const opened = await open(plan, clock).catch((error: unknown) => {
    const exitCode = error instanceof Refusal ? error.exitCode : exitCodes.refused;
    say({ kind: 'refused', text: error instanceof Error ? error.message : String(error), exitCode });
  });
  if (opened === undefined) return;
  const { past } = opened;
  clock.done('journal opened');
  const journal = hooks.journal?.(opened.journal) ?? opened.journal;
  const term = past === undefined ? firstTerm : past.found.header.term + 1;
  const core = past?.core ?? createCore(term, smallCoreCapacities);
  const told = past?.told;
  const view = told?.view ?? createDeskView();
  const events = new EventLog(view);
  const alerts = new AlertTap((alert) => say({ kind: 'alert', alert }));
  for (const alert of told?.alerts ?? []) say({ kind: 'alert', alert });
  const wallOffset = past === undefined ? plan.wallOffset : offsetBehind(plan.wallOffset, past.at);
  const late = Math.round((wallOffset - plan.wallOffset) / 1_000_000);
  if (late > 0) say({ kind: 'line', text: clockSentence(late) });
  const gatewayBell = new Doorbell(plan.gatewayBell, false);
  const effects = new RingWriter(plan.effects, gatewayBell);
  const killWord = new KillWord(plan.killWord);
  const board = new GatewayBoard(plan.board);
  const desk = new LiveDesk({
    ...deskOptions(plan, core, wallOffset),
    journal,
    effects,
    killWord,
    onJournalFailure: (sentence) => {
      killWord.engage();
      gatewayBell.ring();
      say({ kind: 'line', text: `every order is taken back: ${sentence}` });
      alerts.unrecorded(journal.durableSeq);
    },
    eventSeq: told?.eventSeq ?? 0,
    ...(past === undefined ? {} : { notBefore: past.at }),
    ...(plan.capture === undefined ? {} : { tap: new RingWriter(plan.capture, createDoorbell(false)) }),
    observe: (seq, at, input, decisions) => {
      foldInput(view, seq, at, input);
      decisions.forEach((decision, n) => {
        foldDecision(view, seq + 1 + n, at, decision);
        events.take(seq + 1 + n, at, decision);
        alerts.take(seq + 1 + n, at, decision);
        const text = lineOf(at, decision);
        if (text !== undefined) say({ kind: 'line', text });
      });
      hooks.watch?.(input, decisions);
    },
    onEffect: (effect) => asking.onEffect(effect),
    onTurn: () => board.add('coreTurns', 1),
  });
  const asking = new Asking(desk, plan.markets[0], plan.versions, term);
  const asked: AskedDesk = { view, core, events, ask: (...of) => asking.ask(...of), deploy: (...of) => asking.deploy(...of) };
  const stopping = listen(port, desk, async (request, actor) => {
    const own = hooks.answer?.(request, (...of) => asking.ask(...of));
    if (own !== undefined) return own;
    if (request.verb === 'latency') return latencyAnswer(plan, desk, request['reset'] === true);
    if (request.verb === 'memory') return memoryAnswer(desk);
    if (request.verb === 'people') return tellPeople(asking, request);
    if (request.verb === 'kill' && typeof request['word'] === 'number') desk.killAsked(request['word']);
    const answer = await answerOf(asked, withoutWord(request), actor ?? demoActor(request.verb));
    if (!isComparing(request, answer)) return answer;
    for (let waited = 0; !isCompared(asked) && waited < comparingMicros / 1_000; waited += lookMillis) await sleep(lookMillis);
    return comparedAnswer(asked);
  });
  if (past === undefined) await begin(desk, asking, plan);
  sendBegin(effects, { term, wallOffset, positions: heldByAccounts(core) });
  effects.publish();
  if (past === undefined) await desk.submit(reconcileInput('start'));
  else await restoreOrders(effects, core);
  // its first input is stepped before the desk hears anything
  const restarted =
    past === undefined ? undefined : restart(desk, core, past, plan.coreDigest, term, late > 0 ? clockSentence(late) : '', clock);
  const stopLooking = keepLooking(core, desk, asking, () => alerts.recorded(journal.durableSeq));
  const running = desk.run();
  await restarted;
  const stopChecking = checkStates(
    (input) => desk.submit(input),
    () => desk.failure !== undefined,
  );
  say({ kind: 'ready', seq: view.seq, snapshotSeq: past?.found.snapshotSeq ?? 0, phases: clock.phases });
  const reason = await Promise.race([stopping, running.then(() => 'the desk cannot go on')]);
  stopChecking();
  const trouble = await end(desk, journal, running, reason);
  stopLooking();
  alerts.unrecorded(journal.durableSeq);
  const captured = desk.capture === undefined ? null : { events: desk.capture.taken, lost: desk.capture.lost };
  say({ kind: 'ended', seq: view.seq, stateHash: view.stateHash, head: journal.head(), trouble, captured });
}

/** Alerts go to people when they are recorded, and the desk kills by itself what has to be killed. @returns its end. */
function keepLooking(core: Core, desk: LiveDesk, asking: Asking, handAlerts: () => void): () => void {
  const kill = ({ target, reason }: WantedKill): void => void asking.ask({ verb: 'kill', target, reason }, watchdog);
  const looks = [setInterval(handAlerts, alertEvery), setInterval(() => killsWanted(core, desk.silentMicros).forEach(kill), lookEvery)];
  return () => looks.forEach(clearInterval);
}

function clockSentence(seconds: number): string {
  return `the machine's clock reads ${seconds} s before the journal's last record: the desk's time goes on from there`;
}

function deskOptions(plan: CorePlan, core: Core, wallOffset: number): Omit<LiveDeskOptions, 'journal' | 'effects' | 'killWord'> {
  return {
    core,
    clock: wallClock(wallOffset),
    seed: plan.seed,
    bell: new Doorbell(plan.bell, plan.spinning),
    words: new RingReader(plan.words),
    latencies: plan.latencies,
    fleet: {
      world: nodeWorld,
      hosts: plan.hosts,
      listings: core.registry.listings,
      tickValue: (ix) => tickValueOf(core, ix),
      moduleOf: (name, version) => plan.versions.find((one) => one.name === name && one.version === version)?.module,
      budget: plan.budget,
      exportEvery: stateEvery,
      spinning: plan.spinning,
    },
  };
}

async function open(plan: CorePlan, clock: StartClock): Promise<Opened> {
  const { directory, coreDigest, markets, seed, versions } = plan;
  if (directory === null) return { journal: createMemoryJournal({ origin: 'plimsoll', term: firstTerm, coreDigest }) };
  const opened = await openJournal(directory, coreDigest, 'group', clock);
  if (opened.past !== undefined) refuseOtherMarket(opened.past.core, { market: markets[0] }, seed, versions);
  return opened;
}

async function begin(desk: LiveDesk, asking: Asking, plan: CorePlan): Promise<void> {
  await desk.submit(genesisOf(plan.markets[0].currency, plan.firmCapital, 'group', plan.seed, plan.coreDigest, 'wall'));
  for (const registration of registrationsOf(plan.markets)) await desk.submit(registration);
  await asking.prepare(plan.sliceCapital);
}

/** The gateway's own table of open orders, before the first effect: its kill word takes back what the desk before has left. */
async function restoreOrders(effects: RingWriter, core: Core): Promise<void> {
  for (const order of openForGateway(core)) {
    while (!sendRestored(effects, order)) {
      effects.publish();
      await sleep(1);
    }
  }
  effects.publish();
}

/** The journal is not closed: a desk that stays up is started again on it. Its last record is the state's hash, its last head is signed. @returns '' or what went wrong. */
async function end(desk: LiveDesk, journal: OpenJournal, running: Promise<void>, reason: string): Promise<string> {
  desk.stop();
  await running;
  if (desk.failure === undefined) await desk.submit({ kind: 'stateCheck', reason });
  await desk.fleet.end();
  if (desk.failure !== undefined || !('checkpoint' in journal)) return desk.failure ?? '';
  const signed = await journal.checkpoint();
  return signed.ok ? '' : signed.message;
}

function tickValueOf(core: Core, ix: number): number {
  const { moneyPerTickLot, currency } = core.registry.listings[ix];
  return moneyPerTickLot / 10 ** core.registry.currencies[currency].exponent;
}

/** The generation of the kill word is between the threads of a desk; the verb does not know it. */
function withoutWord(request: ControlRequest): ControlRequest {
  const { word: _word, ...rest } = request;
  return request.verb === 'kill' ? { ...rest, verb: 'kill' } : request;
}

/** Answers what is asked. @returns a promise of the reason to stop. */
function listen(
  port: MessagePort,
  desk: LiveDesk,
  answer: (request: ControlRequest, actor: Actor | null) => Promise<ControlAnswer>,
): Promise<string> {
  return new Promise((resolve) => {
    port.on('message', (message: ToCore) => {
      if (message.kind === 'stop') {
        resolve(message.reason);
        return;
      }
      if (message.kind === 'chunk') {
        if (desk.failure === undefined) void desk.submit(message.chunk);
        return;
      }
      if (message.kind === 'captureOver') {
        desk.capture?.end();
        return;
      }
      if (message.kind === 'compare') {
        if (desk.failure === undefined) void desk.submit(reconcileInput(message.reason));
        return;
      }
      const { id, request, actor } = message;
      const failed = (error: unknown): ControlAnswer => ({
        exitCode: exitCodes.aborted,
        body: { error: String(error), exitCode: exitCodes.aborted },
        text: String(error),
      });
      answer(request, actor)
        .catch(failed)
        .then((one) => port.postMessage({ kind: 'answer', id, answer: one } satisfies FromCore))
        .catch(() => undefined);
    });
  });
}

/** The file of people has changed; the main thread alone says so. */
async function tellPeople(asking: Asking, request: ControlRequest): Promise<ControlAnswer> {
  const body = await asking.ask({ verb: 'knowPeople', people: request['people'] as readonly Actor[] }, peopleKeeper);
  return { exitCode: body.accepted ? exitCodes.healthy : exitCodes.refused, body, text: body.text };
}

/** `reset`: forgets what was measured until now (a measurement begins). */
function latencyAnswer(plan: CorePlan, desk: LiveDesk, reset: boolean): ControlAnswer {
  const body = { latencies: latencyReport(plan.latencies, desk.fleet.tickToStrategy()), counts: desk.counts };
  if (reset) desk.forgetLatencies();
  return { exitCode: exitCodes.healthy, body, text: JSON.stringify(body) };
}

/** Collects the garbage of every thread first. */
function memoryAnswer(desk: LiveDesk): ControlAnswer {
  desk.collect();
  const { heapUsed, external } = process.memoryUsage();
  const body = { heapBytes: heapUsed + external };
  return { exitCode: exitCodes.healthy, body, text: `${body.heapBytes} bytes kept by the core` };
}
