import { askDesk, type ControlAnswer, type ControlRequest } from '../desk/control-socket.ts';
import { exitCodes, Refusal } from '../desk/exit-codes.ts';
import { needDirectory } from '../desk/need-directory.ts';
import { printAnswer } from './output.ts';
import { speakerOf, type SpeakerOptions } from './speaker.ts';

/** Asks the desk of a directory; without one the sentence says so (exit 4). */
export async function askRunningDesk(dir: string, request: ControlRequest, asked = request.verb): Promise<ControlAnswer> {
  needDirectory(dir);
  const answer = await askDesk(dir, request);
  if (answer === undefined) throw new Refusal(exitCodes.refused, `no desk is running in ${dir}: ${asked} needs one`);
  return answer;
}

export interface KillOptions extends SpeakerOptions {
  readonly reason: string;
  readonly target: string;
}

export async function runKill(options: KillOptions): Promise<void> {
  printAnswer(
    options.json === true,
    await askRunningDesk(options.dir, { verb: 'kill', reason: options.reason, target: options.target, ...speakerOf(options) }),
  );
}
