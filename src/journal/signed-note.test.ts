import { expect, test } from 'vitest';
import { isSignedBy, parseCheckpoint as parseByVerifier, parsePublicKey } from '../verify/note.ts';
import { checkpointText, joinNotes, parseCheckpoint, splitNotes } from './checkpoint.ts';
import { generateSigningKey, isKeyName, parseNote, parseSigningKey, signingKeyOf } from './signed-note.ts';

const seed = Uint8Array.from({ length: 32 }, (_, i) => i);
const root = new Uint8Array(32).fill(5);

/** RFC 8032 section 7.1, TEST 1: the public key of this secret key. */
const rfcSecret = Buffer.from('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60', 'hex');
const rfcPublic = 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a';

test('a key is that of its seed (RFC 8032, test 1) and names itself as C2SP has it', () => {
  const key = signingKeyOf('example.com/log', rfcSecret);
  const [name, id, typed] = key.verifierKey.split('+', 2).concat(key.verifierKey.split('+').slice(2).join('+'));
  expect(name).toBe('example.com/log');
  expect(id).toBe(key.keyID.toString(16).padStart(8, '0'));
  expect(Buffer.from(typed, 'base64').toString('hex')).toBe(`01${rfcPublic}`);
});

test('a note has a text, an empty line and a signature line; the verifier accepts it', () => {
  const key = signingKeyOf('plimsoll/test', seed);
  const text = checkpointText(key.name, { size: 17, root }, true);
  expect(text).toBe(`plimsoll/test\n17\n${Buffer.from(root).toString('base64')}\nclosed\n`);
  const note = key.sign(text);
  expect(note).toMatch(/^plimsoll\/test\n17\n.{44}\nclosed\n\n— plimsoll\/test [A-Za-z0-9+/]{91}=\n$/u);
  const checkpoint = parseByVerifier(note);
  const verifier = parsePublicKey(key.verifierKey);
  if (typeof checkpoint === 'string' || verifier === undefined) throw new Error('expected both to be read');
  expect(checkpoint).toMatchObject({ origin: 'plimsoll/test', size: 17, closed: true });
  expect(isSignedBy(checkpoint, verifier)).toBe(true);
  const other = parsePublicKey(generateSigningKey('plimsoll/test').verifierKey);
  expect(other !== undefined && isSignedBy(checkpoint, other)).toBe(false);
  expect(isSignedBy({ ...checkpoint, text: checkpoint.text.replace('17', '18') }, verifier)).toBe(false);
});

test('a secret is read again; a changed one is refused', () => {
  const key = generateSigningKey('plimsoll/test');
  expect(parseSigningKey(`${key.secret}\n`)?.verifierKey).toBe(key.verifierKey);
  expect(parseSigningKey(key.secret.replace('plimsoll', 'plimsolt'))).toBeUndefined();
  expect(parseSigningKey('nonsense')).toBeUndefined();
  expect(parsePublicKey(key.verifierKey.replace(/^plimsoll/, 'plimsolt'))).toBeUndefined();
});

test('names without spaces and plus signs are key names', () => {
  expect(['plimsoll/acme', 'log.example/1'].every(isKeyName)).toBe(true);
  expect(['', 'a b', 'a+b', 'a\nb'].some(isKeyName)).toBe(false);
  expect(() => signingKeyOf('a b', seed)).toThrow('expected no spaces');
});

test('what is no checkpoint is refused', () => {
  const text = checkpointText('o', { size: 3, root }, false);
  expect(parseCheckpoint(text)).toEqual({ origin: 'o', size: 3, root: Buffer.from(root), closed: false });
  for (const wrong of [
    '',
    'o\n3\n',
    text.replace('\n3\n', '\n03\n'),
    text.replace('\n3\n', '\n-3\n'),
    text.slice(0, -1),
    text.replace('BQUF', 'BQU'),
  ]) {
    expect(parseCheckpoint(wrong)).toBeUndefined();
  }
  expect(parseNote('o\n3\n')).toBeUndefined();
  expect(parseNote(`${text}\nnot a signature\n`)).toBeUndefined();
});

test('notes of a file are told apart, and what is cut short is left over', () => {
  const key = signingKeyOf('plimsoll/test', seed);
  const notes = [1, 2, 3].map((size) => key.sign(checkpointText(key.name, { size, root }, false)));
  const file = joinNotes(notes);
  expect(splitNotes(file)).toEqual({ notes, rest: '' });
  for (let cut = 1; cut <= notes[2].length; cut++) expect(splitNotes(file.slice(0, -cut)).notes).toEqual(notes.slice(0, 2));
});
