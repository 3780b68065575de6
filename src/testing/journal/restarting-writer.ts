import { nodeDisk } from '../../storage/file/node-disk.ts';
import { restartJournal } from './recovered-desk.ts';
import { appendTurn, sampleTurns } from './sample-records.ts';
import { openJournal } from './small-journal.ts';

/**
 * Goes on with the journal in the directory given, or begins it, and writes until it is killed. Prints `found SEQ TERM` first, then every seq that was
 * acknowledged, one per line.
 */
const disk = nodeDisk(process.argv[2]);
const restart = await restartJournal(disk);
if (restart.kind === 'refused' || restart.kind === 'finished') {
  process.stdout.write(`refused ${restart.kind === 'refused' ? restart.message : 'finished'}\n`);
  process.exit(1);
}
const journal = restart.kind === 'continued' ? restart.journal : await openJournal(disk);
const found = restart.kind === 'continued' ? restart.found : undefined;
process.stdout.write(`found ${found?.end.lastSeq ?? 0} ${found?.header.term ?? 0}\n`);
const turns = sampleTurns(52, 200);
for (let n = 0; ; n++) {
  appendTurn(journal, turns[n % turns.length]);
  if (n % 3 !== 0) continue;
  const flushed = await journal.flush();
  if (!flushed.ok) throw new Error(flushed.message);
  process.stdout.write(`${flushed.durableSeq}\n`);
}
