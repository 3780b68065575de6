import type { Command } from 'commander';
import { addAcceptTrials } from './accept-trials-command.ts';
import { addBacktest } from './backtest-command.ts';
import { addData } from './dataset-command.ts';
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
import { addLargePositions } from './large-positions-command.ts';
import { addLimit } from './limit-command.ts';
import { addLint } from './lint-command.ts';
import { addProofs } from './journal-proofs.ts';
import { runKill, type KillOptions } from './kill.ts';
import { countOf, jsonOption, wholeOf } from './option-values.ts';
import { addReconcile } from './reconcile.ts';
import { addRecover } from './recover.ts';
import { addResearch } from './research-commands.ts';
import { addRuns } from './run-commands.ts';
import { addSignal } from './signal-command.ts';
import { addSim } from './sim-command.ts';
import { addSpeaker } from './speaker.ts';
import { addToken } from './token-command.ts';
import { addUp } from './up-command.ts';
import { addProposals, addVerbs } from './verb-commands.ts';
import { addStatus } from './watch.ts';

/** Every command, as the help lists them. */
export function addAll(plimsoll: Command): void {
  plimsoll.commandsGroup('Desks:');
  addRuns(plimsoll);
  addUp(plimsoll);
  addDesk(plimsoll);
  addStatus(plimsoll);
  addProposals(plimsoll);
  addToken(plimsoll);
  addReconcile(plimsoll);
  addLint(plimsoll);
  addSim(plimsoll, wholeOf);
  addRecover(plimsoll);
  plimsoll.commandsGroup('Verbs to a running desk:');
  addVerbs(plimsoll);
  addAcceptTrials(plimsoll);
  addLimit(plimsoll);
  addSignal(plimsoll);
  plimsoll.commandsGroup('Research:');
  addBacktest(plimsoll);
  addResearch(plimsoll);
  plimsoll.commandsGroup('Records and data:');
  addJournal(plimsoll);
  addLargePositions(plimsoll);
  addData(plimsoll);
}

/** Commands that speak to a running desk, or read what it left. */
function addDesk(plimsoll: Command): void {
  addSpeaker(plimsoll.command('deploy'))
    .description('deploy a version on the desk that runs in a directory')
    .requiredOption('-f, --file <spec>', 'deployment spec, YAML or JSON')
    .option('--algorithm <id>', 'algorithm, where the spec does not name it')
    .option('--version <version>', 'version, where the spec does not name it')
    .option('--capital <decimal>', 'total capital, where the spec does not name it')
    .option(
      '--slice <id>',
      'ALGORITHM@GROUP.CURRENCY or GROUP.CURRENCY, where the spec does not name them; a spec of another slice is refused',
    )
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
    .option(...jsonOption)
    .action((what: string, id: string | undefined, options: LookOptions) => runGet(what, id, options));
  plimsoll
    .command('explain')
    .description('why a deployment is where it is, and what or who acts next')
    .argument('<deployment>')
    .requiredOption('--dir <directory>', 'directory of the desk')
    .option(...jsonOption)
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
    .option('--capture <directory>', 'captured market data: every chunk that the journal notes must be there, unchanged')
    .option(...jsonOption)
    .action((directory: string, options: VerifyOptions) => runJournalVerify(directory, options));
  journal
    .command('replay')
    .description('derive every decision again from the inputs and compare')
    .argument('<directory>')
    .option('--to <seq>', 'stop after this record', countOf)
    .option(...jsonOption)
    .action((directory: string, options: ReplayOptions) => runJournalReplay(directory, options));
  journal
    .command('tail')
    .description('the last records in words')
    .argument('<directory>')
    .option('-n, --lines <n>', 'how many', countOf, 20)
    .option(...jsonOption)
    .action((directory: string, options: TailOptions) => runJournalTail(directory, options));
  journal
    .command('diff')
    .description('first records in which two journals differ, or a journal and its own replay')
    .argument('<directory>')
    .argument('[other]', 'left out: the decisions derived again')
    .option(...jsonOption)
    .action((directory: string, other: string | undefined, options: JsonOption) => runJournalDiff(directory, other, options));
  addProofs(plimsoll, journal);
}
