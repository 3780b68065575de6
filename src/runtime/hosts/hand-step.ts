import type { EventSeq, RowIx } from '../../domain/ids.ts';
import type { ParameterValues, StrategyDefinition } from '../../ports/strategy.ts';
import type { Handovers } from '../handover/handovers.ts';
import { thrownText } from '../thrown-text.ts';
import type { Parting } from '../handover/hosted.ts';
import type { HandoverRequest, HostAnswer } from '../host-port.ts';
import type { Carried } from '../strategy-context.ts';
import type { HostState } from './messages.ts';

/**
 * What one host does in a hand-over: the old version's host parts with its state, stops it, releases it or gives everything back; the new one's holds what
 * comes for it, takes the state for its time in the shadow, for a dry run or for good, takes over, or drops it; one that stands by is woken alone.
 */
export type HandStep = 'part' | 'stop' | 'release' | 'giveBack' | 'hold' | 'sync' | 'try' | 'adopt' | 'wake' | 'take' | 'drop';

/** An order to a host. A step that takes a state finds it in the message before: it is the old row's. */
export interface HandOrder {
  readonly verb: 'hand';
  readonly ask: number;
  readonly step: HandStep;
  readonly request: HandoverRequest;
  /** null = the step takes no state. */
  readonly parting: { readonly carried: Carried; readonly exported: string } | null;
  /** Where the old version's code is; null = the step does not need it. */
  readonly giver: {
    readonly module: string;
    readonly name: string;
    readonly version: string;
    readonly parameters: ParameterValues;
  } | null;
}

/**
 * What the host says to it; `text`: why it was not done, '' = it was. `parting`: what the old version's row has, whose state is in the message before; to `sync` what the
 * new one's has since.
 */
export interface HandReply {
  readonly ask: number;
  readonly text: string;
  readonly eventSeq: EventSeq;
  readonly taken: string;
  readonly parting: { readonly carried: Carried; readonly exported: string } | null;
}

/** A queue of this host is full. */
export interface HandOverflow {
  readonly overflow: number;
}

/** What a step brought. */
export interface HandOutcome {
  readonly reply: HandReply;
  /** State that goes before the reply. */
  readonly state: HostState | null;
  readonly answers: readonly HostAnswer[];
}

type Giver = { readonly definition: StrategyDefinition; readonly parameters: ParameterValues };

const nothing: Omit<HandReply, 'ask'> = { text: '', eventSeq: 0, taken: '', parting: null };

/** Does a step. Whatever a strategy throws on the way is why it was not done. */
export function handStep(handovers: Handovers, order: HandOrder, state: HostState | undefined, giver: Giver | string | null): HandOutcome {
  try {
    return doStep(handovers, order, state, giver);
  } catch (error) {
    return notDone(order, thrownText(error));
  }
}

function doStep({ giving, taking }: Handovers, order: HandOrder, state: HostState | undefined, giver: Giver | string | null): HandOutcome {
  const { request, step } = order;
  switch (step) {
    case 'part':
      return parted(order, request.from, giving.part(request.from));
    case 'stop': {
      const watermark = giving.stop(request);
      return typeof watermark === 'string' ? notDone(order, watermark) : parted(order, request.from, giving.part(request.from));
    }
    case 'release':
      return done(order, {}, giving.release(request));
    case 'giveBack':
      return done(order, {}, giving.giveBack(request));
    case 'hold':
      taking.hold(request, request.verb === 'stop');
      return done(order);
    case 'drop':
      return done(order, {}, taking.drop(request));
    case 'wake': {
      const parting = giving.part(request.from);
      if (typeof parting === 'string') return notDone(order, parting);
      const said = taking.wake(request, parting);
      if (!said.ok) return notDone(order, said.text);
      const { reply, ...more } = parted(order, request.from, parting);
      return { ...more, reply: { ...reply, taken: said.taken } };
    }
    case 'take': {
      const answers = taking.take(request);
      return typeof answers === 'string' ? notDone(order, answers) : done(order, {}, answers);
    }
    case 'sync':
    case 'try':
    case 'adopt': {
      if (state === undefined || order.parting === null) return notDone(order, 'the state of the old version did not arrive');
      return takeState(taking, order, { state, ...order.parting }, giver);
    }
  }
}

function takeState(taking: Handovers['taking'], order: HandOrder, parting: Parting, giver: Giver | string | null): HandOutcome {
  const { request, step } = order;
  const { eventSeq } = parting.state;
  if (step === 'sync') {
    const { said, answers } = taking.sync(request, parting);
    if (!said.ok) return notDone(order, said.text);
    const carried = taking.carriedBy(request.to);
    return done(order, { eventSeq, taken: said.taken, parting: carried && { carried, exported: parting.exported } }, answers);
  }
  if (step === 'try' && (giver === null || typeof giver === 'string')) return notDone(order, `no way back: ${giver ?? 'no code'}`);
  const said = step === 'try' ? taking.try(request, parting, giver as Giver) : taking.adopt(request, parting);
  return said.ok ? done(order, { eventSeq, taken: said.taken }) : notDone(order, said.text);
}

function parted(order: HandOrder, row: RowIx, parting: Parting | string): HandOutcome {
  if (typeof parting === 'string') return notDone(order, parting);
  const { state, carried, exported } = parting;
  return { ...done(order, { eventSeq: state.eventSeq, parting: { carried, exported } }), state: { row, ...state } };
}

function done({ ask }: HandOrder, more: Partial<HandReply> = {}, answers: readonly HostAnswer[] = []): HandOutcome {
  return { reply: { ...nothing, ...more, ask }, state: null, answers };
}

function notDone({ ask }: HandOrder, text: string): HandOutcome {
  return { reply: { ...nothing, ask, text: text === '' ? 'no reason given' : text.slice(0, 256) }, state: null, answers: [] };
}
