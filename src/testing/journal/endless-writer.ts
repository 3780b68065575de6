import { nodeDisk } from '../../storage/file/node-disk.ts';
import { appendTurn, sampleTurns } from './sample-records.ts';
import { openJournal } from './small-journal.ts';

/** Writes a journal into the directory given until it is killed; prints every seq that was acknowledged, one per line. */
const journal = await openJournal(nodeDisk(process.argv[2]));
const turns = sampleTurns(51, 200);
for (let n = 0; ; n++) {
  appendTurn(journal, turns[n % turns.length]);
  if (n % 3 !== 0) continue;
  const flushed = await journal.flush();
  if (!flushed.ok) throw new Error(flushed.message);
  process.stdout.write(`${flushed.durableSeq}\n`);
}
