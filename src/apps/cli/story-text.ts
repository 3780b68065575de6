import { join } from 'node:path';
import colors from 'picocolors';
import { headFile, type DeskDirectory } from '../desk/journal-files.ts';
import type { Ending } from '../desk/finish.ts';
import type { StoryBody } from '../desk/story-report.ts';

const millis = (micros: number): string => (micros / 1_000).toFixed(1);

/** The end of a story in lines of at most 80 columns where they can. */
export function storyText(body: StoryBody, { trouble }: Ending, directory: DeskDirectory): string {
  const yes = (good: boolean): string => (good ? colors.green('yes') : colors.red('NO'));
  const { reconciliation, journal, replay, phases } = body;
  return [
    '',
    ...evidenceLines(body),
    ...rollbackLines(body),
    ...swapLines(body),
    ...killLines(body),
    ...Object.entries(phases).map(([id, { phase, reason }]) => `${phase.padEnd(12)} ${id}${reason === '' ? '' : `: ${reason}`}`),
    `reconciled   ${yes(reconciliation.equal)}: ${reconciliation.positions} positions against the venue, ${reconciliation.breaks} breaks`,
    `verified     ${yes(journal.verified)}: ${journal.entries} entries, root ${journal.root.slice(0, 16)}…`,
    `replay equal ${yes(replay.equal)}: state hash ${replay.stateHash.slice(0, 16)}…`,
    ...(trouble === '' ? [] : [colors.red(trouble)]),
    ...(directory.kept ? [`journal kept in ${directory.path}, its head in ${join(directory.path, headFile)}`] : []),
  ].join('\n');
}

/** The newest word of each gate before the highest stage that was asked for. */
function evidenceLines({ evidence }: StoryBody): readonly string[] {
  const stage = evidence.at(-1)?.stage;
  return evidence
    .filter((one) => one.stage === stage)
    .map(({ gate, verdict, text }, n) => `${n === 0 ? 'evidence    ' : '            '} ${stage ?? ''}, ${gate} ${verdict}: ${text}`);
}

function rollbackLines({ rollback }: StoryBody): readonly string[] {
  const { fenceUs, cancelsOnWireUs, completedUs, uncertain, residual } = rollback;
  if (completedUs === null) return [`rollback     ${colors.red('none happened')}`];
  return [
    `rollback     fenced in ${fenceUs} us, cancels on the wire in ${cancelsOnWireUs} us (wall clock),`,
    `             all of it in ${millis(completedUs)} ms (virtual), uncertain orders ${uncertain}, residual lots ${residual}`,
  ];
}

function swapLines({ swap }: StoryBody): readonly string[] {
  if (swap === null) return [];
  const { from, to, step, freezeUs, frozenMicros, orders, lots, shadowEvents, waived } = swap;
  if (freezeUs === null || frozenMicros === null)
    return [`swap         ${from} goes on, ${to} did not take over (${swap.failedGate || step})`];
  return [
    `swap         ${to} for ${from}: frozen ${freezeUs} us (wall clock, its record on disk),`,
    `             ${millis(frozenMicros)} ms (virtual), ${orders} open orders and lots of ${lots} listings changed hands,`,
    `             ${shadowEvents} events in the shadow before${waived.length === 0 ? '' : `, two people waived ${waived.join(', ')}`}`,
  ];
}

function killLines({ kill }: StoryBody): readonly string[] {
  if (kill === null) return [];
  const { engagedBy, canceled, endedMicros, releasedBy, resumed } = kill;
  const released = releasedBy.length === 0 ? 'not released' : `released by ${releasedBy.join(' and ')}`;
  return [
    `kill         by ${engagedBy}: ${canceled} orders back, all at their end ${endedMicros === null ? 'not yet' : `in ${millis(endedMicros)} ms (virtual)`},`,
    `             ${released}, ${resumed.length} deployments resumed`,
  ];
}
