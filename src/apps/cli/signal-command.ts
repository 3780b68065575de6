import type { Command } from 'commander';
import { exitCodes, Refusal } from '../desk/exit-codes.ts';
import { askRunningDesk } from './kill.ts';
import { printAnswer } from './output.ts';
import { addSpeaker, speakerOf, type SpeakerOptions } from './speaker.ts';

interface SignalOptions extends SpeakerOptions {
  readonly reason: string;
  readonly knownAt?: string;
}

export function addSignal(plimsoll: Command): void {
  addSpeaker(
    plimsoll
      .command('signal')
      .description('tell a desk the level of the volatility index; one that cuts sizes everywhere takes one person, any other a second one')
      .argument('<signal>', 'VIX')
      .argument('<level>', 'in index points'),
  )
    .option('--known-at <time>', 'when it was so, like 2026-11-30T14:00:00Z; left out: now, as the desk counts time')
    .option('--reason <text>', 'goes into the journal', 'level told from the command line')
    .action((name: string, level: string, options: SignalOptions) => tell(name, level, options));
}

async function tell(name: string, level: string, options: SignalOptions): Promise<void> {
  const value = Number(level);
  if (!/^\d+(\.\d+)?$/.test(level.trim()))
    throw new Refusal(exitCodes.usage, `signal ${name}: expected a level in points like 31.4, was ${level}`);
  const { dir, reason, knownAt } = options;
  const request = { verb: 'signal', id: name, value, reason, ...(knownAt === undefined ? {} : { knownAt }), ...speakerOf(options) };
  printAnswer(options.json === true, await askRunningDesk(dir, request));
}
