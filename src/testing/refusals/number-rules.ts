import type { Core } from '../../core/core.ts';
import { ceilDiv } from './order-facts.ts';
import { toBigInt } from '../../base/split.ts';
import type { Command, CommandRefusal, Verb } from '../../domain/command.ts';
import { limitNames, type LimitName, type LimitScope } from '../../domain/limit.ts';
import { expectationOf, twoPeople, type Given, type Refusals } from './command-book.ts';

type Of<V extends Verb> = Extract<Command, { readonly verb: V }>;

const four: readonly LimitScope[] = ['firm', 'account', 'algorithm', 'version'];

/** Scopes that a limit may be set for, where not for all of them, and its largest value, where that is not 2^53 - 1: the table of docs/reference/limits.md. */
const rules: Partial<Record<LimitName, { readonly scopes?: readonly LimitScope[]; readonly most?: number }>> = {
  maxConcentrationBps: { most: 1_000_000 },
  maxOrdersPerSecond: { most: 65_536 },
  maxOrdersPerMinute: { most: 65_536 },
  fatFingerBps: { most: 10_000 },
  duplicateWindow: { most: 60_000_000 },
  creditLine: { scopes: ['firm', 'account', 'venue'] },
  priceCollarBps: { most: 10_000 },
  maxOpenPositions: { scopes: [...four, 'venue', 'sector'] },
  maxDailyDrawdownBps: { scopes: four, most: 10_000 },
  maxWeeklyDrawdownBps: { scopes: four, most: 10_000 },
  maxMonthlyDrawdownBps: { scopes: four, most: 10_000 },
  maxRiskPerTradeBps: { scopes: four, most: 10_000 },
  volatilityCutBps: { scopes: four, most: 10_000 },
  volatilityCutAbove: { scopes: four, most: 1_000_000 },
  volatilityMaxAge: { scopes: four, most: 604_800_000_000 },
};

/** The firm's capital in micro-money, rounded up. */
export function capitalMicro({ registry, risk }: Core): bigint {
  const { exponent } = registry.currencies[risk.firmCurrency];
  const capital = toBigInt(risk.firmCapital);
  return exponent >= 6 ? ceilDiv(capital, 10n ** BigInt(exponent - 6)) : capital * 10n ** BigInt(6 - exponent);
}

/** A limit on money above all of the firm's capital would never be reached. */
export const neverBinds = (core: Core, name: string, value: number): boolean =>
  (name === 'maxNotional' || name === 'maxDailyLoss') && value > Number(capitalMicro(core));

/** Largest value of a limit; undefined = there is no limit of that name. */
export function mostOf(name: string): number | undefined {
  const known = limitNames.find((one) => one === name);
  return known === undefined ? undefined : (rules[known]?.most ?? Number.MAX_SAFE_INTEGER);
}

function isThere({ registry, gate, risk }: Core, scope: LimitScope, id: string): boolean {
  switch (scope) {
    case 'firm':
      return id === '';
    case 'account':
      return registry.accountIx.has(id);
    case 'venue':
      return registry.venueIx.has(id);
    case 'instrument':
      return registry.instrumentIx.has(id);
    case 'algorithm':
      return gate.slices.some(({ algorithmID }) => algorithmID === id);
    case 'version':
      return gate.rowIx.has(id);
    case 'sector':
      return risk.sectorIx.has(id);
    default:
      return false;
  }
}

/** What holds where nobody has set a limit. */
const usual: Partial<Record<LimitName, number>> = { volatilityCutAbove: 3_000, volatilityMaxAge: 86_400_000_000 };

export function setLimitRefusals(core: Core, { key, value }: Of<'setLimit'>, given: Given): Refusals {
  const { scope, scopeID, limit } = key;
  const due = new Set<CommandRefusal>(expectationOf(core, given));
  const scopes = rules[limit]?.scopes;
  if ((scopes !== undefined && !scopes.includes(scope)) || !isThere(core, scope, scopeID)) due.add('UNKNOWN_SCOPE');
  if (value !== null && !(Number.isSafeInteger(value) && value >= 0 && value <= (mostOf(limit) ?? 0))) due.add('LIMIT_NOT_A_SAFE_INTEGER');
  if (value !== null && neverBinds(core, limit, value)) due.add('LIMIT_NEVER_BINDS');
  const set =
    core.risk.limits.entries.find(({ key: one }) => one.scope === scope && one.scopeID === scopeID && one.limit === limit)?.value ?? null;
  const before = set ?? usual[limit];
  // a shorter window lets more duplicates through
  const loosens = value === null ? set !== null : before !== undefined && (limit === 'duplicateWindow' ? value < before : value > before);
  if (loosens) for (const code of twoPeople(given)) due.add(code);
  return { due, may: new Set() };
}

export function signalRefusals(core: Core, { name, value, knownAt }: Of<'tellSignal'>, given: Given, at: number): Refusals {
  const { volatility, limits } = core.risk;
  const then = knownAt ?? at;
  if (name !== 'VIX' || !(value >= 0 && value <= 10_000) || then > at || then < volatility.knownAt)
    return { due: new Set(['SIGNAL_NOT_TAKEN']), may: new Set() };
  const levels = limits.entries.filter(({ key, value: set }) => key.limit === 'volatilityCutAbove' && set !== null);
  const firm = levels.find(({ key }) => key.scope === 'firm')?.value ?? null;
  const widest = firm ?? Math.max(3_000, ...levels.map(({ value: set }) => set ?? 0));
  return { due: new Set(Math.ceil(value * 100 - 1e-9) > widest ? [] : twoPeople(given)), may: new Set() };
}

export function trialRefusals(core: Core, { algorithmID, trials, trialVariance, head, bytes }: Of<'acceptTrials'>): Refusals {
  const { algorithms, trialHeads } = core.rollout;
  const due = new Set<CommandRefusal>();
  const isCount = (n: number): boolean => Number.isSafeInteger(n) && n >= 1;
  if (!isCount(trials) || trials > 1e12 || !isCount(bytes) || !(trialVariance >= 0 && trialVariance < 1e6) || !/^[0-9a-f]{64}$/.test(head))
    due.add('TRIALS_NOT_ACCEPTED');
  if (!algorithms.includes(algorithmID)) due.add('UNKNOWN_ALGORITHM');
  const known = trialHeads.get(algorithmID);
  if (known !== undefined) {
    const same = trials === known.trials && trialVariance === known.trialVariance;
    const more = bytes > known.bytes && head !== known.head && (trials > known.trials || same);
    if (!more && !(same && bytes === known.bytes && head === known.head)) due.add('TRIALS_NOT_ACCEPTED');
  }
  return { due, may: new Set() };
}
