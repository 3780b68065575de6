import { isoFromMicros, MICROS_PER_DAY, MICROS_PER_HOUR, MICROS_PER_MINUTE, microsFromCivil, weekday } from '../../base/time.ts';
import { microsUnchecked, type Micros } from '../../base/units.ts';
import { firstZoneYear, lastZoneYear, standardOffset, utcFromLocal, zoneOffset, type ZoneName } from '../../base/zone.ts';
import type { Seq } from '../../domain/ids.ts';
import type { DeploymentSpec, FreezeWindows } from '../../domain/spec.ts';
import type { Core } from '../core.ts';
import type { Outcome } from '../outcome.ts';
import { judgeNext, type Deployment } from './deployment.ts';
import type { Judgment } from './judgment.ts';
import { recordVerdicts } from './verdicts.ts';

/** The gate that a freeze window is in the records. Nobody can waive it. */
export const freezeGate = 'freezeWindow';

/** Most windows in a row that are followed: past it one looks again. */
const maxInARow = 4_096;
const rulesBegin = microsFromCivil(firstZoneYear, 1, 3);
const rulesEnd = microsFromCivil(lastZoneYear, 12, 29);

/** Instant at which capital may be added again, windows that touch or overlap taken as one; 0 = no window holds at `at`. Windows hold from their first instant and not at their end. */
export function frozenUntil(windows: FreezeWindows | undefined, at: number): Micros | 0 {
  if (windows === undefined) return 0;
  let end = at;
  for (let n = 0; n < maxInARow; n++) {
    const next = endOf(windows, end);
    if (next <= end) break;
    end = next;
  }
  return end > at ? microsUnchecked(end) : 0;
}

/** Latest end of the windows that hold at `t`; `t` itself = none does. */
function endOf({ zone, weekly, dated }: FreezeWindows, t: number): number {
  let end = t;
  for (const { from, to } of dated) if (t >= from && t < to) end = Math.max(end, to);
  const day = Math.floor((t + offsetAt(zone, t)) / MICROS_PER_DAY);
  for (const { days, from, to } of weekly) {
    if (!days.includes(weekday(day))) continue;
    const midnight = day * MICROS_PER_DAY;
    const last = lastUtcOf(zone, midnight + to * MICROS_PER_MINUTE);
    if (t >= utcOf(zone, midnight + from * MICROS_PER_MINUTE) && t < last) end = Math.max(end, last);
  }
  return end;
}

/** Outside of the years whose rules are built in the zone has its standard time. */
function isKnown(t: number): boolean {
  return t >= rulesBegin && t < rulesEnd;
}

function offsetAt(zone: ZoneName, t: number): number {
  return isKnown(t) ? zoneOffset(zone, t) : standardOffset(zone);
}

function utcOf(zone: ZoneName, local: number): number {
  return isKnown(local) ? utcFromLocal(zone, local) : local - standardOffset(zone);
}

/** Of a local time that happens twice, the second. */
function lastUtcOf(zone: ZoneName, local: number): number {
  const utc = utcOf(zone, local);
  const again = utc + MICROS_PER_HOUR;
  return again + offsetAt(zone, again) === local ? again : utc;
}

/** `window opens 10:00 on 2026-12-01 (America/New_York)`; '' = no window holds. */
export function windowText(windows: FreezeWindows | undefined, at: number): string {
  const until = frozenUntil(windows, at);
  if (windows === undefined || until === 0) return '';
  const local = isoFromMicros(microsUnchecked(until + offsetAt(windows.zone, until)));
  return `window opens ${local.slice(11, 16)} on ${local.slice(0, 10)} (${windows.zone})`;
}

/** '' or why a person adds no capital and cuts nothing over now. */
export function frozenText({ deploymentID, freeze }: DeploymentSpec, verb: string, at: number): string {
  const text = windowText(freeze, at);
  return text === '' ? '' : `${verb}: ${deploymentID} is in a freeze window, ${text}`;
}

/** The window as a gate; nothing where the spec has none. */
export function judgeWindow({ freeze }: DeploymentSpec, at: number): readonly Judgment[] {
  if (freeze === undefined) return [];
  const text = windowText(freeze, at);
  const until = frozenUntil(freeze, at);
  return [
    {
      gate: freezeGate,
      verdict: text === '' ? 'pass' : 'inconclusive',
      value: until === 0 ? 0 : until - at,
      limit: 0,
      text: text === '' ? 'no freeze window holds' : text,
    },
  ];
}

/** An automatic step up inside a window waits for its opening instant, and says so once. */
export function waitsForWindow(core: Core, deployment: Deployment, stage: number, seq: Seq, at: Micros, outcome: Outcome): boolean {
  const until = frozenUntil(deployment.spec.freeze, at);
  if (until === 0) return false;
  sayFrozen(core, deployment, stage, seq, at, outcome);
  // a progressive allocation is looked at meanwhile too: it may shrink
  if (deployment.spec.progressive === null || deployment.stage < 0) judgeNext(deployment, until);
  return true;
}

function sayFrozen(core: Core, deployment: Deployment, stage: number, seq: Seq, at: Micros, outcome: Outcome): void {
  if (deployment.lastVerdicts.get(freezeGate) === 'inconclusive') return;
  recordVerdicts(core, deployment, stage, judgeWindow(deployment.spec, at), seq, at, outcome);
}

/** A look that is planned for later comes no later than the opening of the window that holds now. 0 = none is planned. */
export function noLaterThanOpening(windows: FreezeWindows | undefined, at: number, planned: number): number {
  const until = frozenUntil(windows, at);
  return planned > 0 && until > 0 && until < planned ? until : planned;
}
