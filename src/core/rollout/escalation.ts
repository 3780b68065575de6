import { microsUnchecked, type Micros } from '../../base/units.ts';
import type { ClOrdID, VenueIx } from '../../domain/ids.ts';
import { escalationActions, type EscalationAction, type EscalationCause } from '../../domain/rollout.ts';
import type { VenueCapabilities } from '../../domain/venue.ts';
import type { Core } from '../core.ts';
import { hasCertainEnd, queryOrder } from '../order-flow.ts';
import { findOrder } from '../orders/order-store.ts';
import type { Outcome } from '../outcome.ts';

/** How long a rung of the ladder has before the next one (microseconds). */
export const rungMicros = 500_000;
/** Most ladders at one time; past it the first rung is taken and a person is called, which is all that a further one would have begun with. */
export const maxEscalations = 4_096;

/** Cancels that were not answered in time, on their way through what a venue can still do: mass cancel, end of the session, dead-man timer. */
export interface Escalation {
  readonly of: EscalationCause;
  readonly number: number;
  readonly venue: VenueIx;
  readonly since: Micros;
  targets: ClOrdID[];
  /** Place of the next action in `escalationActions`. */
  rung: number;
  nextAt: Micros;
}

/** Begins a ladder at each venue that owes answers, with its first rung now, and asks what became of each order. */
export function escalateCancels(
  core: Core,
  of: Escalation['of'],
  number: number,
  since: Micros,
  open: readonly ClOrdID[],
  at: Micros,
  outcome: Outcome,
): void {
  const byVenue = new Map<VenueIx, ClOrdID[]>();
  for (const clOrdID of open) {
    queryOrder(core, clOrdID, outcome);
    const order = findOrder(core.orders, clOrdID);
    // a simulator has no session to end
    if (order === undefined || order.simulated) continue;
    const { venue } = core.registry.listings[order.listing];
    const targets = byVenue.get(venue) ?? [];
    targets.push(clOrdID);
    byVenue.set(venue, targets);
  }
  for (const [venue, targets] of byVenue) {
    const escalation: Escalation = { of, number, venue, since, targets, rung: 0, nextAt: at };
    climb(core, escalation, at, outcome);
    if (hasRungs(escalation) && core.rollout.escalations.length < maxEscalations) core.rollout.escalations.push(escalation);
  }
}

/** Rungs that are due. */
export function continueEscalations(core: Core, at: Micros, outcome: Outcome): void {
  const { escalations } = core.rollout;
  for (let i = escalations.length - 1; i >= 0; i--) {
    const escalation = escalations[i];
    escalation.targets = escalation.targets.filter((clOrdID) => !hasCertainEnd(core, clOrdID));
    if (escalation.targets.length > 0 && escalation.nextAt > at) continue;
    if (escalation.targets.length > 0) climb(core, escalation, at, outcome);
    if (escalation.targets.length === 0 || !hasRungs(escalation)) escalations.splice(i, 1);
  }
}

export function nextEscalationAt(core: Core): Micros | undefined {
  let next: Micros | undefined;
  for (const { nextAt } of core.rollout.escalations) if (next === undefined || nextAt < next) next = nextAt;
  return next;
}

function hasRungs({ rung }: Escalation): boolean {
  return rung < escalationActions.length;
}

/** Takes the next rung that the venue has; `none` says that there is no further one. */
function climb(core: Core, escalation: Escalation, at: Micros, outcome: Outcome): void {
  const { capabilities, venueID } = venueOf(core, escalation.venue);
  while (!offers(capabilities, escalationActions[escalation.rung])) escalation.rung++;
  const action = escalationActions[escalation.rung++];
  escalation.nextAt = microsUnchecked(at + rungMicros);
  const { of, number, venue, targets } = escalation;
  const open = targets.length;
  outcome.decisions.push({ kind: 'cancelsEscalated', of, number, venue, action, open, virtualMicros: at - escalation.since });
  if (action !== 'none') outcome.effects.push({ kind: action, reducing: true, venue });
  const text = `${open} orders at ${venueID} without an answer: ${sentences[action]}`;
  outcome.decisions.push({ kind: 'alertRaised', severity: 'critical', subject: 'CANCELS_UNANSWERED', value: open, limit: 0, text });
  outcome.effects.push({ kind: 'alert', reducing: true, severity: 'critical', subject: 'CANCELS_UNANSWERED', text });
}

const sentences: Readonly<Record<EscalationAction, string>> = {
  massCancel: 'mass cancel',
  dropSession: 'its session is dropped',
  deadMan: 'its dead-man timer is left to run out',
  none: 'it offers nothing further, call it',
};

function venueOf(core: Core, venue: VenueIx): { readonly capabilities: VenueCapabilities; readonly venueID: string } {
  return core.registry.venues[venue];
}

function offers({ massCancel, deadManSwitch }: VenueCapabilities, action: EscalationAction): boolean {
  switch (action) {
    case 'massCancel':
      return massCancel;
    case 'dropSession':
      return deadManSwitch !== 'none';
    case 'deadMan':
      return deadManSwitch === 'timer';
    case 'none':
      return true;
  }
}
