import type { Command } from 'commander';
import { askRunningDesk } from './kill.ts';
import { printAnswer } from './output.ts';
import { addAsker, speakerOf, type SpeakerOptions } from './speaker.ts';

export function addReconcile(plimsoll: Command): void {
  addAsker(plimsoll.command('reconcile'))
    .description('compare the desk with its venues now: orders, fills, positions')
    .addHelpText(
      'after',
      '\nExit 0: no break is open; 1: some are, and their rules are at work; 2: a venue\nhas not answered; 3: some wait for a person; 4: no desk runs there,\nor it refuses.',
    )
    .action((options: SpeakerOptions) => runReconcile(options));
}

async function runReconcile(options: SpeakerOptions): Promise<void> {
  printAnswer(options.json === true, await askRunningDesk(options.dir, { verb: 'reconcile', ...speakerOf(options) }));
}
