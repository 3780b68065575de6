import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import colors from 'picocolors';
import { serveApi, type Api } from '../../api/server.ts';
import { microsUnchecked } from '../../base/units.ts';
import { smallCoreCapacities } from '../../core/core.ts';
import type { AlertOutbox } from '../../ops/alerts/alert-outbox.ts';
import type { AlertSeverity } from '../../ports/alert.ts';
import { maySpin } from '../../runtime/rings/doorbell.ts';
import { nodeWorld } from '../../runtime/threads.ts';
import { Interrupt } from '../cli/interrupt.ts';
import { print } from '../cli/output.ts';
import { coreDigest } from '../desk/core-digest.ts';
import { defaultsOf } from '../desk/asking.ts';
import { syntheticMarket } from '../desk/definitions.ts';
import { StartClock, startText } from '../desk/start-times.ts';
import { exitCodes, Refusal } from '../desk/exit-codes.ts';
import { startFollower, type FollowerThread } from '../desk/follower.ts';
import { takeDirectory, type DeskDirectory } from '../desk/journal-files.ts';
import { journalFolder } from '../desk/journal-folder.ts';
import { oneLine } from '../desk/kill-note.ts';
import { refuseStates } from '../desk/registration.ts';
import { bookStrategies } from '../desk/strategies.ts';
import { builtInModule, findStrategy } from '../desk/strategy-modules.ts';
import { People } from '../verbs/people-file.ts';
import { alertsOf } from './alerts.ts';
import { CaptureThread } from './capture.ts';
import { defaultConfig, readConfig, type UpConfig } from './config.ts';
import { controlled } from './controlled.ts';
import { deathOf, Deaths, reasonOf, type Death } from './deaths.ts';
import { coreLook } from './core-watch.ts';
import { followerLook } from './follower-look.ts';
import { gatewayLook } from './gateway-watch.ts';
import { deskEntries, DeskThreads, type DeskEnding, type ThreadEntries, type ThreadsListener } from './desk-threads.ts';
import type { OfferedVersion } from './plan.ts';
import { Simulator } from './simulate-order.ts';
import { deskOf } from './threads-desk.ts';
import { takeToken, tokenFile } from './token-file.ts';

export interface UpOptions {
  readonly dir: string;
  readonly config?: string;
  readonly port?: number;
  readonly hosts?: number;
  readonly seed?: number;
  readonly seconds?: number;
  readonly capture?: string;
  readonly json?: true;
}

/** Longest wait for alerts on their way at the end (ms). */
const alertMillis = 2_000;
/** Longest good end (ms). */
const endMillis = 10_000;
/** Longest end of what is left when a thread has died (ms). */
const deadEndMillis = 3_000;

/** A desk that stays up on the wall clock, on simulated venues, until Ctrl-C. */
export async function runUp(options: UpOptions, entries: ThreadEntries = deskEntries): Promise<void> {
  const config = configOf(options);
  const directory = await takeDirectory(options.dir);
  try {
    await serve(options, config, directory, entries);
  } finally {
    await directory.release();
  }
}

function configOf({ config, port, hosts, seed }: UpOptions): UpConfig {
  const read = config === undefined ? defaultConfig : readConfig(config);
  return {
    ...read,
    ...(port === undefined ? {} : { port }),
    ...(hosts === undefined ? {} : { hosts }),
    ...(seed === undefined ? {} : { seed }),
  };
}

async function offered(config: UpConfig, directory: string): Promise<readonly OfferedVersion[]> {
  const builtIn = bookStrategies.map(({ name, version }) => ({ name, version, module: builtInModule }));
  const own: OfferedVersion[] = [];
  for (const path of config.strategies) {
    const { definition, module } = await findStrategy(path);
    own.push({ name: definition.name, version: definition.version, module });
  }
  const ids = [...builtIn, ...own].map(({ name, version }) => `${name} ${version}`);
  const twice = ids.find((id, n) => ids.indexOf(id) < n);
  if (twice !== undefined) throw new Refusal(exitCodes.refused, `strategies: expected each version once, was ${twice} twice`);
  const named = new Set(own.map(({ name }) => name));
  // what is built in has been through it in the tests; a desk that goes on has registered its versions before, and what it holds needs it up
  const registers = own.length > 0 && !existsSync(join(directory, journalFolder));
  if (registers) await refuseStates(nodeWorld, [...builtIn.filter(({ name }) => named.has(name)), ...own]);
  return [...builtIn, ...own];
}

async function serve(options: UpOptions, config: UpConfig, directory: DeskDirectory, entries: ThreadEntries): Promise<void> {
  const json = options.json === true;
  const cores = availableParallelism();
  const versions = await offered(config, directory.path);
  const token = takeToken(directory.path);
  const people = new People(directory.path);
  people.list();
  const simulator = new Simulator(nodeWorld);
  const interrupt = new Interrupt();
  const say = (text: string): void => {
    if (!json) process.stdout.write(`${text}\n`);
  };
  const alerts = alertsOf(directory.path, config.alertWebhook, say);
  const deaths = new Deaths(
    (alert) => alerts.take(alert),
    () => Date.now() * 1_000,
  );
  const clock = new StartClock();
  const digest = coreDigest();
  const source = `synthetic exchange on the wall clock, seed ${config.seed}`;
  const capture = options.capture === undefined ? undefined : new CaptureThread(options.capture, syntheticMarket, source);
  const threads = begin(config, { directory, versions, cores, digest, capture, entries }, say, alerts, deaths);
  clock.done('command loaded');
  const onFault = (error: unknown): void => void fail(threads, deaths, deathOf('main thread', error), say);
  process.on('uncaughtException', onFault);
  let api: Api | undefined;
  let follower: FollowerThread | undefined;
  try {
    const beginning = await threads.ready.catch((error: Error) => {
      throw error instanceof Refusal ? error : new Refusal(exitCodes.aborted, oneLine(error.message));
    });
    clock.add(beginning.phases);
    capture?.start(
      nodeWorld,
      (message) => threads.tellCapture(message),
      (text) => lame(alerts, 'CAPTURE_ENDED', text, say),
    );
    directory.lock.listen((request) => controlled(threads, people, request));
    api = await serveApi({ desk: deskOf(threads, people, token, defaultsOf(syntheticMarket), simulator), port: config.port }).catch(
      (error: Error) => {
        throw new Refusal(exitCodes.refused, `port ${config.port}: ${error.message}`);
      },
    );
    say(`${colors.bold('plimsoll')}: a desk on simulated venues, ${versions.map(({ name, version }) => `${name} ${version}`).join(', ')}`);
    const { risk, orders } = smallCoreCapacities;
    say(
      `holds ${risk.slices} slices, ${risk.rows} versions and custodians, ${orders.openOrders} open orders at most; past that it refuses by name`,
    );
    say(`HTTP ${api.url}, token in ${directory.path}/${tokenFile}; Ctrl-C ends it in good order`);
    clock.done('served');
    say(startText(clock.phases));
    follower = startFollower(directory.path, digest, beginning.snapshotSeq);
    const shout = (subject: string, text: string): void => lame(alerts, subject, text, say, 'critical');
    const looks = [gatewayLook(threads, shout), coreLook(threads, shout)];
    const lookAtFollower = followerLook(follower, (subject, text) => lame(alerts, subject, text, say));
    const tell = (): void => {
      for (const look of looks) look();
      tellPeople(threads, people);
      lookAtFollower();
    };
    await waitWhile(tell, () => !interrupt.asked && !deaths.any && follower?.wrong === '', options.seconds);
    if (follower.wrong !== '') await fail(threads, deaths, deathOf('follower', follower.wrong, 'disagrees with the core'), say);
  } finally {
    await api?.close();
    await simulator.end();
    await follower?.end();
    await capture?.end();
    const ending = await ended(threads, deaths, interrupt);
    const left = await alerts.end(alertMillis);
    process.off('uncaughtException', onFault);
    if (left > 0) say(`${left} alerts are not delivered yet: the next start goes on with them`);
    if (api !== undefined) report(json, ending, deaths.sentence(threads.leftBehind), capture);
  }
}

/** What a desk begins on. */
interface Ground {
  readonly directory: DeskDirectory;
  readonly versions: readonly OfferedVersion[];
  readonly cores: number;
  readonly digest: string;
  readonly capture: CaptureThread | undefined;
  readonly entries: ThreadEntries;
}

function begin(
  config: UpConfig,
  { directory, versions, cores, digest, capture, entries }: Ground,
  say: (text: string) => void,
  alerts: AlertOutbox,
  deaths: Deaths,
): DeskThreads {
  const { firmCapital, sliceCapital, seed, budget } = config;
  const settings = {
    markets: [syntheticMarket],
    versions,
    ...(capture === undefined ? {} : { capture: capture.memory }),
    directory: directory.path,
    coreDigest: digest,
    seed: String(seed),
    firmCapital,
    sliceCapital,
    hosts: config.hosts > 0 ? config.hosts : Math.max(1, cores - 1),
    spinning: maySpin(cores),
    budget,
  };
  const listener: ThreadsListener = {
    line: say,
    alert: (alert) => {
      deaths.heard(alert);
      alerts.take(alert);
    },
    died: (death) => {
      say(colors.red(reasonOf(death)));
      deaths.take(death);
    },
  };
  return new DeskThreads(nodeWorld, settings, seed, listener, entries);
}

/** The main thread itself threw, or whoever folds the journal comes to another state than the core: nothing new may leave, and the desk ends. */
async function fail(threads: DeskThreads, deaths: Deaths, death: Death, say: (text: string) => void): Promise<void> {
  say(colors.red(reasonOf(death)));
  deaths.take(death);
  await threads.kill(reasonOf(death));
}

/** Something that the journal does not say and that a person must see: a thread is gone that no order waits for, or one stands still. */
function lame(alerts: AlertOutbox, subject: string, text: string, say: (text: string) => void, severity: AlertSeverity = 'high'): void {
  say(colors.red(text));
  const at = Date.now() * 1_000;
  alerts.take({ id: `${subject}-${at}`, seq: 0, at: microsUnchecked(at), severity, subject, text: oneLine(text) });
}

/** Ends the threads; when they are gone it is known which deaths people have not been told of. */
async function ended(threads: DeskThreads, deaths: Deaths, interrupt: Interrupt): Promise<DeskEnding | undefined> {
  const reason = deaths.any ? 'a thread died' : interrupt.asked ? 'interrupted' : 'its time is over';
  const ending = await threads.stop(reason, deaths.any ? deadEndMillis : endMillis);
  if (ending === undefined && !deaths.any && !threads.refused)
    deaths.take(deathOf('core', `nothing heard for ${endMillis / 1_000} s`, 'did not end and was ended'));
  deaths.tellRest();
  return ending;
}

/** The core hears who has which roles, first and whenever the file of people has changed; asked again when it did not answer. */
function tellPeople(threads: DeskThreads, people: People): void {
  const now = people.toTell();
  if (now === undefined) return;
  people.told(now);
  void threads.ask({ verb: 'people', people: now }).then((answer) => {
    if (answer === undefined) people.told([]);
  });
}

/** @param died '' or what died, and what it leaves. */
function report(json: boolean, ending: DeskEnding | undefined, died: string, capture: CaptureThread | undefined): void {
  const trouble = died === '' ? (ending?.trouble ?? '') : died;
  const captured = capture === undefined ? {} : { capture: { chunks: capture.chunks, ...ending?.captured, trouble: capture.lame } };
  const body = { seq: ending?.seq ?? 0, stateHash: ending?.stateHash ?? '', head: ending?.head ?? '', trouble, ...captured };
  const text =
    trouble !== '' || ending === undefined
      ? colors.red(trouble)
      : `ended in good order at record ${body.seq}, state ${body.stateHash.slice(0, 16)}${capture === undefined ? '' : captureText(capture, ending)}`;
  print(json, body, text);
  process.exitCode = trouble === '' ? exitCodes.healthy : exitCodes.aborted;
}

function captureText({ chunks, lame }: CaptureThread, { captured }: DeskEnding): string {
  const lost =
    captured === null || captured.lost === 0 ? '' : `, ${captured.lost} market events lost to a slow disk (the capture says where)`;
  return `\ncaptured ${captured?.events ?? 0} market events in ${chunks} chunks${lost}${lame === '' ? '' : `, then nothing more: ${lame}`}`;
}

/** Longest sleep between two looks at the keyboard (ms). */
const lookMillis = 100;

/** Waits while `goOn` holds, at most `seconds`. */
async function waitWhile(look: () => void, goOn: () => boolean, seconds: number | undefined): Promise<void> {
  const end = seconds === undefined ? Infinity : performance.now() + seconds * 1_000;
  for (; goOn() && performance.now() < end; await sleep(lookMillis)) look();
}
