import { fixed, percent, signedPercent } from './figure-text.ts';
import { confidence, type SharpeEvidence } from './sharpe-evidence.ts';
import type { SheetNote } from './sheet-run.ts';
import type { TearSheet } from './tear-sheet.ts';

/** One plain sentence about a run. `against`: speaks against an edge; `limits`: what the run leaves open; `supports`: passed. */
export interface Finding {
  readonly code: string;
  readonly weight: 'against' | 'limits' | 'supports';
  readonly text: string;
}

export interface Verdict {
  /** Whether every test of an edge that was made has passed. */
  readonly edge: boolean;
  readonly headline: string;
  readonly findings: readonly Finding[];
}

/** Fewer round trips than this say little about any average over them. */
const fewTrades = 100;
/** Without its best share of the trades a sound record still earns. */
const bestShare = 0.05;
/** A smaller average exposure makes returns on capital say little about returns on what was at risk. */
const lowExposure = 0.1;

export function verdictOf(sheet: TearSheet): Verdict {
  const tests = edgeFindings(sheet);
  const edge = sheet.evidence !== undefined && tests.every(({ weight }) => weight === 'supports');
  const findings = [...tests, ...recordFindings(sheet), ...sheet.notes.map(noteFinding)];
  const headline = edge
    ? 'In the data it was run on, this record passes every test of an edge below. That is no promise: read what the run cannot show.'
    : 'This run does not establish an edge.';
  return { edge, headline, findings };
}

/** A note begins where a sentence does, and ends as one. */
function noteFinding({ code, text }: SheetNote): Finding {
  const sentence = `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
  return { code, weight: 'limits', text: /[.!?]$/.test(sentence) ? sentence : `${sentence}.` };
}

function edgeFindings(sheet: TearSheet): Finding[] {
  const { evidence, run } = sheet;
  if (evidence === undefined) {
    const text = 'The equity never moved, or only once: there is no Sharpe ratio and nothing to judge.';
    return [{ code: 'NO_SHARPE', weight: 'against', text }];
  }
  return [
    intervalFinding(evidence),
    psrFinding(evidence),
    deflatedFinding(evidence, run.periodsPerYear),
    recordLengthFinding(evidence, run.periodsPerYear),
  ];
}

function intervalFinding({ interval, sharpe }: SharpeEvidence): Finding {
  const code = 'SHARPE_INTERVAL';
  if (interval === undefined)
    return { code, weight: 'against', text: 'The Sharpe ratio has no bootstrap interval: no resample of the returns varied.' };
  const range = `The ${percent(confidence, 0)} bootstrap interval of the Sharpe ratio ${fixed(sharpe, 2)} runs from ${fixed(interval.lower, 2)} to ${fixed(interval.upper, 2)}`;
  if (interval.lower > 0) return { code, weight: 'supports', text: `${range} and leaves zero out.` };
  if (interval.upper < 0) return { code, weight: 'against', text: `${range}: below zero, the strategy loses.` };
  return { code, weight: 'against', text: `${range} and includes zero: this record cannot tell the strategy from one without any edge.` };
}

function psrFinding({ psr2012, psr2025 }: SharpeEvidence): Finding {
  const code = 'PROBABILISTIC_SHARPE';
  if (psr2012 === undefined)
    return {
      code,
      weight: 'against',
      text: 'The moments of the returns leave the Sharpe ratio no variance, so its probability is not defined.',
    };
  const also = psr2025 === undefined ? '' : ` (${fixed(psr2025, 3)} by the 2025 form)`;
  const text = `The chance that the true Sharpe ratio is above zero, given length, skew and tails, is ${fixed(psr2012, 3)}${also}`;
  return psr2012 >= confidence
    ? { code, weight: 'supports', text: `${text}: at least ${confidence}.` }
    : { code, weight: 'against', text: `${text}: below ${confidence}.` };
}

function deflatedFinding({ deflated, trials }: SharpeEvidence, periodsPerYear: number): Finding {
  const code = 'DEFLATED_SHARPE';
  const tried = trials.count === 1 ? 'This is the only recorded trial' : `${fixed(trials.count, 0)} trials were made`;
  if (deflated === undefined)
    return { code, weight: 'against', text: `${tried}; the deflated Sharpe ratio is not defined for these returns.` };
  const luck =
    trials.count === 1
      ? 'so nothing is deducted for choosing; trials made elsewhere are not known here'
      : `of which luck alone would have shown a best Sharpe ratio of ${fixed(deflated.benchmark * Math.sqrt(periodsPerYear), 2)}`;
  const text = `${tried}, ${luck}. Deflated Sharpe ratio: ${fixed(deflated.probability, 3)}`;
  return deflated.probability >= confidence
    ? { code, weight: 'supports', text: `${text}, at least ${confidence}.` }
    : { code, weight: 'against', text: `${text}, below ${confidence}.` };
}

function recordLengthFinding({ minimumRecord, estimate }: SharpeEvidence, periodsPerYear: number): Finding {
  const code = 'MINIMUM_TRACK_RECORD';
  const has = `${fixed(estimate.observations, 0)} returns (${fixed(estimate.observations / periodsPerYear, 1)} years)`;
  if (minimumRecord === undefined) {
    return {
      code,
      weight: 'against',
      text: `No track record of any length would do: the Sharpe ratio is not above zero. The run has ${has}.`,
    };
  }
  const needed = `${fixed(Math.ceil(minimumRecord), 0)} returns (${fixed(minimumRecord / periodsPerYear, 1)} years)`;
  return estimate.observations >= minimumRecord
    ? {
        code,
        weight: 'supports',
        text: `The track record is long enough: ${has}, needed ${needed} for ${percent(confidence, 0)} confidence.`,
      }
    : {
        code,
        weight: 'against',
        text: `The track record is too short: ${has}; a Sharpe ratio like this one needs ${needed} for ${percent(confidence, 0)} confidence.`,
      };
}

function recordFindings(sheet: TearSheet): Finding[] {
  if (sheet.run.kind === 'walk-forward') return endFindings(sheet);
  return [...tradeFindings(sheet), ...exposureFindings(sheet), ...costFindings(sheet), ...endFindings(sheet)];
}

function tradeFindings({ run, outcomes }: TearSheet): Finding[] {
  const found: Finding[] = [];
  if (run.trades.length < fewTrades) {
    const text = `${fixed(run.trades.length, 0)} round trips are few: averages over fewer than ${fewTrades} hang on single trades.`;
    found.push({ code: 'FEW_TRADES', weight: 'limits', text });
  }
  const net = outcomes.grossProfit - outcomes.grossLoss;
  const best = Math.max(1, Math.round(run.trades.length * bestShare));
  const top = run.trades.map(({ pnl }) => pnl).sort((a, b) => b - a);
  const ofBest = top.slice(0, best).reduce((sum, pnl) => sum + pnl, 0);
  if (run.trades.length > best && net > 0 && net <= ofBest) {
    const which = best === 1 ? 'its best trade' : `its ${best} best trades`;
    const text = `Without ${which} of ${run.trades.length} the closed trades lose: ${fixed(net, 0)} ${run.currency} becomes ${fixed(net - ofBest, 0)}.`;
    found.push({ code: 'FEW_WINNERS', weight: 'limits', text });
  }
  return found;
}

function exposureFindings({ exposure, growth }: TearSheet): Finding[] {
  if (!(exposure.meanGross > 0 && exposure.meanGross < lowExposure)) return [];
  const text = `On average ${percent(exposure.meanGross, 1)} of the equity was invested (at most ${percent(exposure.maxGross, 1)}): the ${signedPercent(growth, 2)} a year is earned on capital that mostly stood idle, without interest on it, and the small drawdown comes from that, too.`;
  return [{ code: 'LOW_EXPOSURE', weight: 'limits', text }];
}

function costFindings({ costs, outcomes, run }: TearSheet): Finding[] {
  const found: Finding[] = [];
  const paid = costs.totalFees + costs.totalSlippage + costs.rollFees;
  const net = outcomes.grossProfit - outcomes.grossLoss;
  if (paid > 0 && run.trades.length > 0) {
    // what rolls cost is in no trade
    const before = net + paid - costs.rollFees;
    const share = before > 0 ? ` or ${percent(paid / before, 0)} of what was earned before them` : '';
    found.push({ code: 'COSTS', weight: 'limits', text: `Fees and slippage took ${fixed(paid, 0)} ${run.currency}${share}.` });
  }
  if (costs.fills > 0 && costs.totalSlippage === 0) {
    const text = 'No slippage is in these figures: every fill is at the price of the bar, however large. Real fills are worse.';
    found.push({ code: 'NO_SLIPPAGE', weight: 'limits', text });
  }
  return found;
}

function endFindings({ holdings, run, drawdown }: TearSheet): Finding[] {
  const found: Finding[] = [];
  if (holdings.open.length > 0) {
    const held = holdings.open.map(({ instrumentID }) => instrumentID).join(', ');
    found.push({
      code: 'OPEN_AT_END',
      weight: 'limits',
      text: `Still open at the end, marked at the last close and in no trade statistic: ${held}.`,
    });
  }
  if (run.denials > 0) {
    const text = `The risk gate denied ${fixed(run.denials, 0)} order${run.denials === 1 ? '' : 's'}: what the strategy wanted is not all in here.`;
    found.push({ code: 'DENIALS', weight: 'limits', text });
  }
  const last = drawdown[drawdown.length - 1];
  if (last > 0.5 * Math.max(...drawdown) && last > 0) {
    found.push({ code: 'ENDS_IN_DRAWDOWN', weight: 'limits', text: `The run ends ${percent(last, 1)} below its peak.` });
  }
  return found;
}
