import { existsSync } from 'node:fs';
import { readJournal } from '../../journal/reader.ts';
import { createDeskView, foldDecision, foldInput, type DeskView } from '../../projections/desk-view.ts';
import { nodeDisk } from '../../storage/file/node-disk.ts';
import { askDesk, type ControlAnswer, type ControlRequest } from '../desk/control-socket.ts';
import { exitCodeOf, explainView, viewBody, viewText } from '../desk/describe.ts';
import { exitCodes, Refusal } from '../desk/exit-codes.ts';
import { findJournal } from '../desk/journal-files.ts';
import { latencyTable } from '../up/latency-table.ts';
import { askRunningDesk } from './kill.ts';
import { printAnswer } from './output.ts';

export interface LookOptions {
  readonly dir: string;
  readonly latency?: true;
  readonly json?: true;
}

/** Asks the running desk, else folds the journal: the same view either way. */
async function look(dir: string, request: ControlRequest, fromView: (view: DeskView) => ControlAnswer): Promise<ControlAnswer> {
  if (!existsSync(dir)) throw new Refusal(exitCodes.refused, `${dir}: no such directory`);
  return (await askDesk(dir, request)) ?? fromView(await viewOf(dir));
}

async function viewOf(dir: string): Promise<DeskView> {
  const { root, folder } = await findJournal(dir);
  const view = createDeskView();
  await readJournal(nodeDisk(root), folder, (record) => {
    if (record.of === 'input') foldInput(view, record.seq, record.at, record.input);
    else foldDecision(view, record.seq, record.at, record.decision);
  });
  return view;
}

export async function runGet(what: string, id: string | undefined, options: LookOptions): Promise<void> {
  const known = ['desk', 'deployments', 'deployment'];
  if (!known.includes(what)) throw new Refusal(exitCodes.usage, `get: expected ${known.join(', ')}, was ${what}`);
  if (what === 'deployment' && id === undefined) throw new Refusal(exitCodes.usage, 'get deployment: expected its id');
  if (options.latency === true) {
    printAnswer(options.json === true, latencyTable(await askRunningDesk(options.dir, { verb: 'latency' })));
    return;
  }
  const one = what === 'deployment' ? id : undefined;
  const answer = await look(options.dir, { verb: 'get', id: one ?? '' }, (view) => ({
    exitCode: exitCodeOf(view, one),
    body: viewBody(view, one),
    text: viewText(view, one),
  }));
  printAnswer(options.json === true, answer);
}

export async function runExplain(id: string, options: LookOptions): Promise<void> {
  printAnswer(options.json === true, await look(options.dir, { verb: 'explain', id }, (view) => explainView(view, id)));
}
