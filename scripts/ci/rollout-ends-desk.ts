import { openJournal } from '../../src/testing/journal/small-journal.ts';
import { nodeDisk } from '../../src/storage/file/node-disk.ts';
import { rolloutStory, type StoryName } from './rollout-ends/stories.ts';

// A desk that writes a story into a journal and ends by kill -9 at a record: `DIRECTORY STORY TURN RECORD`; RECORD -1 = when the turn is durable.
const [directory, name, lastTurn, lastRecord] = process.argv.slice(2);
const { turns } = rolloutStory(name as StoryName);
const journal = await openJournal(nodeDisk(directory));
const end = (): void => {
  process.kill(process.pid, 'SIGKILL');
};
for (const [n, { seq, at, input, decisions }] of turns.entries()) {
  const inputSeq = seq - decisions.length;
  journal.appendInput(inputSeq, at, input);
  for (const [k, decision] of decisions.entries()) {
    if (n === Number(lastTurn) && k === Number(lastRecord)) end();
    journal.appendDecision(inputSeq + 1 + k, at, inputSeq, decision);
  }
  // the turn before is durable, so that its end falls on this one
  if (n < Number(lastTurn) - 1 && n % 64 !== 0) continue;
  await journal.flush();
  if (n === Number(lastTurn)) {
    process.stdout.write(`${journal.durableSeq}\n`, end);
    break;
  }
}
