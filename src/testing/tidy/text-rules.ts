import type { Fault } from './fault.ts';
import type { TextFile } from './tree.ts';

interface TextRule {
  readonly pattern: RegExp;
  readonly sentence: (found: string) => string;
  /** Files that the rule is about; all when absent. */
  readonly of?: RegExp;
}

const code = /\.(ts|js|mjs)$/;

/** Patterns are put together from pieces so that this file keeps its own rules. */
const pieces = (...alternatives: string[][]) => alternatives.map((parts) => parts.join('')).join('|');

const markers = pieces(['TO', 'DO'], ['FIX', 'ME'], ['XX', 'X'], ['HA', 'CK']);
const machineRoots = pieces(['wo', 'rk'], ['t', 'mp'], ['ro', 'ot'], ['ho', 'me'], ['fa', 'rm'], ['Us', 'ers']);
const registryHosts = pieces(
  ['npm', 'js\\.(org|com)'],
  ['py', 'pi\\.org'],
  ['crates', '\\.io'],
  ['proxy\\.go', 'lang\\.org'],
  ['deb\\.', 'debian\\.org'],
);
const makers = pieces(
  ['A', 'I'],
  ['LL', 'Ms?'],
  ['Cla', 'ude'],
  ['Anth', 'ropic'],
  ['Open', 'A', 'I'],
  ['(Chat)?G', 'PT'],
  ['Co', 'pilot'],
  ['[Aa]ssis', 'tants?'],
);
const silencers = pieces(['eslint', '-disable'], ['@ts', '-ignore'], ['@ts', '-nocheck'], ['prettier', '-ignore']);

const rules: readonly TextRule[] = [
  {
    pattern: new RegExp(`\\b(${markers})\\b`),
    sentence: (found) => `'${found}' marks something unfinished: finish it, or refuse it by name`,
  },
  {
    pattern: new RegExp(`(?<![A-Za-z0-9_.~$})*-])/(${machineRoots})/`),
    sentence: (found) => `'${found}' is a path of one machine: use a path relative to the project, or os.tmpdir()`,
  },
  {
    pattern: new RegExp(registryHosts),
    sentence: (found) => `'${found}' is a registry's host: name the package, the client knows where it is`,
  },
  {
    pattern: new RegExp(`\\b(${makers})\\b`),
    sentence: (found) => `'${found}' has no place here: say what the code does, not who or what wrote it`,
  },
  {
    pattern: new RegExp(silencers),
    sentence: (found) =>
      `'${found}' silences a checker: change the code, or the rule for everybody; @ts-expect-error with a reason is for tests`,
    of: code,
  },
  {
    pattern: new RegExp(`\\b(it|test|describe)\\.(${pieces(['on', 'ly'], ['sk', 'ip'], ['to', 'do'])})\\(`),
    sentence: (found) => `'${found}' leaves tests out: skip inside the test with a printed reason (context.skip(reason)), or not at all`,
    of: code,
  },
  {
    pattern: new RegExp(`\\bas a${'ny'}\\b|<a${'ny'}>`),
    sentence: (found) => `'${found}' switches the types off: parse unknown input once, at the border, into a domain type`,
    of: /\.ts$/,
  },
  { pattern: /\r/, sentence: () => 'lines end with a line feed alone' },
];

/** Line by line, whatever the language of the file. */
export function textFaults(file: TextFile): Fault[] {
  const faults: Fault[] = [];
  const relevant = rules.filter((rule) => rule.of === undefined || rule.of.test(file.path));
  for (const [index, line] of file.text.split('\n').entries()) {
    for (const rule of relevant) {
      const found = rule.pattern.exec(line);
      if (found !== null) faults.push({ path: file.path, line: index + 1, sentence: rule.sentence(found[0]) });
    }
  }
  return faults;
}
