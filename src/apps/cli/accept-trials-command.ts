import type { Command } from 'commander';
import type { RegistryHead } from '../../research/trial-registry.ts';
import { exitCodes, Refusal } from '../desk/exit-codes.ts';
import { openRegistry } from '../research/registry-folder.ts';
import { askRunningDesk } from './kill.ts';
import { printAnswer } from './output.ts';
import { addSpeaker, speakerOf, type SpeakerOptions } from './speaker.ts';

interface AcceptOptions extends SpeakerOptions {
  readonly registry?: string;
}

/** What a desk knows of an algorithm's trials. */
interface KnownTrials extends RegistryHead {
  readonly algorithmID: string;
  readonly trials: number;
}

export function addAcceptTrials(plimsoll: Command): void {
  addSpeaker(
    plimsoll
      .command('accept-trials')
      .description('tell a desk how often an algorithm was tried, from the registry; a second person agrees')
      .argument('<algorithm>'),
  )
    .option('--registry <directory>', 'of trials; left out: the one below the data directory of the user')
    .action((algorithm: string, options: AcceptOptions) => acceptTrials(algorithm, options));
}

async function acceptTrials(algorithm: string, options: AcceptOptions): Promise<void> {
  const registry = openRegistry(options.registry);
  const { trials, variance } = registry.trialsEver(algorithm);
  if (trials === 0) throw new Refusal(exitCodes.refused, `registry ${registry.folder}: expected trials of ${algorithm}, was none`);
  const { body } = await askRunningDesk(options.dir, { verb: 'get' });
  const known = (body as { readonly trials?: readonly KnownTrials[] }).trials?.find(({ algorithmID }) => algorithmID === algorithm);
  if (known !== undefined && !registry.beginsWith(algorithm, known))
    throw new Refusal(
      exitCodes.refused,
      `registry ${registry.folder}: expected it to begin with the ${known.bytes} bytes about ${algorithm} that the desk has accepted (${known.head.slice(0, 12)}…, ${known.trials} trials), it does not: it is another registry, or was written over`,
    );
  printAnswer(
    options.json === true,
    await askRunningDesk(options.dir, {
      verb: 'accept-trials',
      id: algorithm,
      trials,
      trialVariance: variance,
      ...registry.headOf(algorithm),
      expectedRevision: known?.trials ?? 0,
      ...speakerOf(options),
    }),
  );
}
