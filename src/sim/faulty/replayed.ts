import { stateHash } from '../../core/engine.ts';
import { createDecisionComparer } from '../../journal/diff.ts';
import { recoverDesk } from '../../runtime/recovery.ts';
import { settle } from './agenda.ts';
import { coreDigest } from './stage.ts';
import { directory, type SimWorld } from './world.ts';

/** '' or in what the state that a world's journal derives differs from its desk's: nothing of that may have come from elsewhere. */
export async function replayed(world: SimWorld): Promise<string> {
  const { desk, disk } = world;
  if (desk === undefined) return 'no desk is there';
  const flushed = desk.journal.flush();
  for (let n = 0; n < 1_000 && desk.journal.durableSeq < desk.journal.nextSeq - 1; n++) if (world.step()) await settle();
  const { ok, durableSeq } = await flushed;
  if (!ok) return 'the journal takes no more';
  const hash = stateHash(desk.core);
  const found = await recoverDesk({
    disk: disk.mount(),
    directory,
    capacities: world.capacities,
    coreDigest,
    same: createDecisionComparer(),
  });
  if (!found.ok) return disk.history.lies > 0 ? '' : `${found.error.code} ${found.error.message}`;
  if (found.value.found.end.lastSeq < durableSeq) return `record ${durableSeq} is missing`;
  if (desk.journal.durableSeq > durableSeq) return '';
  return stateHash(found.value.core) === hash ? '' : 'the state of the journal is not the state of the desk';
}
