import { fileFaults, moduleFaults } from './file-rules.ts';
import type { Fault } from './fault.ts';
import { circles, importGraph } from './import-graph.ts';
import { importFaults } from './import-rules.ts';
import { purityFaults } from './pure-rules.ts';
import { indexFaults, linkFaults } from './link-rules.ts';
import { textFaults } from './text-rules.ts';
import { entryFaults, threadFaults } from './thread-rule.ts';
import { isTypeScript, type TextFile } from './tree.ts';

/** What was looked at and what was found; a count of zero means that the checker was blind. */
export interface Inspection {
  readonly files: number;
  readonly sources: number;
  readonly imports: number;
  readonly faults: readonly Fault[];
}

export function inspect(files: readonly TextFile[]): Inspection {
  const faults: Fault[] = [];
  let sources = 0;
  let imports = 0;
  const known = new Set(files.map((file) => file.path));
  for (const file of files) {
    faults.push(...fileFaults(file), ...textFaults(file), ...linkFaults(file, known));
    if (!isTypeScript(file)) continue;
    faults.push(...moduleFaults(file), ...entryFaults(file));
    if (!file.path.startsWith('src/')) continue;
    sources += 1;
    const { faults: broken, seen } = importFaults(file);
    imports += seen;
    faults.push(...broken, ...purityFaults(file), ...threadFaults(file));
  }
  faults.push(...indexFaults(files));
  for (const circle of circles(importGraph(files))) faults.push(circleFault(circle));
  return { files: files.length, sources, imports, faults };
}

function circleFault(circle: readonly string[]): Fault {
  const sentence = `files in a circle: ${circle.join(' -> ')}; put what they share into a file of its own, or import only the type`;
  return { path: circle[0] ?? '', line: 0, sentence };
}
