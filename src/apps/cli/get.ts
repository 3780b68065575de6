import { suggest } from '../../base/suggest.ts';
import { readJournal, type JournalEnd } from '../../journal/reader.ts';
import { createDeskView, foldDecision, foldInput, type DeskView } from '../../projections/desk-view.ts';
import { nodeDisk } from '../../storage/file/node-disk.ts';
import { askDesk, type ControlAnswer, type ControlRequest } from '../desk/control-socket.ts';
import { comparedAnswer } from '../desk/describe-compared.ts';
import { exitCodeOf, viewBody, viewText } from '../desk/describe.ts';
import { exitCodes, Refusal } from '../desk/exit-codes.ts';
import { findJournal } from '../desk/journal-files.ts';
import { killAsked } from '../desk/kill-note.ts';
import { needDirectory } from '../desk/need-directory.ts';
import { explainView } from '../verbs/explain.ts';
import { latencyTable } from '../up/latency-table.ts';
import { askRunningDesk } from './kill.ts';
import { printAnswer } from './output.ts';
import { watchTree } from './watch.ts';

export interface LookOptions {
  readonly dir: string;
  readonly latency?: true;
  readonly watch?: true;
  readonly timeout?: number;
  readonly json?: true;
}

/** Asks the running desk, else folds the journal: the same view either way. */
export async function look(dir: string, request: ControlRequest, fromView: (view: DeskView) => ControlAnswer): Promise<ControlAnswer> {
  needDirectory(dir);
  const running = await askDesk(dir, request);
  if (running !== undefined) return running;
  const { view, end, root } = await viewOf(dir);
  const answer = fromView(view);
  if (end.kind === 'finished') return answer;
  const asked = killAsked(root);
  const killed = asked === undefined ? '' : `\nKILLED, ${asked}: the next start engages the kill switch`;
  const text = `${answer.text}\n${endText(end, dir)}${killed}`;
  const body = { ...(answer.body as object), journal: end.kind, ...(asked === undefined ? {} : { killAsked: asked }) };
  return { exitCode: end.kind === 'damaged' ? exitCodes.aborted : answer.exitCode, body, text };
}

/** What a reader of a view has to know about a journal that was not closed in good order. */
function endText({ kind, file, offset, what, lastSeq }: JournalEnd, dir: string): string {
  if (kind === 'damaged')
    return `the journal is damaged behind record ${lastSeq}, this is the desk before that: ${what} (${file} at byte ${offset})`;
  return `the desk is gone and did not close its journal: plimsoll recover --dry-run ${dir} says what the next start would do`;
}

async function viewOf(dir: string): Promise<{ readonly view: DeskView; readonly end: JournalEnd; readonly root: string }> {
  const { root, folder } = await findJournal(dir);
  const view = createDeskView();
  const end = await readJournal(nodeDisk(root), folder, (record) => {
    if (record.of === 'input') foldInput(view, record.seq, record.at, record.input);
    else foldDecision(view, record.seq, record.at, record.decision);
  });
  return { view, end, root };
}

export async function runGet(what: string, id: string | undefined, options: LookOptions): Promise<void> {
  const known = ['desk', 'deployments', 'deployment'];
  if (!known.includes(what)) throw new Refusal(exitCodes.usage, `get: expected ${known.join(', ')}, was ${what}${suggest(what, known)}`);
  if (what === 'deployment' && id === undefined) throw new Refusal(exitCodes.usage, 'get deployment: expected its id');
  if (options.latency === true) {
    printAnswer(options.json === true, latencyTable(await askRunningDesk(options.dir, { verb: 'latency' })));
    return;
  }
  const one = what === 'deployment' ? id : undefined;
  if (options.watch === true) {
    if (one === undefined) throw new Refusal(exitCodes.usage, `get ${what}: --watch is for one deployment`);
    await watchTree(one, options);
    return;
  }
  const answer = await look(options.dir, { verb: 'get', id: one ?? '' }, (view) => ({
    exitCode: exitCodeOf(view, one),
    body: viewBody(view, one),
    text: viewText(view, one),
  }));
  printAnswer(options.json === true, answer);
}

export async function runCompared(id: string, options: Pick<LookOptions, 'dir' | 'json'>): Promise<void> {
  printAnswer(options.json === true, await look(options.dir, { verb: 'compared', id }, (view) => comparedAnswer(view, id)));
}

export async function runExplain(id: string, options: LookOptions): Promise<void> {
  printAnswer(options.json === true, await look(options.dir, { verb: 'explain', id }, (view) => explainView(view, id)));
}
