import { describe, expect, it } from 'vitest';
import { parseSpec } from '../../domain/spec-parser/spec-parser.ts';
import { createDeskView } from '../../projections/desk-view.ts';
import { readVerb, type SpokenVerb } from './verb-table.ts';

const defaults = {
  accountGroup: 'main',
  currency: 'USD',
  universe: ['X.V'],
  venues: [{ venueID: 'V', accountID: 'A1' }],
  calendar: 'ALWAYS',
};

const spec = (deploymentId: string, stage = 'Micro'): Parameters<typeof parseSpec>[0] => ({
  deploymentId,
  strategy: 'Canary',
  algorithmId: 'momentum',
  version: '2.1.0',
  configuration: {
    totalCapital: '1000000',
    currency: 'USD',
    stages: [{ name: stage, allocation: 0.01, minDuration: 'PT1H' }],
  },
});

const faultsOf = (...of: Parameters<typeof spec>): readonly string[] => {
  const parsed = parseSpec(spec(...of), defaults);
  return parsed.ok ? [] : parsed.error.map(({ path }) => path);
};

const said = (verb: SpokenVerb, fields: Record<string, string>): unknown =>
  readVerb(verb, fields, { view: createDeskView(), hasSlice: () => true });

describe('what one person writes and another one reads before the yes', () => {
  it('is plain text on one line', () => {
    expect(faultsOf('d1')).toEqual([]);
    expect(faultsOf('größer-1 é 株')).toEqual([]);
    for (const id of ['d1\nfake line', 'd1\u001b[2K\rd2', 'd\u202e1', 'd1\u2028', 'd\u200b1', '\u0000'])
      expect([id, faultsOf(id)]).toEqual([id, ['deploymentId']]);
    expect(faultsOf('d1', 'Large\u001b[1A')).toEqual(['configuration.stages[0].name']);
    expect(said('pause', { id: 'd1', reason: 'a\nb' })).toMatchObject({ code: 'FIELDS' });
    expect(said('pause', { id: 'd1', reason: 'a b' })).toMatchObject({ verb: 'pause', reason: 'a b' });
  });

  it('is never the name of a proposal: a yes to p2 is a yes to the proposal', () => {
    expect([faultsOf('p2'), faultsOf('p1234')]).toEqual([['deploymentId'], ['deploymentId']]);
    expect([faultsOf('p2-canary'), faultsOf('paper-2'), faultsOf('P2')]).toEqual([[], [], []]);
  });

  it.each(['rollback', 'abort', 'stop-strategy', 'pause-strategy'] as const)(
    'keeps nobody from %s either: the words are made plain',
    (verb) => {
      expect(said(verb, { id: 'd1', reason: 'stop\u001b[2J\nnow' })).toMatchObject({ reason: 'stop [2J now' });
      expect(said(verb, { id: 'd1', reason: 'x'.repeat(300) })).toMatchObject({ reason: 'x'.repeat(256) });
      expect(said(verb, { id: 'd1', reason: '\u202e\n' })).toMatchObject({ code: 'FIELDS' });
      expect(said(verb, { id: 'd1' })).toMatchObject({ reason: '' });
    },
  );

  it('keeps nobody from killing', () => {
    expect(said('kill', { reason: 'stop\u001b[2J\nnow' })).toMatchObject({ verb: 'kill', reason: 'stop [2J now' });
    expect(said('kill', { reason: '\n\u202e' })).toMatchObject({ verb: 'kill', reason: 'killed from another terminal' });
  });
});
