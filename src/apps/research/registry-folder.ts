import { homedir } from 'node:os';
import { join } from 'node:path';
import { TrialRegistry } from '../../research/trial-registry.ts';
import { exitCodes, Refusal } from '../desk/exit-codes.ts';

/** Below the user's data directory, so that another working directory is no fresh start. */
export function defaultRegistry(): string {
  const data = process.env['XDG_DATA_HOME'];
  return join(data === undefined || data === '' ? join(homedir(), '.local', 'share') : data, 'plimsoll', 'registry');
}

/** Where nothing can be written below the user's directory, the registry is in the current one. */
const besides = join('.plimsoll', 'registry');

/** The registry of trials in a folder that was named, or in the default one. @throws Refusal when trials cannot be counted */
export function openRegistry(folder: string | undefined): TrialRegistry {
  const faults: string[] = [];
  for (const path of folder === undefined ? [defaultRegistry(), besides] : [folder]) {
    try {
      const registry = new TrialRegistry(path);
      registry.requireWritable();
      return registry;
    } catch (error) {
      faults.push(`${path}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  throw new Refusal(exitCodes.refused, `registry: expected a folder in which trials can be counted, was ${faults.join('; ')}`);
}
