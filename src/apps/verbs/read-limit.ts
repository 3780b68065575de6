import { suggest } from '../../base/suggest.ts';
import { limitRules } from '../../core/risk/limit-rules.ts';
import type { Command } from '../../domain/command.ts';
import { limitNames, limitPlaceText, limitScopes, parseLimitPlace, type LimitName, type LimitPlace } from '../../domain/limit.ts';
import { shown, type FieldReader } from '../../domain/spec-parser/field-reader.ts';
import type { DeskView } from '../../projections/desk-view.ts';
import { reasonOf, type Unread, type VerbPlace } from './verb-fields.ts';

/** `id`: the limit's name; `scope`: `firm`, `account:A1`…; `value` in the limit's unit, null removes it; `unit`: only that of the limit. */
export function readLimit(fields: FieldReader, { view }: VerbPlace): Command | Unread {
  const limit = fields.choice('id', limitNames);
  const place = placeOf(fields);
  const value = fields.raw('value');
  const unit = fields.text('unit');
  const reason = fields.has('reason') ? reasonOf(fields) : undefined;
  const none: Unread = { code: 'FIELDS', text: 'expected id, scope and value' };
  if (limit === undefined || place === undefined) return none;
  const rule = limitRules[limit];
  if (!rule.scopes.includes(place.scope))
    fields.fault('scope', `${limit} stands for ${rule.scopes.join(', ')}, was ${limitPlaceText(place)}`);
  if (unit !== undefined && unit !== rule.unit) fields.fault('unit', `${limit} counts ${rule.unit}, was ${unit}`);
  const number = valueOf(fields, limit, value);
  const unknown = unknownPlace(view, place);
  if (number === undefined) return none;
  if (unknown !== undefined) return { code: 'UNKNOWN_SCOPE', text: unknown };
  return { verb: 'setLimit', key: { ...place, limit }, value: number, ...(reason === undefined ? {} : { reason }) };
}

function placeOf(fields: FieldReader): LimitPlace | undefined {
  const text = fields.text('scope');
  if (text === undefined) {
    if (!fields.has('scope')) fields.fault('scope', `expected ${placesText}, was nothing`);
    return undefined;
  }
  const place = parseLimitPlace(text);
  const kind = text.split(':')[0];
  if (place === undefined)
    fields.fault(
      'scope',
      `expected ${placesText}, was ${text}${limitScopes.some((one) => one === kind) ? '' : suggest(kind, limitScopes)}`,
    );
  return place;
}

const placesText = `firm or one of ${limitScopes
  .slice(1)
  .map((scope) => `${scope}:ID`)
  .join(', ')}`;

function valueOf(fields: FieldReader, limit: LimitName, value: ReturnType<FieldReader['raw']>): number | null | undefined {
  const { unit, max } = limitRules[limit];
  if (value === null) return null;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value <= max) return value;
  fields.fault('value', `expected a whole number 0…${max} (${unit}), or null to remove it, was ${shown(value)}`);
  return undefined;
}

/** Accounts and venues are told by name; of the others the core knows whether they are there. */
function unknownPlace(view: DeskView, { scope, scopeID }: LimitPlace): string | undefined {
  const known = scope === 'account' ? view.accounts : scope === 'venue' ? view.venues : undefined;
  if (known === undefined || known.includes(scopeID)) return undefined;
  return `${scope} ${scopeID} is not registered: there ${known.length === 1 ? 'is' : 'are'} ${known.join(', ') || 'none'}${suggest(scopeID, known)}`;
}
