import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { chmodSync, existsSync, lstatSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suggest } from '../../base/suggest.ts';
import { roles, type Actor, type Role } from '../../domain/actor.ts';
import { exitCodes, Refusal } from '../desk/exit-codes.ts';

/** File in the data directory of a desk that names its people and their roles. A token itself stands nowhere but with its owner. */
export const peopleFile = 'people.json';
/** Most people of a desk. */
export const maxPeople = 1_024;
const tokenBytes = 32;

export interface Person {
  readonly personID: string;
  readonly roles: readonly Role[];
  /** SHA-256 of the token, hex. */
  readonly tokenDigest: string;
  /** UTC, ISO 8601; null = it does not expire. */
  readonly expiresAt: string | null;
}

const digestOf = (token: string): Buffer => createHash('sha256').update(token).digest();

/** People of one data directory; the file is read again whenever it has changed, so a role that was taken away is gone at once. */
export class People {
  readonly path: string;
  readonly #now: () => number;
  #people: readonly Person[] = [];
  #seen = '';
  #told = '';
  #everKnown = false;

  constructor(directory: string, now: () => number = Date.now) {
    this.path = join(directory, peopleFile);
    this.#now = now;
  }

  /** Whether this desk has a file of people; one that never had any is a demonstration, its people have no secrets. One whose file is gone is none. */
  get known(): boolean {
    return (this.#everKnown ||= existsSync(this.path));
  }

  /** Everybody in the file. @throws Refusal when others may read it, when it is not what is expected, or when it is gone. */
  list(): readonly Person[] {
    if (!this.known) return [];
    if (!existsSync(this.path))
      throw new Refusal(exitCodes.refused, `${this.path} is gone: this desk knows its people by it, and nobody else speaks for them`);
    const { mtimeMs, size, ino } = refuseOpen(this.path);
    const seen = `${mtimeMs} ${size} ${ino}`;
    if (seen !== this.#seen) this.#people = parsePeople(this.path, readFileSync(this.path, 'utf8'));
    this.#seen = seen;
    return this.#people;
  }

  /** Everybody whose token counts, and their roles, when that is not what the desk was told last; undefined = nothing to tell, or a file that cannot be read yet. */
  toTell(): readonly Actor[] | undefined {
    if (!this.known) return undefined;
    let people: readonly Actor[];
    try {
      people = this.list()
        .filter((person) => !this.#isExpired(person))
        .map(({ personID, roles: given }) => ({ personID, roles: given }));
    } catch (error) {
      if (error instanceof Refusal) return undefined;
      throw error;
    }
    return JSON.stringify(people) === this.#told ? undefined : people;
  }

  /** The desk has heard it. */
  told(people: readonly Actor[]): void {
    this.#told = JSON.stringify(people);
  }

  /** Who holds a token; undefined = nobody, or it has expired. Everybody is compared, so that the time it takes says nothing. */
  holderOf(token: string): Actor | undefined {
    const digest = digestOf(token);
    let found: Person | undefined;
    for (const person of this.list()) if (timingSafeEqual(Buffer.from(person.tokenDigest, 'hex'), digest)) found = person;
    if (found === undefined || this.#isExpired(found)) return undefined;
    return { personID: found.personID, roles: found.roles };
  }

  /** Gives a person a new token; the one before stops to count. @returns the token, which is kept nowhere. */
  give(personID: string, given: readonly Role[], expiresAt: string | null): string {
    if (!isPersonID(personID))
      throw new Refusal(exitCodes.usage, `--person: expected 1…64 letters, digits, dots, dashes or underscores, was ${personID}`);
    const others = this.list().filter((one) => one.personID !== personID);
    if (others.length >= maxPeople) throw new Refusal(exitCodes.refused, `${this.path}: expected at most ${maxPeople} people`);
    const token = randomBytes(tokenBytes).toString('base64url');
    this.#write([...others, { personID, roles: given, tokenDigest: digestOf(token).toString('hex'), expiresAt }]);
    return token;
  }

  /** Takes a person's token away. @returns false when there is no such person. */
  take(personID: string): boolean {
    const all = this.list();
    const others = all.filter((one) => one.personID !== personID);
    if (others.length < all.length) this.#write(others);
    return others.length < all.length;
  }

  #isExpired({ expiresAt }: Person): boolean {
    return expiresAt !== null && Date.parse(expiresAt) <= this.#now();
  }

  #write(people: readonly Person[]): void {
    const beside = `${this.path}.new`;
    writeFileSync(beside, `${JSON.stringify({ people }, undefined, 2)}\n`, { mode: 0o600 });
    chmodSync(beside, 0o600);
    renameSync(beside, this.path);
  }
}

export function isPersonID(text: string): boolean {
  return /^[\w.-]{1,64}$/.test(text);
}

/** @throws Refusal when anybody but its owner may read the file. */
export function refuseOpen(path: string): { readonly mtimeMs: number; readonly size: number; readonly ino: number } {
  const file = lstatSync(path);
  if (!file.isFile()) throw new Refusal(exitCodes.refused, `${path}: expected a file, is something else`);
  if (process.platform !== 'win32' && (file.mode & 0o077) !== 0)
    throw new Refusal(
      exitCodes.refused,
      `${path}: expected to be readable by its owner alone (0600), was 0${(file.mode & 0o777).toString(8)}`,
    );
  return file;
}

function parsePeople(path: string, text: string): readonly Person[] {
  const refuse = (sentence: string): never => {
    throw new Refusal(exitCodes.refused, `${path}: ${sentence}`);
  };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refuse('expected JSON');
  }
  const list = isRecord(value) ? value['people'] : undefined;
  if (!Array.isArray(list) || list.length > maxPeople) return refuse(`expected {"people": […]} with at most ${maxPeople} people`);
  const people = list.map((one: unknown, n) => {
    const person = parsePerson(one);
    return typeof person === 'string' ? refuse(`people[${n}]: ${person}`) : person;
  });
  const twice = people.find((one, n) => people.some((other, m) => m < n && other.personID === one.personID));
  return twice === undefined ? people : refuse(`${twice.personID} is there twice`);
}

const fields = ['personID', 'roles', 'tokenDigest', 'expiresAt'];

function parsePerson(value: unknown): Person | string {
  if (!isRecord(value)) return 'expected an object';
  const unknown = Object.keys(value).find((name) => !fields.includes(name));
  if (unknown !== undefined) return `unknown field ${unknown}${suggest(unknown, fields)}`;
  const { personID, roles: given, tokenDigest, expiresAt = null } = value;
  if (typeof personID !== 'string' || !isPersonID(personID)) return 'personID: expected 1…64 letters, digits, dots, dashes or underscores';
  if (!Array.isArray(given) || given.length === 0) return 'roles: expected a list of at least one';
  const wrong: unknown = given.find((one) => !roles.includes(one as Role));
  if (wrong !== undefined)
    return `roles: expected ${roles.join(', ')}, was ${JSON.stringify(wrong)}${suggest(typeof wrong === 'string' ? wrong : '', roles)}`;
  if (typeof tokenDigest !== 'string' || !/^[0-9a-f]{64}$/.test(tokenDigest)) return 'tokenDigest: expected 64 hex digits';
  if (expiresAt !== null && (typeof expiresAt !== 'string' || Number.isNaN(Date.parse(expiresAt))))
    return 'expiresAt: expected a time or null';
  return { personID, roles: given as Role[], tokenDigest, expiresAt };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
