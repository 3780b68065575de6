import type { Prng } from '../../../src/base/prng.ts';
import type { ControlRequest } from '../../../src/apps/desk/control-socket.ts';
import { sideSlice } from './door-desk.ts';

/** A request, and the refusal that is due to it before the core is asked; '' = it reaches the core, or is a look that is answered. */
export interface Asked {
  readonly request: ControlRequest;
  readonly due: string;
}

type Fields = Readonly<Record<string, unknown>>;
/** A value, and whether it is what docs/reference/verbs.md and limits.md say. */
type Valued = readonly [value: unknown, fine: boolean];

const fields = 'FIELDS';
const fine = (...values: readonly unknown[]): readonly Valued[] => values.map((value) => [value, true]);
const wrong = (...values: readonly unknown[]): readonly Valued[] => values.map((value) => [value, false]);

/** Whole numbers at the edges of a range, and what is none. */
const range = (least: number, most: number): readonly Valued[] => [
  ...fine(least, most),
  ...wrong(least - 1, most + 1, least + 0.5, `${least}`),
];

/** A reason has 1…256 characters. */
const reasons: readonly Valued[] = [...fine('r'.repeat(256), 'r'), ...wrong('r'.repeat(257), '', 7)];
/** A target of the kill switch. */
const targets: readonly Valued[] = [...fine('firm', 'venue:V', 'account:A1', 'strategy:algo'), ...wrong('everything', 'venue', 5)];
const stages: readonly Valued[] = range(0, 1_024);

/** What a verb takes beside its target: by field, values that it may have; a field that is left out now and then. */
interface Shape {
  readonly verb: string;
  readonly ids: readonly (readonly [id: string, due: string])[];
  readonly needs?: Readonly<Record<string, readonly Valued[]>>;
  readonly takes?: Readonly<Record<string, readonly Valued[]>>;
  /** It says why, in 1…256 characters; of verbs that only take authority away, and of those whose words are nobody's, any text will do. */
  readonly reason?: 'checked' | 'any';
}

const anywhere: Shape['ids'] = [['d1', '']];
const versions: Shape['ids'] = [
  ['algo/1.1.0', ''],
  ['algo@main.USD/1.0.0', ''],
  ['algo/1.0.0', 'AMBIGUOUS'],
  ['algo/9.9.9', 'UNKNOWN_VERSION'],
];
const answered: Shape['ids'] = [
  ['d1', ''],
  ['nobody', 'UNKNOWN_DEPLOYMENT'],
];
const waives = [...fine(['a'], []), ...wrong('a', [''], [1])];

/** The words of these are made plain, never a reason to wait. */
const restricting = ['abort', 'rollback', 'stop-strategy', 'pause-strategy'];
const reasonOf = (verb: string): 'checked' | 'any' => (restricting.includes(verb) ? 'any' : 'checked');

export const shapes: readonly Shape[] = [
  ...['pause', 'resume', 'abort', 'retry', 'rollback', 'undo'].map((verb): Shape => ({ verb, ids: anywhere, reason: reasonOf(verb) })),
  ...['start-strategy', 'stop-strategy', 'pause-strategy'].map((verb): Shape => ({ verb, ids: [['algo', '']], reason: reasonOf(verb) })),
  { verb: 'promote', ids: anywhere, takes: { waives } },
  { verb: 'halt', ids: versions, reason: 'any' },
  { verb: 'unhalt', ids: versions },
  {
    verb: 'flatten',
    ids: versions,
    takes: { slippageBps: range(0, 10_000), mode: [...fine('limit', 'market', 'twap'), ...wrong('slowly', 1)] },
    reason: 'any',
  },
  { verb: 'waive', ids: anywhere, needs: { gate: [...fine('parity'), ...wrong('', 4)] }, takes: { stage: stages } },
  { verb: 'approve', ids: answered, takes: { stage: stages }, reason: 'any' },
  { verb: 'deny', ids: answered },
  {
    verb: 'signal',
    ids: [['VIX', '']],
    needs: { value: [...fine(20, 0.5), ...wrong('much', null, true, NaN)] },
    takes: { knownAt: [...fine('2023-11-14T00:00:00Z'), ...wrong('yesterday', 5)] },
  },
  {
    verb: 'accept-trials',
    ids: [['algo', '']],
    takes: {
      trials: range(1, 1_000_000_000),
      trialVariance: [...fine(0, 1e6), ...wrong(-1, 1e6 + 1, 'x')],
      bytes: range(1, Number.MAX_SAFE_INTEGER),
    },
    reason: 'any',
  },
  { verb: 'accept-break', ids: [['position/V/A1/X', '']] },
  { verb: 'kill', ids: [], takes: { target: targets }, reason: 'any' },
  { verb: 'release', ids: [], takes: { target: targets } },
];

/** What no verb is told, and what every verb may be. */
const beside: readonly (readonly [name: string, values: readonly Valued[]])[] = [
  ['key', [...fine('k'.repeat(128), 'k!~'), ...wrong('k'.repeat(129), 'a b', '', 5)]],
  ['expectedRevision', [...fine(3, null), ...wrong(1.5, 'x', 2 ** 53)]],
  ['colour', wrong('red')],
];

/** Some request of a verb: mostly as it should be, else with something wrong about it. */
export class AskedVerbs {
  readonly #luck: Prng;

  constructor(luck: Prng) {
    this.#luck = luck;
  }

  next(): Asked {
    const luck = this.#luck;
    const draw = luck.int(10);
    if (draw === 0) return this.#allocation();
    if (draw === 1) return this.#limit();
    if (draw === 2) return this.#deploy();
    if (draw === 3) return this.#look();
    if (draw === 4 && luck.int(3) === 0) return { request: { verb: this.#one(['dance', 'people', 'Pause', '']) }, due: 'UNKNOWN_VERB' };
    return this.#shaped(this.#one(shapes));
  }

  #one<T>(of: readonly T[]): T {
    return of[this.#luck.int(of.length)];
  }

  #shaped({ verb, ids, needs = {}, takes = {}, reason = 'checked' }: Shape): Asked {
    const luck = this.#luck;
    const given: Record<string, unknown> = {};
    let due = '';
    const put = (name: string, [value, isFine]: Valued): void => {
      if (value !== undefined) given[name] = value;
      if (!isFine) due = fields;
    };
    if (ids.length > 0) {
      const [id, code] = this.#one(ids);
      const lost = luck.int(20) === 0;
      due = lost ? fields : code;
      if (!lost) given['id'] = id;
      if (code === 'AMBIGUOUS' && luck.int(2) === 0 && !lost) [due, given['slice']] = ['', sideSlice];
    }
    // of two things that are wrong the field comes first
    for (const [name, values] of Object.entries(needs)) put(name, luck.int(8) === 0 ? [undefined, false] : this.#mostly(values));
    for (const [name, values] of Object.entries(takes)) if (luck.int(3) === 0) put(name, this.#one(values));
    if (luck.int(3) === 0) {
      const [value, isFine] = this.#one(reasons);
      // the words of a kill and of an answer are cut, or nobody's
      put('reason', [value, isFine || verb === 'kill' || (reason === 'any' && typeof value === 'string' && value !== '')]);
    }
    return this.#beside({ request: { verb, ...given }, due });
  }

  #mostly(values: readonly Valued[]): Valued {
    const good = values.filter(([, isFine]) => isFine);
    return this.#luck.int(3) === 0 ? this.#one(values) : this.#one(good);
  }

  /** Something that every request may carry. */
  #beside({ request, due }: Asked): Asked {
    if (this.#luck.int(3) > 0) return { request, due };
    const [name, values] = this.#one(beside);
    const [value, isFine] = this.#one(values);
    return { request: { ...request, [name]: value }, due: isFine ? due : fields };
  }

  #allocation(): Asked {
    const id = this.#one(['algo@main.USD', 'algo@main.USD', 'oil@main.USD']);
    const share = this.#one([...fine(0, 1, 0.05), ...wrong(1.0001, -0.1, 'half')]);
    const money = this.#one([...fine('1000000', 5), ...wrong('much', '1.0000001')]);
    const kinds: readonly (readonly [Fields, whole: boolean, isFine: boolean])[] = [
      [{ version: '1.0.0', allocation: share[0] }, true, share[1]],
      [{ totalCapital: money[0], reserve: '0' }, true, money[1]],
      [{ totalCapital: '5' }, false, true],
      [{ version: '1.0.0' }, false, true],
      [{ version: '1.0.0', allocation: 0.5, totalCapital: '5' }, false, true],
      [{ version: '1.0.0', allocation: 0.5, reserve: '5' }, false, true],
      [{ totalCapital: '5', reserve: '0', version: '1.0.0' }, false, true],
      [{}, false, true],
    ];
    const [given, whole, isFine] = this.#one(kinds);
    const due = !isFine ? fields : id === 'oil@main.USD' ? 'UNKNOWN_SLICE' : whole ? '' : fields;
    return this.#beside({ request: { verb: 'allocation', id, ...given }, due });
  }

  #limit(): Asked {
    const [id, most, scopes] = this.#one([
      ['maxOrderQty', Number.MAX_SAFE_INTEGER, ['firm', 'account:A1', 'venue:V', 'instrument:X', 'account:A9', 'venue:W']],
      ['fatFingerBps', 10_000, ['firm', 'account:A1', 'account:A9']],
      ['creditLine', Number.MAX_SAFE_INTEGER, ['firm', 'instrument:X']],
      ['maxOfNothing', 5, ['firm']],
    ] as const);
    const scope = this.#luck.int(4) > 0 ? this.#one(scopes) : this.#one(['planet:x', '', undefined]);
    const [value, isFine] = this.#mostly([...fine(0, most, null), ...wrong(-1, 1.5, most + 1, 'x', undefined)]);
    const unit = this.#luck.int(8) === 0 ? { unit: 'bananas' } : {};
    const fits = scope !== undefined && !['', 'planet:x'].includes(scope) && !(id === 'creditLine' && scope === 'instrument:X');
    const there = scope !== 'account:A9' && scope !== 'venue:W';
    const whole = isFine && fits && id !== 'maxOfNothing' && !('unit' in unit);
    const given = { ...(scope === undefined ? {} : { scope }), ...(value === undefined ? {} : { value }), ...unit };
    return this.#beside({ request: { verb: 'set-limit', id, ...given }, due: !whole ? fields : there ? '' : 'UNKNOWN_SCOPE' });
  }

  #deploy(): Asked {
    const luck = this.#luck;
    const stage = { name: 'One', allocation: 0.01, minDuration: 'PT1M', minPnL: -1_000 };
    const configuration = { totalCapital: '1000000', currency: 'USD', stages: [stage] };
    const spec = { deploymentId: `n${luck.int(1_000)}`, strategy: 'Canary', algorithmId: 'algo', version: '1.2.0', configuration };
    const kinds: readonly (readonly [spec: unknown, due: string])[] = [
      [spec, ''],
      [{ ...spec, configuration: { ...configuration, stages: [{ ...stage, allocation: 1.01 }] } }, 'SPEC_REFUSED'],
      [{ ...spec, configuration: { ...configuration, autoProgres: true } }, 'SPEC_REFUSED'],
      [{ ...spec, strategy: 'Wish' }, 'SPEC_REFUSED'],
      ['spec', fields],
      [[], fields],
      [undefined, fields],
    ];
    const [given, due] = this.#one(kinds);
    return this.#beside({ request: { verb: 'deploy', ...(given === undefined ? {} : { spec: given }) }, due });
  }

  #look(): Asked {
    const [verb, id, due] = this.#one([
      ['get', '', ''],
      ['proposals', '', ''],
      ['limits', '', ''],
      ['breaks', '', ''],
      ...(['status', 'tree', 'events', 'verdicts', 'compared'] as const).flatMap((name) => [
        [name, 'd1', ''] as const,
        [name, 'nobody', 'UNKNOWN_DEPLOYMENT'] as const,
      ]),
      ['versions', 'algo', ''],
      ['versions', 'oracle', 'UNKNOWN_ALGORITHM'],
    ] as const);
    return { request: { verb, ...(id === '' ? {} : { id }) }, due };
  }
}
