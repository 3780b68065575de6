import { describe, expect, it } from 'vitest';
import { casesOf } from '../cases.ts';
import { micros } from '../../base/units.ts';
import { step } from '../../core/engine.ts';
import type { Outcome } from '../../core/outcome.ts';
import type { Decision } from '../../domain/decision.ts';
import type { CommandInput } from '../../domain/input.ts';
import { PeopleScript } from './people-script.ts';
import type { Step } from './rollout-desk.ts';

const lives = 120;
const actions = 120;

describe('several people and one desk', () => {
  it('KEY TWO PREC HALF AUTH1-7 PRO1-4 PRO7 hold after every turn of every life', () => {
    const cases = new Map<string, number>();
    for (let seed = 1; seed <= casesOf(lives); seed++) {
      const { invariants } = new PeopleScript(seed).run(actions);
      expect({ seed, violations: invariants.violations }).toEqual({ seed, violations: [] });
      for (const [what, n] of invariants.people.cases) cases.set(what, (cases.get(what) ?? 0) + n);
    }
    console.log(`people: ${lives} lives, ${[...cases].map(([what, n]) => `${n} ${what}`).join(', ')}`);
    for (const what of [
      'refusals',
      'keys repeated',
      'keys with another body',
      'approvals',
      'stages by approval',
      'expansions by two',
      'proposals open',
      'proposals done',
      'proposals denied',
      'proposals expired',
      'proposals overtaken',
    ])
      expect({ what, seen: (cases.get(what) ?? 0) >= casesOf(10) }).toEqual({ what, seen: true });
  }, 240_000);
});

/** Runs the core on an input that is spoiled first, or spoils what came of it. */
const planted =
  (
    before: (input: CommandInput, core: Parameters<Step>[0]) => CommandInput,
    after: (outcome: Outcome, core: Parameters<Step>[0]) => void = () => undefined,
  ): Step =>
  (core, seq, at, input, outcome) => {
    step(core, seq, at, input.kind === 'command' ? before(input, core) : input, outcome);
    after(outcome, core);
  };

const same = (input: CommandInput): CommandInput => input;
const stranger = { personID: 'zoe', roles: ['RiskManager', 'SeniorManagement', 'Admin'] } as const;

function altered(outcome: Outcome, alter: (decision: Decision) => Decision): void {
  outcome.decisions.splice(0, outcome.decisions.length, ...outcome.decisions.map(alter));
}

const faults: readonly (readonly [string, string, () => Step])[] = [
  ['KEY', 'a repeated key is done again', () => planted((input, core) => (core.rollout.answers.delete(input.commandID), input))],
  [
    'KEY',
    'a key with another body gets the old answer',
    () =>
      planted(same, (outcome) =>
        altered(outcome, (one) =>
          one.kind === 'commandAnswered' && one.code === 'KEY_USED_FOR_ANOTHER_COMMAND' ? { ...one, code: 'OK' } : one,
        ),
      ),
  ],
  [
    'TWO',
    'one person is taken for two',
    () => planted((input) => (input.command.verb === 'unhalt' && input.approvedBy === null ? { ...input, approvedBy: stranger } : input)),
  ],
  [
    'TWO',
    'the proposer agrees',
    () =>
      planted(
        (input) => (input.command.verb === 'agree' ? { ...input, actor: stranger } : input),
        (outcome) => altered(outcome, (one) => (one.kind === 'proposalChanged' && one.state === 'done' ? { ...one, actor: 'rita' } : one)),
      ),
  ],
  [
    'TWO',
    'a proposal never expires',
    () =>
      planted((input, core) => {
        for (const [id, one] of core.rollout.proposals)
          core.rollout.proposals.set(id, { ...one, expiresAt: micros(Number.MAX_SAFE_INTEGER) });
        return input;
      }),
  ],
  [
    'TWO',
    'a yes to another digest counts',
    () =>
      planted((input, core) =>
        input.command.verb === 'agree'
          ? { ...input, command: { ...input.command, digest: core.rollout.proposals.get(input.command.proposalID)?.digest ?? '' } }
          : input,
      ),
  ],
  [
    'PREC',
    'a pause by a person is forgotten',
    () =>
      planted((input, core) => {
        for (const one of core.rollout.deployments) one.pausedBy = '';
        return input;
      }),
  ],
  [
    'PREC',
    'a proposal outlives the kill',
    () =>
      planted(same, (outcome) => {
        if (outcome.decisions.some((one) => one.kind === 'killLatched' && one.engaged))
          outcome.decisions.splice(0, outcome.decisions.length, ...outcome.decisions.filter((one) => one.kind !== 'proposalChanged'));
      }),
  ],
  [
    'PRO1',
    'approvals never expire',
    () =>
      planted((input, core) => {
        for (const { approvals } of core.rollout.deployments)
          for (const [stage, given] of approvals)
            approvals.set(
              stage,
              given.map((one) => ({ ...one, expiresAt: Number.MAX_SAFE_INTEGER })),
            );
        return input;
      }),
  ],
  [
    'PRO1',
    'who proposed approves as well',
    () => planted((input) => (input.command.verb === 'approve' ? { ...input, actor: stranger } : input)),
  ],
  [
    'HALF',
    'a refusal changes something',
    () =>
      planted(same, (outcome) => {
        if (outcome.decisions.some((one) => one.kind === 'commandAnswered' && one.code === 'GATES_NOT_PASSED'))
          outcome.decisions.unshift({ kind: 'killLatched', engaged: true, actor: 'x', reason: 'x' });
      }),
  ],
];

describe('planted faults of the verbs', () => {
  it.each(faults)(
    '%s catches: %s',
    (invariant, _fault, plant) => {
      let caughtBy = 0;
      for (let seed = 1; seed <= lives && caughtBy === 0; seed++) {
        const { invariants } = new PeopleScript(seed, plant()).run(actions);
        if (invariants.violations.some((text) => text.startsWith(invariant))) caughtBy = seed;
      }
      expect(caughtBy).toBeGreaterThan(0);
    },
    240_000,
  );

  it('the table is as long as it says', () => {
    console.log(`planted faults of the verbs: ${faults.length}`);
    expect(faults.length).toBe(11);
  });
});
