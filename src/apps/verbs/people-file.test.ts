import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createCore, smallCoreCapacities } from '../../core/core.ts';
import type { Command } from '../../domain/command.ts';
import { createDeskView } from '../../projections/desk-view.ts';
import { ControlQueue } from '../desk/control.ts';
import { EventLog } from '../desk/event-log.ts';
import type { AskedDesk } from './ask-verb.ts';
import { askerOf } from './asker.ts';
import { peopleFile, People } from './people-file.ts';

let directory = '';
let now = 0;
let people: People;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'plimsoll-people-'));
  now = Date.parse('2026-01-01T00:00:00Z');
  people = new People(directory, () => now);
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const path = (): string => join(directory, peopleFile);
const write = (value: unknown): void => writeFileSync(path(), JSON.stringify(value), { mode: 0o600 });
const rita = { personID: 'rita', roles: ['RiskManager'], tokenDigest: 'a'.repeat(64), expiresAt: null };

test('a token is its person’s, stands nowhere in the file, and a new one takes the place of the old', () => {
  const first = people.give('rita', ['RiskManager'], null);
  people.give('tom', ['Trader'], null);
  expect(people.holderOf(first)).toEqual({ personID: 'rita', roles: ['RiskManager'] });
  expect(readFileSync(path(), 'utf8')).not.toContain(first);
  expect(statSync(path()).mode & 0o777).toBe(0o600);
  const second = people.give('rita', ['Admin'], null);
  expect([people.holderOf(first), people.holderOf(second)?.roles]).toEqual([undefined, ['Admin']]);
});

test('a person who is taken out, and a token that has expired, are nobody at once', () => {
  const token = people.give('rita', ['RiskManager'], '2026-01-02T00:00:00Z');
  const other = new People(directory);
  expect(people.holderOf(token)?.personID).toBe('rita');
  now = Date.parse('2026-01-02T00:00:00Z');
  expect(people.holderOf(token)).toBeUndefined();
  expect([other.take('rita'), other.take('rita')]).toEqual([true, false]);
  now = 0;
  expect(people.holderOf(token)).toBeUndefined();
});

test('the desk hears of a token that expires as of one that is taken away: its approvals end', () => {
  people.give('rita', ['RiskManager'], '2026-01-02T00:00:00Z');
  people.give('tom', ['Trader'], null);
  const first = people.toTell() ?? [];
  expect(first.map(({ personID }) => personID)).toEqual(['rita', 'tom']);
  people.told(first);
  expect(people.toTell()).toBeUndefined();
  now = Date.parse('2026-01-02T00:00:00Z');
  expect(people.toTell()).toEqual([{ personID: 'tom', roles: ['Trader'] }]);
});

test('a file that others may read is refused, and with it everybody', () => {
  const token = people.give('rita', ['RiskManager'], null);
  chmodSync(path(), 0o640);
  expect(() => people.list()).toThrow('expected to be readable by its owner alone (0600), was 0640');
  expect(askerOf(people, { verb: 'pause', token, as: undefined })).toMatchObject({ code: 'PEOPLE_FILE' });
});

test.each([
  ['no JSON', '{"people":', 'expected JSON'],
  ['no list', '{}', 'expected {"people": […]}'],
  ['an unknown field', JSON.stringify({ people: [{ ...rita, role: 'x' }] }), 'people[0]: unknown field role (did you mean roles?)'],
  ['an unknown role', JSON.stringify({ people: [{ ...rita, roles: ['RiskManger'] }] }), 'was "RiskManger"'],
  ['no role', JSON.stringify({ people: [{ ...rita, roles: [] }] }), 'expected a list of at least one'],
  ['a token in place of its digest', JSON.stringify({ people: [{ ...rita, tokenDigest: 'secret' }] }), '64 hex digits'],
  ['a slash in a name', JSON.stringify({ people: [{ ...rita, personID: 'a/b' }] }), 'personID: expected'],
  ['one person twice', JSON.stringify({ people: [rita, rita] }), 'rita is there twice'],
  ['a time that is none', JSON.stringify({ people: [{ ...rita, expiresAt: 'soon' }] }), 'expiresAt'],
])('a file with %s is refused by name', (_what, text, sentence) => {
  writeFileSync(path(), text, { mode: 0o600 });
  expect(() => people.list()).toThrow(sentence);
});

test('a desk without a file has demonstration people; with one it takes tokens, except to kill at the machine', () => {
  const ask = (verb: string, more: { token?: string; as?: string } = {}): unknown =>
    askerOf(people, { verb, token: more.token, as: more.as });
  expect(ask('pause')).toMatchObject({ personID: 'desk-risk' });
  expect(ask('pause', { as: 'senior' })).toMatchObject({ personID: 'desk-senior' });
  expect(ask('pause', { as: 'sennior' })).toMatchObject({
    code: 'PERSON_REQUIRED',
    text: expect.stringContaining('did you mean senior?') as string,
  });
  expect(ask('pause', { token: 'x' })).toMatchObject({ code: 'UNKNOWN_TOKEN' });
  write({ people: [rita] });
  expect(ask('pause')).toMatchObject({ code: 'PERSON_REQUIRED' });
  expect(ask('pause', { as: 'risk' })).toMatchObject({ code: 'PERSON_REQUIRED' });
  expect(ask('pause', { token: 'x' })).toMatchObject({ code: 'UNKNOWN_TOKEN' });
  expect(ask('kill')).toMatchObject({ personID: 'at-the-machine' });
});

test('the desk is told who has which roles first, and again whenever that has changed', async () => {
  const told: Command[] = [];
  const ask: AskedDesk['ask'] = (command) => {
    told.push(command);
    return Promise.resolve({ accepted: true, code: 'OK', text: '', seq: 1, commandID: '' });
  };
  const view = createDeskView();
  const desk: AskedDesk = {
    view,
    core: createCore(1, smallCoreCapacities),
    events: new EventLog(view),
    ask,
    deploy: () => Promise.reject(new Error('nothing is deployed here')),
  };
  const queue = new ControlQueue(people);
  expect([queue.waiting, people.toTell()]).toEqual([false, undefined]);
  people.give('rita', ['RiskManager'], null);
  people.give('tom', ['Trader'], null);
  expect(queue.waiting).toBe(true);
  await queue.serve(desk);
  await queue.serve(desk);
  people.take('rita');
  await queue.serve(desk);
  const tom = { personID: 'tom', roles: ['Trader'] };
  expect(told).toEqual([
    { verb: 'knowPeople', people: [{ personID: 'rita', roles: ['RiskManager'] }, tom] },
    { verb: 'knowPeople', people: [tom] },
  ]);
  expect(queue.waiting).toBe(false);
});

test('a file that vanishes under a desk makes no demonstration of it: nobody speaks for its people until it is back, and whoever is at the machine may kill', () => {
  const token = people.give('rita', ['SeniorManagement'], null);
  expect(people.known).toBe(true);
  const kept = readFileSync(path());
  rmSync(path());
  for (const as of ['senior', 'admin', undefined]) {
    const asked = askerOf(people, { verb: 'release', token: undefined, as });
    expect('code' in asked ? asked.code : asked.personID).toBe('PERSON_REQUIRED');
  }
  const held = askerOf(people, { verb: 'release', token, as: undefined });
  expect('code' in held ? held.code : held.personID).toBe('PEOPLE_FILE');
  expect(people.toTell()).toBeUndefined();
  expect(askerOf(people, { verb: 'kill', token: undefined, as: undefined })).toMatchObject({ personID: 'at-the-machine' });
  writeFileSync(path(), kept, { mode: 0o600 });
  expect(askerOf(people, { verb: 'release', token, as: undefined })).toMatchObject({ personID: 'rita' });
});

test('a directory that never had one is a demonstration', () => {
  expect(people.known).toBe(false);
  expect(askerOf(people, { verb: 'release', token: undefined, as: 'senior' })).toMatchObject({ personID: 'desk-senior' });
});
