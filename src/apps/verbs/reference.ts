import { codesTable, routesTable } from '../../api/reference.ts';
import { rolesOfVerb } from '../../core/rollout/authority.ts';
import { errorMeanings } from './error-meanings.ts';
import { lookVerbs, type LookVerb } from './looks.ts';
import { spokenVerbs, verbTable, type SpokenVerb } from './verb-table.ts';

const looks: Readonly<Record<LookVerb, string>> = {
  get: 'deployments, rows, slices, positions, denials, rollbacks; `get deployment X -w` follows one as a tree of 80 x 24',
  explain: 'what is missing and how far, when it is judged next, who acts next',
  status: 'one line for each deployment; `--wait` until it is done or waits for a person',
  tree: 'what `get deployment X -w` draws',
  events: 'newest decisions about a deployment (API)',
  verdicts: 'verdicts of its gates (API)',
  versions: 'versions of an algorithm (API)',
  proposals: 'what waits for a second person',
  breaks: 'last statements of the venues and open breaks, as they are known (API; `reconcile` asks the venues anew)',
  compared: 'orders of a deployment beside those of versions on paper or in shadow, one by one',
  limits:
    'limits in force by scope, with revision, who set them and who agreed (`plimsoll limit list`; of a desk that does not run from its journal)',
};

function peopleOf(verb: SpokenVerb, expands: boolean): string {
  if (!expands) return '1';
  return verb === 'allocation'
    ? '1 for less, 2 for more'
    : verb === 'set-limit'
      ? '1 to tighten, 2 to loosen'
      : verb === 'signal'
        ? '1 to cut, 2 otherwise'
        : '2';
}

/** docs/reference/verbs.md, whole. */
export function verbsPage(): string {
  const row = (verb: SpokenVerb): string => {
    const { target, expands, does, roles } = verbTable[verb];
    const who = roles === null ? 'those of what it answers' : rolesOfVerb(roles).join(', ');
    return `| \`${verb}\` | ${target} | ${peopleOf(verb, expands)} | ${who} | ${does} |`;
  };
  return `# Verbs of a running desk

Written by \`npm run reference\` from the table that the desk itself reads. Every verb works from the command line (\`plimsoll VERB … --dir D\`, on \`demo\`, \`paper\` and \`up\`)
and over the [HTTP API](http-api.md); both are the same request. What takes two people is *proposed* by one (exit 3, status 202) and done when another one agrees
(\`plimsoll approve p1 --dir D\`), within fifteen minutes and on the state that was proposed on.

Precedence: kill > rollback > abort > pause > promote. A kill ends every proposal; a pause by a person is resumed before anything is promoted.

| verb | of | people | roles | does |
|---|---|---|---|---|
${spokenVerbs.map(row).join('\n')}

Every verb takes \`--reason\`, \`--key\` (idempotency: the same key is the same command, with another one it is refused), \`--expect\` (the revision, of a version the epoch, that
you saw), \`--json\`, and who you are: \`--token FILE\` (or the file that \`PLIMSOLL_TOKEN_FILE\` names) on a desk with a file of people, \`--as trader|risk|admin|senior\` on one without.
\`deploy\` takes the same.

## Looks

They change nothing and ask for nobody.

| verb | shows |
|---|---|
${lookVerbs.map((verb) => `| \`${verb}\` | ${looks[verb]} |`).join('\n')}

## People

\`plimsoll token new --dir D --person rita --role RiskManager --out rita.token\` writes a token that only you can read and puts its digest into \`D/people.json\` (0600; a file that others may
read is refused, and with it everybody). \`token list\` shows who may ask for what, \`token revoke\` takes a person out; a running desk sees a change at once, and what
somebody without the role (any more) has approved or proposed ends with it, recorded as a command of the desk itself (\`knowPeople\`). A desk without that file is a
demonstration: its people are \`trader\`, \`risk\`, \`admin\` and \`senior\`, and have no secrets. \`kill\` at the machine itself needs no token.

## Exit codes

| code | means |
|---|---|
| 0 | healthy, done |
| 1 | degraded, aborted, damaged |
| 2 | the time given was over |
| 3 | it waits for a person |
| 4 | refused, with its code |
| 64 | the command line or a field of it is not understood |
`;
}

/** docs/reference/errors.md, whole. */
export function errorsPage(): string {
  const rows = Object.entries(errorMeanings)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([code, meaning]) => `| \`${code}\` | ${meaning} |`);
  return `# Errors of commands

Written by \`npm run reference\`. A command that is refused has done nothing; the code is stable, the sentence beside it carries the numbers. Refusals of orders stand in
[denials.md](denials.md), codes of HTTP itself in [http-api.md](http-api.md).

| code | means |
|---|---|
${rows.join('\n')}
`;
}

/** docs/reference/http-api.md with its tables as they are now. */
export function withApiTables(page: string): string {
  return between(between(page, 'requests', routesTable()), 'codes', codesTable());
}

function between(page: string, name: string, table: string): string {
  const [begin, end] = [`<!-- ${name} -->\n`, `\n<!-- end of ${name} -->`];
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`expected ${begin.trim()} and ${end.trim()} in the page`);
  return `${page.slice(0, from + begin.length)}${table}${page.slice(to)}`;
}
