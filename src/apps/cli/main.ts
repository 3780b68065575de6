import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { exitCodes, Refusal } from '../desk/exit-codes.ts';
import { addBacktest } from './backtest-command.ts';
import { addData } from './dataset-command.ts';
import { runDemo, type DemoOptions } from './demo.ts';
import { runDeploy, type DeployOptions } from './deploy.ts';
import { runExplain, runGet, type LookOptions } from './get.ts';
import {
  runJournalDiff,
  runJournalReplay,
  runJournalTail,
  runJournalVerify,
  type JsonOption,
  type ReplayOptions,
  type TailOptions,
  type VerifyOptions,
} from './journal.ts';
import { addLint } from './lint-command.ts';
import { addProofs } from './journal-proofs.ts';
import { runKill, type KillOptions } from './kill.ts';
import { countOf } from './option-values.ts';
import { fail } from './output.ts';
import { runPaper, type PaperOptions } from './paper.ts';
import { addUp } from './up-command.ts';
import { addResearch } from './research-commands.ts';
import { addReconcile } from './reconcile.ts';
import { addRecover } from './recover.ts';
import { addSpeaker } from './speaker.ts';
import { addToken } from './token-command.ts';
import { addProposals, addVerbs } from './verb-commands.ts';
import { addSim } from './sim-command.ts';
import { version } from './version.ts';
import { addStatus } from './watch.ts';

function speedOf(text: string): number | 'max' {
  if (text === 'max') return 'max';
  const speed = Number(text);
  if (!(speed > 0 && speed <= 1e6)) throw new InvalidArgumentError(`expected max or a number 0…1000000, was ${text}`);
  return speed;
}

function seedOf(text: string): number {
  const seed = Number(text);
  if (!Number.isSafeInteger(seed) || seed < 0) throw new InvalidArgumentError(`expected a whole number of at least 0, was ${text}`);
  return seed;
}

const json = ['--json', 'print one JSON object and nothing else'] as const;

function program(): Command {
  const plimsoll = new Command('plimsoll')
    .description(
      'Runs trading algorithms under capital load lines: paper first, then a small share of the capital, each step earned by evidence.',
    )
    .version(version)
    // `deploy --version 2.1.0` is the version of an algorithm
    .enablePositionalOptions()
    .showSuggestionAfterError(true)
    // --version behind a command is that command's own: the version of an algorithm
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({ outputError: () => undefined })
    .addHelpText(
      'after',
      '\nplimsoll COMMAND --help lists its options. A command ends with 0 (healthy),\n1 (degraded, aborted, damaged), 2 (timeout), 3 (waits for a person), 4 (refused)\nor 64 (usage).',
    );
  plimsoll.commandsGroup('Desks:');
  addRuns(plimsoll);
  addUp(plimsoll);
  addDesk(plimsoll);
  addStatus(plimsoll);
  addProposals(plimsoll);
  addToken(plimsoll);
  addReconcile(plimsoll);
  addLint(plimsoll);
  addSim(plimsoll, seedOf);
  addRecover(plimsoll);
  plimsoll.commandsGroup('Verbs to a running desk:');
  addVerbs(plimsoll);
  plimsoll.commandsGroup('Research:');
  addBacktest(plimsoll);
  addResearch(plimsoll);
  plimsoll.commandsGroup('Records and data:');
  addJournal(plimsoll);
  addData(plimsoll);
  return plimsoll;
}

/** Commands that run a desk of their own. */
function addRuns(plimsoll: Command): void {
  plimsoll
    .command('demo')
    .description('the story: a version climbs the ladder, a bad one is rolled back, the journal proves it')
    .option('--seed <n>', 'repeats a run exactly', seedOf, 7)
    .option('--speed <n>', 'virtual seconds per second, or max', speedOf)
    .option('--data <file>', 'recorded market data (Binance capture) instead of the synthetic exchange')
    .option('--dir <directory>', 'keep the journal there')
    .option('--exit', 'end after the story instead of waiting for Ctrl-C')
    .option(...json)
    .action((options: DemoOptions) => runDemo(options));
  plimsoll
    .command('paper')
    .description('a desk on paper: one strategy on recorded data or the synthetic exchange')
    .option('--strategy <name>', 'maker, momentum or clumsy, or the path of a module that exports your own', 'momentum')
    .option('--data <file>', 'recorded market data (Binance capture, session of another venue); left out: the synthetic exchange')
    .option('--instrument <symbol>', 'the one of a recorded session that has several')
    .option('--dir <directory>', 'keep the journal there')
    .option('--hosts <n>', 'strategies run in this many threads of their own; left out: on the thread of the desk', countOf)
    .option('--minutes <n>', 'virtual minutes on the synthetic exchange', countOf, 10)
    .option('--seed <n>', 'repeats a run exactly', seedOf, 7)
    .option('--speed <n>', 'virtual seconds per second, or max', speedOf, 'max')
    .option(...json)
    .action((options: PaperOptions) => runPaper(options));
}

/** Commands that speak to a running desk, or read what it left. */
function addDesk(plimsoll: Command): void {
  addSpeaker(plimsoll.command('deploy'))
    .description('deploy a version on the desk that runs in a directory')
    .requiredOption('-f, --file <spec>', 'deployment spec, YAML or JSON')
    .option('--algorithm <id>', 'algorithm, where the spec does not name it')
    .option('--version <version>', 'version, where the spec does not name it')
    .option('--capital <decimal>', 'total capital, where the spec does not name it')
    .option('--registry <directory>', 'of trials, which a gate dsr counts; left out: the one below the data directory of the user')
    .action((options: DeployOptions) => runDeploy(options));
  plimsoll
    .command('get')
    .description('deployments, rows, positions, denials and rollbacks of a desk')
    .argument('[what]', 'desk, deployments or deployment', 'desk')
    .argument('[id]', 'deployment')
    .requiredOption('--dir <directory>', 'directory of the desk')
    .option('--latency', 'what a desk that is up has measured of itself')
    .option('-w, --watch', 'of one deployment: a tree that follows it until it is done')
    .option('--timeout <seconds>', 'longest watch; then the exit code is 2', countOf)
    .option(...json)
    .action((what: string, id: string | undefined, options: LookOptions) => runGet(what, id, options));
  plimsoll
    .command('explain')
    .description('why a deployment is where it is, and what or who acts next')
    .argument('<deployment>')
    .requiredOption('--dir <directory>', 'directory of the desk')
    .option(...json)
    .action((id: string, options: LookOptions) => runExplain(id, options));
  addSpeaker(plimsoll.command('kill'))
    .description('kill switch: no new order leaves, every order is taken back')
    .option('--reason <text>', 'goes into the journal', 'killed from the command line')
    .option('--target <target>', 'firm, venue:X, account:X or strategy:X', 'firm')
    .action((options: KillOptions) => runKill(options));
}

function addJournal(plimsoll: Command): void {
  const journal = plimsoll.command('journal').description('the record of every decision');
  journal
    .command('verify')
    .description('check every byte; exit 0 valid, 1 damaged or tampered')
    .argument('<directory>')
    .option('--head <file>', 'the last head that you kept: proves that nothing before it is missing or changed')
    .option('--key <file>', 'public key that the head was signed with')
    .option(...json)
    .action((directory: string, options: VerifyOptions) => runJournalVerify(directory, options));
  journal
    .command('replay')
    .description('derive every decision again from the inputs and compare')
    .argument('<directory>')
    .option('--to <seq>', 'stop after this record', countOf)
    .option(...json)
    .action((directory: string, options: ReplayOptions) => runJournalReplay(directory, options));
  journal
    .command('tail')
    .description('the last records in words')
    .argument('<directory>')
    .option('-n, --lines <n>', 'how many', countOf, 20)
    .option(...json)
    .action((directory: string, options: TailOptions) => runJournalTail(directory, options));
  journal
    .command('diff')
    .description('first records in which two journals differ, or a journal and its own replay')
    .argument('<directory>')
    .argument('[other]', 'left out: the decisions derived again')
    .option(...json)
    .action((directory: string, other: string | undefined, options: JsonOption) => runJournalDiff(directory, other, options));
  addProofs(plimsoll, journal);
}

/** What to ask for help: the command that the arguments name, as far as they name one. */
function hintOf(plimsoll: Command, args: readonly string[]): string {
  const path = ['plimsoll'];
  let command = plimsoll;
  for (const arg of args) {
    const next = command.commands.find((one) => one.name() === arg);
    if (next === undefined) break;
    path.push(arg);
    command = next;
  }
  return `${path.join(' ')} --help lists the ${command.commands.length > 0 ? 'commands' : 'options'}`;
}

/** `option '-n, --lines <n>' argument 'five' is invalid. expected …, was five` as `--lines: expected …, was five`. */
function sentenceOf(message: string): string {
  return message
    .replace(/^error: /, '')
    .replace(/^option '(?:-\w, )?(--[\w-]+)[^']*' argument '.*' is invalid\. /s, '$1: ')
    .replace(/\n\((Did you mean .*\?)\)$/s, ' ($1)')
    .trim();
}

/** Runs one command line. @returns the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  const json = args.includes('--json');
  const plimsoll = program();
  try {
    await plimsoll.parseAsync([...args], { from: 'user' });
    return typeof process.exitCode === 'number' ? process.exitCode : 0;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return 0;
      return fail(json, exitCodes.usage, sentenceOf(error.message), error.code === 'commander.help' ? '' : hintOf(plimsoll, args));
    }
    if (error instanceof Refusal) return fail(json, error.exitCode, error.message, '');
    return fail(
      json,
      exitCodes.aborted,
      error instanceof Error ? error.message : String(error),
      process.env['PLIMSOLL_STACK'] === undefined ? '' : String(error instanceof Error ? error.stack : ''),
    );
  }
}

process.exitCode = await main(process.argv.slice(2));
