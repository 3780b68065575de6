import type { Command } from 'commander';
import type { ControlAnswer, ControlRequest } from '../desk/control-socket.ts';
import { exitCodes, Refusal } from '../desk/exit-codes.ts';
import { spokenVerbs, verbTable, type SpokenVerb, type VerbRule } from '../verbs/verb-table.ts';
import { askRunningDesk } from './kill.ts';
import { countOf, integerOf, wholeOf } from './option-values.ts';
import { printAnswer } from './output.ts';
import { addSpeaker, speakerOf, type SpeakerOptions } from './speaker.ts';

interface VerbOptions extends SpeakerOptions {
  readonly reason?: string;
  readonly expect?: number;
  readonly waive?: readonly string[];
  readonly gate?: string;
  readonly stage?: number;
  readonly slice?: string;
  readonly mode?: string;
  readonly slippage?: number;
  readonly version?: string;
  readonly allocation?: string;
  readonly capital?: string;
  readonly reserve?: string;
  readonly digest?: string;
  readonly target?: string;
}

const arguments_: Readonly<Record<VerbRule['target'], string>> = {
  deployment: '<deployment>',
  'deployment or proposal': '<deployment-or-proposal>',
  version: '<algorithm/version>',
  slice: '<slice>',
  strategy: '<algorithm>',
  break: '<break>',
  limit: '<limit>',
  signal: '<signal>',
  desk: '',
};

/** Verbs that have commands of their own. */
const apart: ReadonlySet<SpokenVerb> = new Set<SpokenVerb>(['kill', 'accept-trials', 'set-limit', 'signal']);

/** Every other verb of the table. */
export function addVerbs(plimsoll: Command): void {
  for (const verb of spokenVerbs) {
    if (apart.has(verb)) continue;
    const { does, target } = verbTable[verb];
    const command = plimsoll.command(verb).description(does);
    if (target !== 'desk') command.argument(arguments_[target]);
    addSpeaker(command).option('--reason <text>', 'goes into the journal', `${verb} from the command line`);
    command.option(
      '--expect <revision>',
      'revision (of a version: epoch) that you saw; another one by now is refused',
      target === 'break' ? integerOf : wholeOf,
    );
    addOwn(verb, command);
    command.action((...given: unknown[]) => {
      const [id, options] = target === 'desk' ? [undefined, given[0]] : [String(given[0]), given[1]];
      return runVerb(verb, id, options as VerbOptions);
    });
  }
}

/** Options of one verb alone. */
function addOwn(verb: SpokenVerb, command: Command): void {
  switch (verb) {
    case 'promote':
      command.option('--waive <gate...>', 'gates that two people let pass as they are');
      return;
    case 'waive':
      command
        .requiredOption('--gate <name>', 'gate that is let pass')
        .option('--stage <n>', 'before this stage; left out: the next one', wholeOf);
      return;
    case 'approve':
      command
        .option('--digest <hex>', 'of the proposal that you read; another one is refused')
        .option('--stage <n>', 'stage to approve', wholeOf);
      return;
    case 'halt':
    case 'unhalt':
      command.option('--slice <id>', 'where the version is in several slices');
      return;
    case 'flatten':
      command
        .option('--slice <id>', 'where the version is in several slices')
        .option('--mode <mode>', 'limit, market or twap', 'limit')
        .option('--slippage <bps>', 'what a limit may give away', countOf, 50);
      return;
    case 'allocation':
      command
        .option('--version <version>', 'whose share of the slice')
        .option('--allocation <fraction>', 'its share, 0…1')
        .option('--capital <decimal>', 'capital of the slice itself')
        .option('--reserve <decimal>', 'reserve of the slice itself');
      return;
    case 'release':
      command.option('--target <target>', 'what was killed: firm, venue:X, account:X or strategy:X');
      return;
    default:
      return;
  }
}

async function runVerb(verb: SpokenVerb, id: string | undefined, options: VerbOptions): Promise<void> {
  const { waive, gate, stage, slice, mode, slippage, version, allocation, capital, reserve, digest, target, reason } = options;
  const expectedRevision = options.expect ?? (verbTable[verb].expands ? await seenRevision(verb, id ?? '', options) : undefined);
  const own: Readonly<Record<string, unknown>> = {
    ...(waive === undefined ? {} : { waives: waive }),
    ...(gate === undefined ? {} : { gate }),
    ...(stage === undefined ? {} : { stage }),
    ...(slice === undefined ? {} : { slice }),
    ...(mode === undefined ? {} : { mode }),
    ...(slippage === undefined ? {} : { slippageBps: slippage }),
    ...(version === undefined ? {} : { version }),
    ...(allocation === undefined ? {} : { allocation: fractionOf(allocation) }),
    ...(capital === undefined ? {} : { totalCapital: capital }),
    ...(reserve === undefined ? {} : { reserve }),
    ...(digest === undefined ? {} : { digest }),
    ...(target === undefined ? {} : { target }),
  };
  const request: ControlRequest = { verb, ...(id === undefined ? {} : { id }), reason, expectedRevision, ...own, ...speakerOf(options) };
  printAnswer(options.json === true, await askRunningDesk(options.dir, request));
}

function fractionOf(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value))
    throw new Refusal(exitCodes.usage, `--allocation: expected a fraction 0…1, was ${text}`);
  return value;
}

/** What an expanding command is about, as it is now: should it change before the command arrives, the command is refused. */
async function seenRevision(verb: SpokenVerb, id: string, { dir, slice }: VerbOptions): Promise<number | undefined> {
  const { target } = verbTable[verb];
  if (target === 'strategy' || target === 'limit' || target === 'signal' || target === 'desk') return undefined;
  const { body } = await askRunningDesk(dir, { verb: 'get' });
  const seen = body as Seen;
  if (target === 'deployment') return seen.deployments?.find((one) => one.deploymentID === id)?.revision;
  if (target === 'break') return differenceOf(seen, id);
  if (target === 'slice') return seen.slices?.find((one) => one.sliceID === id)?.revision;
  return seen.rows?.find(
    (row) =>
      [`${row.sliceID}/${row.version}`, `${row.sliceID.split('@')[0] ?? ''}/${row.version}`].includes(id) &&
      (slice === undefined || row.sliceID === slice),
  )?.epoch;
}

/** How much a break differs: the venue's figure less the desk's. */
function differenceOf({ reconciliation }: Seen, id: string): number | undefined {
  const one = reconciliation?.breaks.find(({ breakID }) => breakID === id);
  return one === undefined ? undefined : one.there - one.here;
}

interface Seen {
  readonly reconciliation?: { readonly breaks: readonly { readonly breakID: string; readonly here: number; readonly there: number }[] };
  readonly deployments?: readonly { readonly deploymentID: string; readonly revision: number }[];
  readonly slices?: readonly { readonly sliceID: string; readonly revision: number }[];
  readonly rows?: readonly { readonly sliceID: string; readonly version: string; readonly epoch: number }[];
}

/** What waits for a second person. */
export function addProposals(plimsoll: Command): void {
  plimsoll
    .command('proposals')
    .description('what waits for a second person')
    .requiredOption('--dir <directory>', 'directory of the running desk')
    .option('--json', 'print one JSON object and nothing else')
    .action(async ({ dir, json }: { readonly dir: string; readonly json?: true }) => {
      const answer: ControlAnswer = await askRunningDesk(dir, { verb: 'proposals' });
      printAnswer(json === true, answer);
    });
}
