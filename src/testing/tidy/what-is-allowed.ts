interface Explanation {
  readonly pattern: RegExp;
  readonly sentence: string;
}

/** Compilers and linters say what is wrong; these sentences say what is allowed instead. */
const explanations: readonly Explanation[] = [
  {
    pattern: /to parameter of type 'RiskChecked<|not assignable to type '[^']*RiskChecked<|\[checked\]/,
    sentence:
      'The venue port takes orders that the risk gate has checked, RiskChecked<…>: only src/core/risk/checked.ts mints them; pass on what the gate returned.',
  },
  {
    pattern: /switch-exhaustiveness-check|parameter of type 'never'|not assignable to type 'never'|error TS2366|error TS7030/,
    sentence:
      'A switch over a union names every case: add the missing one, and close with `default: return never(x, where)` of src/base/assert.ts where a value from outside could come.',
  },
  {
    pattern:
      /parameter of type '(Ticks|Lots|Micros|Bps|BaseQty)'|not assignable to type '(Ticks|Lots|Micros|Bps|BaseQty)'|house\/no-brand-cast/,
    sentence:
      'Units are types: make them with ticks(), lots(), micros(), bps() or baseQty() of src/base/units.ts, at the border where the number comes in.',
  },
  {
    pattern:
      /Cannot find name '(process|console|performance|setTimeout|setInterval|queueMicrotask|Buffer|fetch|require)'|error TS2307: .*'node:|Cannot find name 'node:/,
    sentence:
      'Pure folders know no time, disk or luck: what they need comes as an argument, an input or a port; side effects are returned, the runtime carries them out.',
  },
  {
    pattern: /no-explicit-any|no-unsafe-(assignment|call|member-access|return|argument)/,
    sentence: 'Unknown input is `unknown` until it is parsed once, at the border, into a domain type; inside nothing is any.',
  },
  {
    pattern: /no-floating-promises/,
    sentence: 'A promise is awaited, returned or given a catch: what nobody waits for fails unseen.',
  },
];

/** Sentences for the output of a failed checker, each once. */
export function whatIsAllowed(output: string): string[] {
  return explanations.filter((one) => one.pattern.test(output)).map((one) => one.sentence);
}
