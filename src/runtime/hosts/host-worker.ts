import { workerData } from 'node:worker_threads';
import type { StrategyDefinition } from '../../ports/strategy.ts';
import { Doorbell } from '../rings/doorbell.ts';
import { HostBoard } from './host-board.ts';
import { HostLoop, type HostSetting } from './host-loop.ts';

/** Entry of a host's thread. */
function isDefinition(value: unknown): value is StrategyDefinition {
  return typeof value === 'object' && value !== null && 'create' in value && 'parse' in value && 'name' in value && 'version' in value;
}

const known = new Map<string, readonly StrategyDefinition[]>();

/** A definition is an export of its module, or stands in a list that is one. A module is asked for once: a hundred rows that move do not wait a hundred times. */
async function find(module: string, name: string, version: string): Promise<StrategyDefinition | undefined> {
  let definitions = known.get(module);
  if (definitions === undefined) {
    const exports: unknown = await import(module);
    definitions = Object.values(exports as Record<string, unknown>)
      .flat()
      .filter(isDefinition);
    known.set(module, definitions);
  }
  return definitions.find((one) => one.name === name && one.version === version);
}

const setting = (workerData as { readonly data: HostSetting }).data;
process.once('exit', () => {
  new HostBoard(setting.board).leaves();
  new Doorbell(setting.coreBell, false).ring();
});
void new HostLoop(setting, find).run().then(() => process.exit(0));
