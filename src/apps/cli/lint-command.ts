import { readFileSync } from 'node:fs';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { givenDefaults, parseSpec, type ParsedSpec } from '../../domain/spec-parser/spec-parser.ts';
import { oddsOf, type Odds } from '../../quant/ladder/operating-characteristic.ts';
import type { LadderPlan } from '../../quant/ladder/ladder-plan.ts';
import { MIN_BOOTSTRAP_RETURNS } from '../../quant/ladder/return-model.ts';
import { exitCodes, Refusal } from '../desk/exit-codes.ts';
import { stageLimits, type StageLimits } from '../lint/effective-limits.ts';
import type { ModelTerms } from '../lint/odds-job.ts';
import { runOdds, type OddsQuestion } from '../lint/odds-run.ts';
import { refusalWhenDeployed } from '../lint/refusal.ts';
import { plainLadder, planOfSpec, planOfVersion, type PlannedLadder } from '../lint/plan-of-spec.ts';
import { print } from './output.ts';
import { readSpecFile } from './spec-file.ts';

export interface LintOptions {
  readonly oc?: true;
  readonly paths: number;
  readonly seed: string;
  readonly declaration: number;
  readonly returns?: string;
  readonly lotCost: readonly string[];
  readonly algorithm?: string;
  readonly version?: string;
  readonly capital?: string;
  readonly slice?: string;
  readonly json?: true;
}

const sharpes = [-2, 0, 1, 2, 4];
/** Jumps of a year in the model with jumps. */
const jumpsPerYear = 2;
const fewestPaths = 100;
const mostPaths = 1_000_000;
const mostDeclarations = 1_000;

/** Sharpe ratios of the plain ladder beside the spec's own: no edge, and a loser. */
const plainSharpes = [0, -3];

export function addLint(plimsoll: Command): void {
  plimsoll
    .command('lint')
    .description('what a spec allows, stage by stage; --oc: the odds that it gives capital to good and bad algorithms')
    .argument('<spec>', 'deployment spec, YAML or JSON')
    .option('--oc', 'simulate: chance of promotion and of rollback by true Sharpe ratio')
    .option('--paths <n>', 'paths per Sharpe ratio and return model', pathsOf, 4_000)
    .option('--seed <text>', 'repeats a run exactly', '1')
    .option(
      '--declaration <k>',
      'odds of the k-th version that is declared of its algorithm: all versions share one alpha',
      declarationOf,
      1,
    )
    .option('--returns <file>', 'own returns for the bootstrap, one per line, one per interval of the spec')
    .addOption(
      new Option('--lot-cost <listing=cost>', 'what one lot costs, in the currency: names stages that cannot buy one; may be repeated')
        .argParser(gather)
        .default([], 'not checked'),
    )
    .option('--algorithm <id>', 'algorithm, where the spec does not name it')
    .option('--version <version>', 'version, where the spec does not name it')
    .option('--capital <decimal>', 'total capital, where the spec does not name it')
    .option(
      '--slice <id>',
      'ALGORITHM@GROUP.CURRENCY or GROUP.CURRENCY, where the spec does not name them; a spec of another slice is refused',
    )
    .option('--json', 'print one JSON object and nothing else')
    .action((file: string, options: LintOptions) => runLint(file, options));
}

function pathsOf(text: string): number {
  const paths = Number(text);
  if (!Number.isSafeInteger(paths) || paths < fewestPaths || paths > mostPaths)
    throw new InvalidArgumentError(`expected a whole number ${fewestPaths}…${mostPaths}, was ${text}`);
  return paths;
}

function declarationOf(text: string): number {
  const k = Number(text);
  if (!Number.isSafeInteger(k) || k < 1 || k > mostDeclarations)
    throw new InvalidArgumentError(`expected a whole number 1…${mostDeclarations}, was ${text}`);
  return k;
}

function gather(text: string, before: readonly string[]): readonly string[] {
  return [...before, text];
}

async function runLint(file: string, options: LintOptions): Promise<void> {
  const { spec, warnings } = parsed(file, options);
  const refusal = refusalWhenDeployed(spec);
  if (refusal !== undefined) throw new Refusal(exitCodes.refused, `${file}: a desk refuses it (${refusal.code}): ${refusal.text}`);
  const limits = stageLimits(spec, lotCosts(options.lotCost));
  const capital =
    spec.blueGreen === null ? `${spec.totalCapital} ${spec.currency}` : `takes the capital of ${spec.blueGreen.blueVersion} over`;
  const head = `${spec.deploymentID}: ${spec.algorithmID} ${spec.version}, ${spec.strategy}, ${capital}`;
  const notes = warnings.map((warning) => `note: ${warning}`);
  const text = [head, ...notes, ...limits.map((limit) => limitLine(limit, spec.currency)), ...lotNote(options.lotCost, limits)];
  if (options.oc !== true) {
    print(options.json === true, { deploymentID: spec.deploymentID, warnings, limits }, text.join('\n'));
    return;
  }
  const planned = planOfSpec(spec);
  if (typeof planned === 'string') throw new Refusal(exitCodes.refused, `${file}: ${planned}`);
  const odds = await workOut(planned, options);
  const body = {
    deploymentID: spec.deploymentID,
    warnings,
    limits,
    assumptions: planned.assumptions,
    paths: options.paths,
    declaration: options.declaration,
    ...odds,
  };
  print(options.json === true, body, [...text, '', ...oddsText(planned, options, odds)].join('\n'));
}

function parsed(file: string, options: LintOptions): ParsedSpec {
  const result = parseSpec(readSpecFile(file), {
    accountGroup: 'main',
    currency: 'USD',
    universe: ['universe of the registration'],
    venues: [{ venueID: 'venue of the desk', accountID: 'account of the desk' }],
    calendar: 'ALWAYS',
    ...givenDefaults(options),
  });
  if (result.ok) return result.value;
  const faults = result.error.map(({ path, text }) => (path === '' ? text : `${path}: ${text}`));
  throw new Refusal(exitCodes.refused, `${file}: ${faults.join('; ')}`);
}

function lotCosts(texts: readonly string[]): ReadonlyMap<string, number> {
  const costs = new Map<string, number>();
  for (const text of texts) {
    const [, listing, cost] = /^(.+)=(\d+(?:\.\d+)?)$/.exec(text) ?? [];
    if (listing === undefined) throw new Refusal(exitCodes.usage, `--lot-cost: expected LISTING=COST, was ${text}`);
    costs.set(listing, Number(cost));
  }
  return costs;
}

interface WorkedOdds {
  /** As the core judges the asked declaration. */
  readonly models: readonly { readonly model: string; readonly odds: readonly Odds[] }[];
  /** The thresholds as they are written, as if no other version ever came; independent normal returns. */
  readonly asWritten: readonly Odds[];
  readonly plainLadder: readonly Odds[];
}

async function workOut(planned: PlannedLadder, options: LintOptions): Promise<WorkedOdds> {
  const { plan: written, stressLoss } = planned;
  const plan = planOfVersion(written, options.declaration);
  const models: ModelTerms[] = [{ kind: 'iid' }, { kind: 'jumps', jumpsPerYear, stressLoss }];
  if (options.returns !== undefined) models.push(bootstrapOf(options.returns));
  const plain = plainLadder(written);
  const questions: OddsQuestion[] = models.map((model) => ({ plan, model, sharpes }));
  questions.push({ plan: written, model: { kind: 'iid' }, sharpes });
  questions.push({ plan: plain, model: { kind: 'iid' }, sharpes: plainSharpes });
  const shown = process.stderr.isTTY && options.json !== true;
  const counts = await runOdds(questions, options.paths, options.seed, (share) => {
    if (shown) process.stderr.write(`\rsimulating ${(share * 100).toFixed(0).padStart(3)} %`);
  });
  if (shown) process.stderr.write('\r\x1b[K');
  return {
    models: models.map((model, ix) => ({ model: model.kind, odds: counts[ix].map((one) => oddsOf(plan, one)) })),
    asWritten: counts[models.length].map((one) => oddsOf(written, one)),
    plainLadder: counts[models.length + 1].map((one) => oddsOf(plain, one)),
  };
}

function bootstrapOf(file: string): ModelTerms {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new Refusal(exitCodes.refused, `${file}: cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  const lines = text.split('\n').map((line) => line.trim());
  const returns: number[] = [];
  lines.forEach((line, ix) => {
    if (line === '') return;
    const value = Number(line);
    if (!Number.isFinite(value))
      throw new Refusal(exitCodes.refused, `${file}, line ${ix + 1}: expected a return as a fraction, was ${line}`);
    returns.push(value);
  });
  if (returns.length < MIN_BOOTSTRAP_RETURNS)
    throw new Refusal(exitCodes.refused, `${file}: expected at least ${MIN_BOOTSTRAP_RETURNS} returns, was ${returns.length}`);
  // the cube root of the sample, the order at which the bootstrap's error is least
  return { kind: 'bootstrap', returns, meanBlock: Math.max(1, Math.cbrt(returns.length)) };
}

function limitLine(limit: StageLimits, currency: string): string {
  const share = `${(limit.allocation * 100).toFixed(2)} %`;
  const loss =
    limit.dayLoss === null || limit.dayLossShare === null
      ? 'no limit on the loss of a day'
      : `loss of a day at most ${amount(limit.dayLoss)} (${(limit.dayLossShare * 100).toFixed(3)} %, by ${limit.binding})`;
  return `  ${limit.stage.padEnd(10)} ${share.padStart(9)} ${amount(limit.capital).padStart(16)} ${currency}  ${loss}`;
}

function amount(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 2 });
}

function lotNote(given: readonly string[], limits: readonly StageLimits[]): readonly string[] {
  if (given.length === 0) return ['  lots: not checked, --lot-cost LISTING=COST names stages that cannot buy one'];
  const small = limits.filter((limit) => limit.tooSmallFor.length > 0);
  return small.length === 0
    ? ['  lots: every stage buys at least one of each listing given']
    : small.map((limit) => `  lots: ${limit.stage} does not buy one lot of ${limit.tooSmallFor.join(', ')}`);
}

function oddsText({ plan, assumptions }: PlannedLadder, options: LintOptions, odds: WorkedOdds): readonly string[] {
  const days = Math.round(plan.horizon / plan.intervalsPerDay);
  const top = plan.stages[plan.stages.length - 1];
  const lines = [
    `odds over ${days} days, ${options.paths} paths each, seed ${options.seed}, volatility ${(plan.annualVol * 100).toFixed(1)} % a year`,
  ];
  if (isGated(plan)) lines.push(...declarationLines(plan, options.declaration));
  const rowsOf = (name: string, rows: readonly Odds[]): void => {
    lines.push(`  ${name.padEnd(9)}  true Sharpe   P(enter ${top.name})      P(rollback)       days to ${top.name}  rolled back by`);
    for (const row of rows) lines.push(oddsLine(row));
  };
  for (const { model, odds: rows } of odds.models) rowsOf(model, rows);
  if (options.returns === undefined) lines.push('  bootstrap  not simulated: --returns FILE gives the returns to draw from');
  if (isGated(plan)) {
    lines.push('  with the thresholds as they are written, as if no other version ever came:');
    rowsOf('iid', odds.asWritten);
  }
  const [noEdge, loser] = odds.plainLadder;
  lines.push(
    `  A plain ladder (PnL of the stage >= 0, drawdown < 5 %, looked at every 15 minutes for 60 days) gives all of the capital to an algorithm`,
    `  without edge with probability ${noEdge.promote.toFixed(2)}, and to one of Sharpe -3 with ${loser.promote.toFixed(2)}: a random walk comes back to zero if one waits.`,
    ...assumptions.map((assumption) => `  assumed: ${assumption}`),
  );
  return lines;
}

function isGated({ stages }: LadderPlan): boolean {
  return stages.some(({ minE }) => minE > 0);
}

/** What the thresholds of a ladder become for one of the versions that share their alpha. */
function declarationLines(written: LadderPlan, declaration: number): readonly string[] {
  const asked = planOfVersion(written, declaration).stages;
  const said = written.stages.flatMap(({ name, minE }, k) => (minE > 0 ? [`${name} ${minE} -> ${asked[k].minE.toFixed(2)}`] : []));
  return [
    `  as declaration ${declaration} of its algorithm: all versions share one alpha, so that e must reach more than is written (${said.join(', ')})`,
  ];
}

function oddsLine({ sharpe, promote, promoteError, rollback, rollbackError, daysToTop, causes }: Odds): string {
  const within = (p: number, error: number): string => `${p.toFixed(4)} ± ${error.toFixed(4)}`.padStart(17);
  const to = Number.isNaN(daysToTop) ? '-' : daysToTop.toFixed(1);
  const why = `drawdown ${causes.drawdown}, day ${causes.dayLoss}, harm ${causes.harm}`;
  return `             ${sharpe.toFixed(1).padStart(11)}  ${within(promote, promoteError)} ${within(rollback, rollbackError)} ${to.padStart(13)}  ${why}`;
}
