import type { MessagePort } from 'node:worker_threads';
import { createCore, smallCoreCapacities, type Core } from '../../core/core.ts';
import type { Input } from '../../domain/input.ts';
import { createMemoryJournal, type MemoryJournal } from '../../journal/memory-journal.ts';
import type { FileJournal } from '../../journal/file-journal.ts';
import { createDeskView, foldDecision, foldInput, type DeskView } from '../../projections/desk-view.ts';
import { LiveDesk } from '../../runtime/live/live-desk.ts';
import { latencyReport } from '../../runtime/live/latencies.ts';
import { wallClock } from '../../runtime/live/wall-clock.ts';
import { Doorbell } from '../../runtime/rings/doorbell.ts';
import { RingReader, RingWriter } from '../../runtime/rings/ring.ts';
import { nodeWorld } from '../../runtime/threads.ts';
import { lineOf } from '../cli/narrator.ts';
import { Asking } from '../desk/asking.ts';
import { answerOf } from '../desk/control.ts';
import type { ControlAnswer, ControlRequest } from '../desk/control-socket.ts';
import { genesisOf, registrationsOf } from '../desk/definitions.ts';
import { exitCodes } from '../desk/exit-codes.ts';
import { beginJournal } from '../desk/journal-files.ts';
import { EventLog } from './event-log.ts';
import type { CorePlan, FromCore, ToCore } from './plan.ts';

/** Microseconds between exports of the states of strategies. */
const stateEvery = 250_000;

/** Hears every input before its effects leave; for planted faults. */
export type InputWatch = (input: Input) => void;

/** The desk on the core's thread: it begins its journal, steps what arrives and answers what the main thread asks, until it is told to stop. */
export async function runCore(plan: CorePlan, port: MessagePort, watch: InputWatch = () => undefined): Promise<void> {
  const say = (message: FromCore): void => port.postMessage(message);
  const journal = await openJournal(plan, say);
  if (journal === undefined) return;
  const core = createCore(plan.term, smallCoreCapacities);
  const view = createDeskView();
  const events = new EventLog(view);
  const desk = new LiveDesk({
    core,
    journal,
    clock: wallClock(plan.wallOffset),
    seed: plan.seed,
    bell: new Doorbell(plan.bell, plan.spinning),
    effects: new RingWriter(plan.effects, new Doorbell(plan.gatewayBell, false)),
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
    observe: (seq, at, input, decisions) => {
      foldInput(view, seq, at, input);
      decisions.forEach((decision, n) => {
        foldDecision(view, seq + 1 + n, at, decision);
        events.take(seq + 1 + n, at, decision);
        const text = lineOf(at, decision);
        if (text !== undefined) say({ kind: 'line', text });
      });
      watch(input);
    },
    onEffect: (effect) => asking.onEffect(effect),
  });
  const asking = new Asking(desk, plan.markets[0], plan.versions);
  const stopping = listen(port, async (request) => {
    if (request.verb === 'latency') return latencyAnswer(plan, desk, request['reset'] === true);
    if (request.verb === 'events') return eventsAnswer(events, view, request['id']);
    return answerOf({ view, ask: (...of) => asking.ask(...of), deploy: (...of) => asking.deploy(...of) }, request);
  });
  await desk.submit(genesisOf(plan.markets[0].currency, plan.firmCapital, 'group', plan.seed, plan.coreDigest, 'wall'));
  for (const registration of registrationsOf(plan.markets)) await desk.submit(registration);
  await asking.prepare(plan.sliceCapital);
  const running = desk.run();
  say({ kind: 'ready', seq: view.seq });
  const reason = await Promise.race([stopping, running.then(() => '')]);
  let trouble = desk.failure ?? '';
  if (trouble === '') {
    desk.stop();
    await running;
    await desk.submit({ kind: 'close', reason });
    const closed = await journal.close();
    trouble = closed.ok ? '' : closed.message;
  }
  await desk.fleet.end();
  const head = 'head' in journal ? journal.head() : '';
  say({ kind: 'ended', seq: view.seq, stateHash: view.stateHash, head, trouble });
}

async function openJournal(plan: CorePlan, say: (message: FromCore) => void): Promise<FileJournal | MemoryJournal | undefined> {
  const { directory, coreDigest, term } = plan;
  if (directory === null) return createMemoryJournal({ origin: 'plimsoll', term, coreDigest });
  try {
    return await beginJournal(directory, coreDigest, 'group');
  } catch (error) {
    say({ kind: 'refused', text: error instanceof Error ? error.message : String(error) });
    return undefined;
  }
}

function tickValueOf(core: Core, ix: number): number {
  const { moneyPerTickLot, currency } = core.registry.listings[ix];
  return moneyPerTickLot / 10 ** core.registry.currencies[currency].exponent;
}

/** Answers what is asked. @returns a promise of the reason to stop. */
function listen(port: MessagePort, answer: (request: ControlRequest) => Promise<ControlAnswer>): Promise<string> {
  return new Promise((resolve) => {
    port.on('message', (message: ToCore) => {
      if (message.kind === 'stop') {
        resolve(message.reason);
        return;
      }
      const { id, request } = message;
      const failed = (error: unknown): ControlAnswer => ({
        exitCode: exitCodes.aborted,
        body: { error: String(error), exitCode: exitCodes.aborted },
        text: String(error),
      });
      answer(request)
        .catch(failed)
        .then((one) => port.postMessage({ kind: 'answer', id, answer: one } satisfies FromCore))
        .catch(() => undefined);
    });
  });
}

/** `reset`: forgets what was measured until now (a measurement begins). */
function latencyAnswer(plan: CorePlan, desk: LiveDesk, reset: boolean): ControlAnswer {
  const body = { latencies: latencyReport(plan.latencies, desk.fleet.tickToStrategy()), counts: desk.counts };
  if (reset) desk.forgetLatencies();
  return { exitCode: exitCodes.healthy, body, text: JSON.stringify(body) };
}

function eventsAnswer(events: EventLog, view: DeskView, id: unknown): ControlAnswer {
  const deploymentID = typeof id === 'string' ? id : '';
  if (!view.deployments.has(deploymentID)) {
    const text = `deployment ${deploymentID} is not there`;
    return { exitCode: exitCodes.refused, body: { error: text, exitCode: exitCodes.refused }, text };
  }
  const list = events.of(deploymentID);
  return {
    exitCode: exitCodes.healthy,
    body: { deploymentID, events: list },
    text: list.map(({ seq, kind }) => `${seq} ${kind}`).join('\n'),
  };
}
