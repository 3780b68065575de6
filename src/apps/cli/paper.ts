import colors from 'picocolors';
import { microsUnchecked } from '../../base/units.ts';
import { ControlQueue } from '../desk/control.ts';
import { People } from '../verbs/people-file.ts';
import { coreDigest } from '../desk/core-digest.ts';
import { viewText } from '../desk/describe.ts';
import { exitCodes, Refusal } from '../desk/exit-codes.ts';
import { finish } from '../desk/finish.ts';
import { startFollower, tellFollower } from '../desk/follower.ts';
import { openJournal, takeDirectory, type DeskDirectory } from '../desk/journal-files.ts';
import { isCaptureFolder, SessionCapture } from '../desk/capture.ts';
import { capturedSource } from '../desk/captured-source.ts';
import { recordedSource, syntheticSource, type MarketSource } from '../desk/market-source.ts';
import { Pace, type Speed } from '../desk/pace.ts';
import { deskPeople } from '../desk/people.ts';
import { Session } from '../desk/session.ts';
import { paperSpec } from '../desk/specs.ts';
import { refuseStates } from '../desk/registration.ts';
import { builtInModule, findStrategy, type StrategySource } from '../desk/strategy-modules.ts';
import { nodeWorld } from '../../runtime/threads.ts';
import { Interrupt } from './interrupt.ts';
import { lineOf } from './narrator.ts';
import { print } from './output.ts';

export interface PaperOptions {
  readonly strategy: string;
  readonly data?: string;
  readonly instrument?: string;
  readonly dir?: string;
  readonly minutes: number;
  readonly capture?: string;
  readonly hosts?: number;
  readonly seed: number;
  readonly speed: Speed;
  readonly json?: true;
}

const capital = '1000000';
const turnsPerLook = 512;

/** A strategy on paper: live or recorded market, no capital, everything else as on a real desk. */
export async function runPaper(options: PaperOptions): Promise<void> {
  const found = await findStrategy(options.strategy);
  const { name, version } = found.definition;
  if (found.module !== builtInModule) await refuseStates(nodeWorld, [{ name, version, module: found.module }]);
  const directory = await takeDirectory(options.dir);
  const controls = new ControlQueue(new People(directory.path));
  directory.lock.listen(controls.listener);
  try {
    await trade(options, found, directory, controls);
  } finally {
    controls.close();
    await directory.release();
  }
}

async function trade(
  options: PaperOptions,
  { definition, module }: StrategySource,
  directory: DeskDirectory,
  controls: ControlQueue,
): Promise<void> {
  const json = options.json === true;
  const source = sourceOf(options);
  const capture = options.capture === undefined ? undefined : new SessionCapture(options.capture, source);
  const digest = coreDigest();
  const { journal, past } = await openJournal(directory.path, digest, 'group');
  const interrupt = new Interrupt();
  const session = new Session({
    source,
    journal,
    coreDigest: digest,
    ...(past === undefined ? {} : { past }),
    ...(capture === undefined ? {} : { capture }),
    seed: String(options.seed),
    firmCapital: capital,
    durability: 'group',
    strategies: [definition],
    ...(options.hosts === undefined ? {} : { hosts: options.hosts, moduleOf: () => module }),
    onDecision: (at, decision) => {
      const line = lineOf(at, decision);
      if (line !== undefined && !json) process.stdout.write(`${line}\n`);
    },
  });
  if (!json)
    print(false, undefined, `${colors.bold('plimsoll')}: ${definition.name} ${definition.version} on paper, ${source.description}`);
  await session.open();
  const follower = directory.kept ? startFollower(directory.path, digest, past?.found.snapshotSeq) : undefined;
  if (session.view.deployments.size === 0) {
    await session.prepare(capital);
    const deployed = await session.deploy(
      paperSpec(`${definition.name}-paper`, definition.name, definition.version, source.market.currency, capital),
      deskPeople.trader,
    );
    if (!deployed.accepted) throw new Refusal(exitCodes.refused, deployed.text);
  }
  await run(session, options, controls, () => interrupt.asked || (follower?.wrong ?? '') !== '');
  await follower?.end();
  const ending = await finish(session, journal, directory.path, interrupt.asked ? 'interrupted' : 'the session is over');
  tellFollower(follower, ending.trouble);
  const row = [...session.view.rows.values()].find((one) => one.version === definition.version);
  const body = {
    strategy: definition.name,
    version: definition.version,
    source: source.description,
    orders: row?.orders ?? 0,
    fills: row?.fills ?? 0,
    denials: row?.denials ?? 0,
    ...ending,
  };
  const proven = ending.journal.verified && ending.replay.equal;
  const trouble = ending.trouble === '' ? '' : `\n${colors.red(ending.trouble)}`;
  print(
    json,
    body,
    `${viewText(session.view)}\nverified ${ending.journal.verified ? 'yes' : 'NO'}, replay equal ${ending.replay.equal ? 'yes' : 'NO'}${trouble}`,
  );
  process.exitCode = proven ? exitCodes.healthy : exitCodes.aborted;
}

function sourceOf({ data, seed, instrument }: PaperOptions): MarketSource {
  if (data === undefined && instrument !== undefined)
    throw new Refusal(exitCodes.usage, '--instrument: it is for a recorded session (--data), the synthetic exchange has one share');
  if (data === undefined) return syntheticSource(seed);
  if (!isCaptureFolder(data)) return recordedSource(data, undefined, instrument);
  if (instrument !== undefined) throw new Refusal(exitCodes.usage, `--instrument: ${data} is the capture of one desk, it has one`);
  return capturedSource(data);
}

async function run(session: Session, options: PaperOptions, controls: ControlQueue, stops: () => boolean): Promise<void> {
  const { desk } = session;
  const pace = new Pace(options.speed, desk.now);
  const endAt = options.data === undefined ? session.options.source.startAt + options.minutes * 60_000_000 : Number.MAX_SAFE_INTEGER;
  while (!stops() && !session.view.killed && desk.now < endAt) {
    await controls.serve(session);
    await pace.breathe(desk.nextAt());
    const state = await desk.advance(microsUnchecked(Math.floor(Math.min(endAt, pace.allowedUntil()))), turnsPerLook, true);
    if (state !== 'running') return;
  }
}
