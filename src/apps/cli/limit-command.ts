import type { Command } from 'commander';
import { suggest } from '../../base/suggest.ts';
import { limitRules } from '../../core/risk/limit-rules.ts';
import { limitNames, limitPlaceText, parseLimitPlace, type LimitName } from '../../domain/limit.ts';
import { exitCodes, Refusal } from '../desk/exit-codes.ts';
import { limitsAnswer } from '../verbs/limits.ts';
import { look } from './get.ts';
import { askRunningDesk } from './kill.ts';
import { jsonOption, wholeOf } from './option-values.ts';
import { printAnswer } from './output.ts';
import { addSpeaker, speakerOf, type SpeakerOptions } from './speaker.ts';

interface SetOptions extends SpeakerOptions {
  readonly scope: string;
  readonly reason: string;
  readonly expect?: number;
}

interface ListOptions {
  readonly dir: string;
  readonly json?: true;
}

export function addLimit(plimsoll: Command): void {
  const limit = plimsoll.command('limit').description('limits of a desk: what is in force, and a change of it for the next order');
  addSpeaker(
    limit
      .command('set')
      .description('tightening and a first setting take one person; loosening and removing are proposed, and a second person agrees')
      .argument('<limit>', 'name, as docs/reference/limits.md has it')
      .argument('<value>', 'whole number in the unit of the limit (which may follow it), or none: the limit is removed')
      .requiredOption(
        '--scope <scope>',
        'firm, account:A1, algorithm:A, version:A@main.USD/1.0.0, venue:V, instrument:I, sector:S or route:A@main.USD/1.0.0@V',
      ),
  )
    .option('--reason <text>', 'goes into the journal', 'limit set from the command line')
    .option('--expect <revision>', 'revision of the limit that you saw (0 = never set); another one by now is refused', wholeOf)
    .action((name: string, value: string, options: SetOptions) => setLimit(name, value, options));
  limit
    .command('list')
    .description('limits in force by scope, with revision, who set them and who agreed')
    .requiredOption('--dir <directory>', 'directory of the desk, running or not')
    .option(...jsonOption)
    .action(async ({ dir, json }: ListOptions) => printAnswer(json === true, await look(dir, { verb: 'limits' }, limitsAnswer)));
}

async function setLimit(name: string, text: string, options: SetOptions): Promise<void> {
  const { dir, scope, reason } = options;
  const limit = limitNames.find((one) => one === name);
  if (limit === undefined)
    throw new Refusal(exitCodes.usage, `limit set: expected one of ${limitNames.join(', ')}, was ${name}${suggest(name, limitNames)}`);
  const value = valueOf(limit, text);
  // under a key of its own a repetition has to be the same command, whatever it has changed
  const expectedRevision = options.expect ?? (options.key === undefined ? await seenRevision(dir, limit, scope) : undefined);
  const request = { verb: 'set-limit', id: limit, scope, value, reason, expectedRevision, ...speakerOf(options) };
  printAnswer(options.json === true, await askRunningDesk(dir, request));
}

/** `5000`, `5000 base units`, `50bps`; `none` removes the limit. */
function valueOf(limit: LimitName, text: string): number | null {
  if (text === 'none') return null;
  const { unit, max } = limitRules[limit];
  const [, digits = '', suffix = ''] = /^(\d+)\s*([^\d\s.,].*)?$/.exec(text.trim()) ?? [];
  const value = Number(digits);
  if (digits === '' || !Number.isSafeInteger(value) || value > max)
    throw new Refusal(exitCodes.usage, `${limit}: expected a whole number 0…${max} (${unit}), or none to remove it, was ${text}`);
  if (suffix !== '' && suffix !== unit)
    throw new Refusal(exitCodes.usage, `${limit} counts ${unit}: expected ${value} or "${value} ${unit}", was ${text}`);
  return value;
}

/** What the change is about, as it is now: should it change before the command arrives, the command is refused. */
async function seenRevision(dir: string, limit: LimitName, scope: string): Promise<number | undefined> {
  const place = parseLimitPlace(scope);
  // the desk says what is wrong with it
  if (place === undefined) return undefined;
  const { body } = await askRunningDesk(dir, { verb: 'limits' }, 'limit set');
  const { limits } = body as { readonly limits: readonly { limit: string; scope: string; revision: number }[] };
  return limits.find((one) => one.limit === limit && one.scope === limitPlaceText(place))?.revision ?? 0;
}
