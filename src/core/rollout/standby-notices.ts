import type { Micros } from '../../base/units.ts';
import type { Seq } from '../../domain/ids.ts';
import type { HandoverNotice } from '../../domain/swap.ts';
import type { Core } from '../core.ts';
import type { Outcome } from '../outcome.ts';
import { confirm } from './saga.ts';
import { standbyOf, type Standby } from './standby.ts';
import { synced } from './standby-sync.ts';
import { takeHandover } from './swap-flow.ts';

/** A host's word on a hand-over: on a swap, or on one that stands by, of the state that it took or of being woken. */
export function takeHandoverNotice(core: Core, notice: HandoverNotice, seq: Seq, at: Micros, outcome: Outcome): void {
  const standby = standbyOf(core, notice.swap);
  if (standby === undefined) takeHandover(core, notice, seq, at, outcome);
  else if (standby.step === 'standing') synced(standby, notice);
  else if (standby.step === 'waking') answered(core, standby, notice, seq, at, outcome);
}

function answered(core: Core, standby: Standby, notice: HandoverNotice, seq: Seq, at: Micros, outcome: Outcome): void {
  const { event, exported, taken, text } = notice;
  if (event === 'synced' || standby.answer !== '') return;
  if (event !== 'adopted') standby.answer = text === '' ? event : text;
  else standby.answer = exported === taken ? 'adopted' : 'the state that was taken is not its own';
  const open = core.rollout.open.find((ix) => core.rollout.rollbacks[ix].waking === standby.ix);
  if (open !== undefined) confirm(core, core.rollout.rollbacks[open], seq, at, outcome);
}
