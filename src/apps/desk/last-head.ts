import { checkpointsName } from '../../journal/inspect.ts';
import { splitNotes } from '../../journal/checkpoint.ts';
import { readWhole } from '../../journal/whole-file.ts';
import { nodeDisk } from '../../storage/file/node-disk.ts';

/** Newest checkpoint in the file of a journal; '' = none yet. */
export async function lastHead(root: string, folder: string): Promise<string> {
  const disk = nodeDisk(root);
  const path = `${folder}/${checkpointsName}`;
  if (!(await disk.exists(path))) return '';
  return splitNotes(new TextDecoder().decode(await readWhole(disk, path))).notes.at(-1) ?? '';
}
