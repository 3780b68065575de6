import type { Command } from 'commander';
import { isoFromMicros } from '../../base/time.ts';
import { detectLookAhead, detectWarmUp, type LookAheadSubject } from '../../research/look-ahead.ts';
import { exitCodes, Refusal } from '../desk/exit-codes.ts';
import { parameterOption, parametersOf, slippageOption, type MarketOptions, type SlippageOption } from './market-options.ts';
import { lookAheadText, warmUpText } from './look-ahead-text.ts';
import { print } from './output.ts';
import { countOf, openMarket, withBarOptions } from './search-options.ts';

interface LookAheadOptions extends MarketOptions, SlippageOption {
  readonly param: readonly string[];
  readonly cuts: number;
}

export function addLookAhead(plimsoll: Command): void {
  withBarOptions(plimsoll.command('look-ahead'))
    .description('cut the future off at many times and run again: exit 1 when a decision or an equity before the cut changes')
    .addOption(slippageOption())
    .addOption(parameterOption())
    .option('--cuts <n>', 'how many times; half of them where the strategy decided something', countOf, 40)
    .action((options: LookAheadOptions) => lookAhead(options));
}

async function lookAhead(options: LookAheadOptions): Promise<void> {
  const { definition, base, bars, run } = await openMarket(options, options.slippage);
  const parameters = parametersOf(definition, options.param);
  const subject: LookAheadSubject = {
    run,
    request: { ...base, parameters, bars, keep: 'equity' },
    definitionOf: () => definition,
  };
  const [report, warmUp] = checked(
    () => [detectLookAhead(subject, { cuts: options.cuts, seed: options.seed }), detectWarmUp(subject)] as const,
  );
  const leaks = report.leaks.map((leak) => ({ ...leak, at: isoFromMicros(leak.at), cut: isoFromMicros(leak.cut) }));
  const body = { strategy: definition.name, version: definition.version, dataHash: bars.dataHash, ...report, leaks, warmUp };
  print(options.json === true, body, `${definition.name} ${definition.version}: ${lookAheadText(report)}\n${warmUpText(warmUp)}`);
  if (report.leaks.length > 0) process.exitCode = exitCodes.aborted;
}

function checked<T>(check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (error instanceof RangeError) throw new Refusal(exitCodes.refused, error.message);
    throw error;
  }
}
