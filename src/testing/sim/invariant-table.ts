/** An invariant of rollout.md 6: who holds it over random histories of the faulty world, and which planted bugs show that these can fail. */
export interface HeldInvariant {
  readonly id: string;
  /** Checkers of the faulty world, by file in `src/sim/faulty`; what no history of it can show has none. */
  readonly checkers: readonly string[];
  /** Names in `plantedBugs`: this invariant's own checker says each. The seed stands there. */
  readonly bugs: readonly string[];
  /** Names in the table of planted faults of the random lives (`src/testing/rollout`). */
  readonly faults: readonly string[];
  /** What holds more of it elsewhere, and what its checkers leave out; '' = nothing. */
  readonly beside: string;
}

const row = (id: string, checkers: readonly string[], bugs: readonly string[], faults: readonly string[], beside = ''): HeldInvariant => ({
  id,
  checkers,
  bugs,
  faults,
  beside,
});

/** Every invariant of rollout.md 6. A test compares it with that page; `planted-bugs.ts` of CI has each bug caught by the checker of its row, whatever others say of it. */
export const invariantTable: readonly HeldInvariant[] = [
  row(
    'CAP1',
    ['checks/capital.ts', 'checks/rows.ts', 'checks/sums.ts'],
    ['a stage is given all that its slice has', 'a slice gives out the capital of another one'],
    ['caps pass the capital', 'a stage is given of the reserve', 'the lots of a fill cost a unit more'],
  ),
  row(
    'CAP2',
    ['checks/accounts.ts', 'checks/slices.ts'],
    [
      'what an account holds counts in no cap',
      'an order goes through the account of another venue',
      'an order goes through the account of another slice',
    ],
    ['a slice gives what another one of its account has', 'an order of one slice goes to the account of another'],
    'Three slices at three accounts in one world of five, one account of all three and one of two; lives of four slices at two accounts beside it (`several-slices.property.test.ts`, by other books).',
  ),
  row('CAP3', ['checks/commands.ts', 'checks/capital.ts'], ['a stage is given more than its share'], ['a share is rounded up']),
  row('CAP4', ['watch.ts'], ['the cap is not looked at'], ['a row past its cap is called ACTIVE']),
  row('CAP5', ['checks/rows.ts'], ['a row changes without its cause'], ['a cap changes without a record']),
  row('AUTH1', ['checks/rows.ts', 'watch.ts'], ['CANCEL_ONLY permits orders'], ['a row that may only reduce opens']),
  row(
    'AUTH2',
    ['checks/rows.ts', 'watch.ts'],
    ['an intent of an old epoch is answered', 'the gateway takes an order of before the fence'],
    ['an order leaves after the fence', 'an order leaves under an old epoch'],
  ),
  row('AUTH3', ['checks/swaps.ts', 'checks/reactivations.ts'], ['a swap leaves the old version its capital'], []),
  row('AUTH4', ['checks/swaps.ts'], ['a rollback leaves the swap under way', 'a second swap is proposed beside the first'], []),
  row(
    'AUTH5',
    ['checks/rows.ts', 'checks/swaps.ts'],
    ['a swap raises no epoch'],
    ['the fence forgets to raise the epoch', 'an order leaves under the term of the desk before'],
  ),
  row('AUTH6', ['checks/rows.ts'], ['one person wakes a halted version'], ['a halted version works again without people']),
  row('AUTH7', ['checks/rows.ts', 'watch.ts'], ['the gateway sends what is on paper to the venue'], ['paper goes to the venue']),
  row(
    'PRO1',
    ['checks/commands.ts', 'checks/merits.ts', 'checks/verdicts.ts'],
    ['a stage is granted before its time', 'a stage is granted without its approvals'],
    ['a promotion has no judgment'],
    'Market clocks: `rollout-ends` and `freeze-window.test.ts`; this world has wall clocks.',
  ),
  row('PRO2', ['checks/commands.ts'], ['a rung is left out'], ['a rung is skipped']),
  row(
    'PRO3',
    ['checks/commands.ts', 'checks/merits.ts', 'checks/verdicts.ts'],
    ['a gate that does not pass holds nothing up', 'a stage is left by losing'],
    ['a missing number passes', 'a fill is counted that never was', 'a result is a cent better than the fills make it'],
  ),
  row(
    'PRO4',
    ['checks/merits.ts'],
    ['a stage begins the evidence anew'],
    ['a failed gate is asked again without a retry'],
    'Paired processes are not run on by the checker.',
  ),
  row(
    'PRO5',
    ['watch.ts'],
    ['a verdict hangs on how often this desk was asked'],
    ['a verdict hangs on how often it was asked for'],
    'By recoveries, followers and the end of one seed in four; in the random lives by every start on the journal.',
  ),
  row(
    'PRO6',
    ['twins.ts'],
    ['an edge is scored by the evidence against it'],
    [
      'who has lost more goes on',
      'losses are judged as gains',
      'a rung is given on half of the score that it asks for',
      'a row grows with its results',
    ],
    'Beside a twin that pays a commission on each fill; of verdicts on results PRO3 tells first, of a score this one. By pairs of lives one of which sells for less, and by the progressive lives (`rollout-histories`).',
  ),
  row(
    'PRO7',
    ['checks/merits.ts', 'checks/results.ts', 'checks/verdicts.ts'],
    ['nobody looks at a drawdown'],
    ['a rung is given at a breach'],
  ),
  row('ROL1', ['checks/rollbacks.ts'], ['cancels without an answer are escalated after three seconds'], ['a rollback never ends']),
  row(
    'ROL2',
    ['checks/rollbacks.ts'],
    ['a rollback that is over ends again'],
    ['a rollback ends twice', 'a step is done again after a start'],
  ),
  row(
    'ROL3',
    ['checks/rows.ts', 'watch.ts'],
    ['a reduce-only order may turn the position'],
    ['the custodian sends an order that may open', 'the custodian sells three times what it has to'],
  ),
  row('ROL4', ['checks/reactivations.ts'], ['who stands by is woken after any rollback'], ['what a loss set free goes to another version']),
  row(
    'ROL5',
    ['checks/rollbacks.ts', 'checks/reactivations.ts'],
    ['a rollback leaves a step out'],
    ['a rollback forgets to take orders back and goes on', 'the saga ends where custody failed'],
    'Nothing of this world makes a step fail: `blocked-custody.test.ts` does.',
  ),
  row(
    'ROL6',
    ['watch.ts', 'checks/reactivations.ts'],
    ['restricting effects wait for the disk'],
    ['capital is given before its record is durable', 'a fence waits for its record'],
  ),
  row('POS1', ['checks/fills.ts', 'checks/rollbacks.ts'], ['a fill after the cancel is lost'], ['a fill is forgotten']),
  row('POS2', ['checks/fills.ts'], ['a fill that comes again is booked again'], ['a fill is booked twice']),
  row('POS3', ['checks/orders.ts', 'checks/rollbacks.ts', 'checks/swaps.ts'], ['rollback step forgotten: nobody takes the lots'], []),
  row(
    'POS4',
    [],
    [],
    ['a swap leaves a tenth of the capital', 'a version that took over may only reduce'],
    'It compares two lives, and no checker of one can hold it: in the faulty world what venues, disks and lines do hangs on the number of every record and message, so that a world with a swap is another one from its first record on. Pairs of lives at a faulty venue, one with a swap for a clone at a random instant, what is proposed while it holds the version still kept for its owner (`clone.property.test.ts`, `rollout-histories`); real hosts at every instant of three sessions (`identity-swap`).',
  ),
  row(
    'POS5',
    ['checks/swaps.ts'],
    ['whatever state was taken is taken over'],
    [],
    'Real states up and down: `cutover-state.property.test.ts`.',
  ),
  row('POS6', ['checks/swaps.ts'], ['the watermark is an event behind'], [], 'Real events: `cutover-state.property.test.ts`, `cutovers`.'),
  row(
    'MET1',
    ['checks/results.ts'],
    [
      'another capital begins another index',
      'what was made on less capital is no return',
      'a fill that is put right has cost what it was said to',
    ],
    ['a grant moves the index'],
    'Rows with a fill before any price are left out, and those with a correction of a fill that nobody has told.',
  ),
  row(
    'MET2',
    ['checks/results.ts'],
    ['a drawdown has the other sign', 'a peak is never raised', 'a fill that is taken back has been paid all the same'],
    ['a grant makes a drawdown'],
  ),
  row('MET3', ['checks/merits.ts'], ['a confidence is not clipped'], ['a confidence past 1']),
  row('MET4', ['twins.ts'], ['an order of more than some money fits no capital'], ['more than some money is another stage']),
  row('LIV1', ['checks/liveness.ts', 'run.ts'], ['what is resumed is never judged'], ['a deployment is never judged']),
  row('LIV2', ['checks/commands.ts', 'checks/liveness.ts'], ['a deployment is rolled back and nobody says why'], ['a pause has no reason']),
];
