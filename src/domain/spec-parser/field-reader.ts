import { parseDecimal } from '../../base/decimal.ts';
import { parseDuration, type Duration } from '../../base/duration.ts';
import { suggest } from '../../base/suggest.ts';

/** A value as JSON or YAML text becomes. */
export type PlainValue = string | number | boolean | null | readonly PlainValue[] | { readonly [key: string]: PlainValue };
export type PlainObject = { readonly [key: string]: PlainValue };

/** What is wrong with a spec: where, and a sentence that says what was expected and what was found. */
export interface SpecFault {
  readonly path: string;
  readonly text: string;
}

/** Longest text, longest list and deepest nesting of a spec. */
export const maxSpecText = 1_024;
export const maxSpecList = 1_024;

export function isPlainObject(value: PlainValue | undefined): value is PlainObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Nothing that moves a cursor, begins a line or turns the direction of writing: what one person writes another one reads before the yes, in a terminal. */
function isPrintable(text: string): boolean {
  return !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(text);
}

/** How a value is shown in a sentence. */
export function shown(value: PlainValue | undefined): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}

/** Reads the fields of one object, remembers which were asked for, and names those that nobody asked for. */
export class FieldReader {
  readonly path: string;
  readonly #object: PlainObject;
  readonly #faults: SpecFault[];
  readonly #asked = new Set<string>();

  constructor(object: PlainObject, path: string, faults: SpecFault[]) {
    this.#object = object;
    this.path = path;
    this.#faults = faults;
  }

  fault(field: string, text: string): void {
    this.#faults.push({ path: this.path === '' ? field : `${this.path}.${field}`, text });
  }

  /** The value of the first of the names that is there. */
  raw(name: string, ...aliases: string[]): PlainValue | undefined {
    let found: PlainValue | undefined;
    for (const one of [name, ...aliases]) {
      this.#asked.add(one);
      if (found === undefined && one in this.#object) found = this.#object[one];
    }
    return found;
  }

  has(name: string): boolean {
    return name in this.#object;
  }

  text(name: string, ...aliases: string[]): string | undefined {
    const value = this.raw(name, ...aliases);
    if (value === undefined) return undefined;
    if (typeof value === 'string' && value !== '' && value.length <= maxSpecText && isPrintable(value)) return value;
    const plain = typeof value === 'string' && !isPrintable(value) ? ' that can be shown, on one line' : '';
    this.fault(name, `expected a text of 1…${maxSpecText} characters${plain}, was ${shown(value)}`);
    return undefined;
  }

  choice<T extends string>(name: string, choices: readonly T[], ...aliases: string[]): T | undefined {
    const value = this.raw(name, ...aliases);
    if (value === undefined) return undefined;
    const found = choices.find((choice) => choice === value);
    if (found === undefined)
      this.fault(
        name,
        `expected one of ${choices.join(', ')}, was ${shown(value)}${typeof value === 'string' ? suggest(value, choices) : ''}`,
      );
    return found;
  }

  flag(name: string, ...aliases: string[]): boolean | undefined {
    const value = this.raw(name, ...aliases);
    if (value === undefined || typeof value === 'boolean') return value;
    this.fault(name, `expected true or false, was ${shown(value)}`);
    return undefined;
  }

  number(name: string, min: number, max: number, ...aliases: string[]): number | undefined {
    const value = this.raw(name, ...aliases);
    if (value === undefined) return undefined;
    if (typeof value === 'number' && Number.isFinite(value) && value >= min && value <= max) return value;
    this.fault(name, `expected a number ${min}…${max}, was ${shown(value)}`);
    return undefined;
  }

  integer(name: string, min: number, max: number, ...aliases: string[]): number | undefined {
    const value = this.number(name, min, max, ...aliases);
    if (value === undefined || Number.isInteger(value)) return value;
    this.fault(name, `expected a whole number ${min}…${max}, was ${value}`);
    return undefined;
  }

  /** Money: a decimal string, or a JSON number that is one; at most 6 places. */
  money(name: string, ...aliases: string[]): string | undefined {
    const value = this.raw(name, ...aliases);
    if (value === undefined) return undefined;
    const text = typeof value === 'number' ? String(value) : value;
    if (typeof text === 'string' && parseDecimal(text, 6).ok) return text;
    this.fault(name, `expected money as a decimal with at most 6 places, was ${shown(value)}`);
    return undefined;
  }

  duration(name: string, ...aliases: string[]): Duration | undefined {
    const value = this.raw(name, ...aliases);
    if (value === undefined) return undefined;
    const parsed = typeof value === 'string' ? parseDuration(value) : undefined;
    if (parsed?.ok === true) return parsed.value;
    this.fault(name, `expected an ISO 8601 duration such as PT1H or P7D, was ${shown(value)}`);
    return undefined;
  }

  /** Reader of a nested object; undefined when it is not there. */
  object(name: string, ...aliases: string[]): FieldReader | undefined {
    const value = this.raw(name, ...aliases);
    if (value === undefined) return undefined;
    if (isPlainObject(value)) return new FieldReader(value, this.path === '' ? name : `${this.path}.${name}`, this.#faults);
    this.fault(name, `expected an object, was ${shown(value)}`);
    return undefined;
  }

  /** Readers of a list of objects. */
  objects(name: string, ...aliases: string[]): readonly FieldReader[] | undefined {
    const value = this.raw(name, ...aliases);
    if (value === undefined) return undefined;
    if (!Array.isArray(value) || value.length > maxSpecList) {
      this.fault(name, `expected a list of at most ${maxSpecList} objects, was ${shown(value)}`);
      return undefined;
    }
    const readers: FieldReader[] = [];
    value.forEach((item: PlainValue, i: number) => {
      if (isPlainObject(item)) readers.push(new FieldReader(item, `${this.path === '' ? '' : `${this.path}.`}${name}[${i}]`, this.#faults));
      else this.fault(`${name}[${i}]`, `expected an object, was ${shown(item)}`);
    });
    return readers;
  }

  texts(name: string, ...aliases: string[]): readonly string[] | undefined {
    const value = this.raw(name, ...aliases);
    if (value === undefined) return undefined;
    if (Array.isArray(value) && value.length <= maxSpecList && value.every((item: PlainValue) => typeof item === 'string' && item !== ''))
      return value.map(String);
    this.fault(name, `expected a list of texts, was ${shown(value)}`);
    return undefined;
  }

  /** A map from names to numbers, texts or flags. */
  scalars(name: string): Readonly<Record<string, string | number | boolean>> | undefined {
    const value = this.raw(name);
    if (value === undefined) return undefined;
    if (!isPlainObject(value)) {
      this.fault(name, `expected an object of values, was ${shown(value)}`);
      return undefined;
    }
    const scalars: Record<string, string | number | boolean> = {};
    for (const [key, item] of Object.entries(value)) {
      if (typeof item === 'string' || typeof item === 'number' || typeof item === 'boolean') scalars[key] = item;
      else this.fault(`${name}.${key}`, `expected a number, a text or true/false, was ${shown(item)}`);
    }
    return scalars;
  }

  /** Names every field that nobody asked for, with the nearest one that exists. */
  refuseUnknown(): void {
    for (const name of Object.keys(this.#object)) {
      if (!this.#asked.has(name)) this.fault(name, `unknown field${suggest(name, [...this.#asked])}`);
    }
  }
}
