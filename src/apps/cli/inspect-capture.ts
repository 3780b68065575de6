import { inspectCapture } from '../../feeds/inspect.ts';
import { exitCodes, Refusal } from '../desk/exit-codes.ts';
import { print } from './output.ts';

export interface InspectOptions {
  readonly json?: true;
}

/** What a capture holds; exit 1 when something is wrong with it. */
export function runDataInspect(file: string, options: InspectOptions): void {
  const inspected = inspectCapture(file);
  if (!inspected.ok) throw new Refusal(exitCodes.refused, inspected.error);
  const summary = inspected.value;
  const lines = Object.entries(summary)
    .filter(([, value]) => !Array.isArray(value) || value.length > 0)
    .map(([name, value]) => `${name.padEnd(22)} ${shown(value)}`);
  print(options.json === true, summary, lines.join('\n'));
  if (summary.gaps > 0 || summary.malformed > 0) process.exitCode = exitCodes.aborted;
}

function shown(value: unknown): string {
  if (Array.isArray(value))
    return value.map((item) => `\n  ${typeof item === 'object' ? Object.values(item as object).join('  ') : String(item)}`).join('');
  if (typeof value === 'object' && value !== null)
    return Object.entries(value)
      .map(([name, part]) => `${name} ${String(part)}`)
      .join(', ');
  return typeof value === 'number' ? value.toLocaleString('en-US') : String(value);
}
