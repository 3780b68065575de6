import { parseKillTarget } from '../../domain/kill.ts';
import { askerOfRequest } from '../desk/control.ts';
import type { ControlAnswer, ControlRequest } from '../desk/control-socket.ts';
import { exitCodes } from '../desk/exit-codes.ts';
import { refusalOf } from '../verbs/ask-verb.ts';
import { isLook } from '../verbs/looks.ts';
import type { People } from '../verbs/people-file.ts';
import type { DeskThreads } from './desk-threads.ts';

/** What anybody at the machine may look at. */
function isOpen(verb: string): boolean {
  return isLook(verb) || verb === 'latency' || verb === 'memory';
}

/** Requests of other terminals; the kill switch does not wait for the core. */
export async function controlled(threads: DeskThreads, people: People, request: ControlRequest): Promise<ControlAnswer> {
  if (request.verb === 'people') return refusalOf(exitCodes.usage, 'UNKNOWN_VERB', 'people: the desk alone says who its people are');
  const asker = isOpen(request.verb) ? null : askerOfRequest(people, request);
  if (asker !== null && 'exitCode' in asker) return asker;
  const reason = typeof request['reason'] === 'string' && request['reason'] !== '' ? request['reason'] : 'killed from another terminal';
  const target = parseKillTarget(typeof request['target'] === 'string' ? request['target'] : 'firm');
  // a target that is none is refused by whoever reads it
  const answer =
    request.verb === 'kill' && target !== undefined
      ? await threads.kill(reason.slice(0, 256), target, asker)
      : await threads.ask(request, undefined, undefined, asker);
  const text = 'the core of the desk did not answer; the kill switch does not need it';
  return answer ?? { exitCode: exitCodes.timeout, body: { error: text, exitCode: exitCodes.timeout }, text };
}
