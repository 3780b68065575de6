import { targetOf } from './import-rules.ts';
import { roomOf } from './rooms.ts';
import { importsOf, parse } from './syntax.ts';
import { isTest, isTypeScript, type TextFile } from './tree.ts';

/** What imports what, without tests. */
export interface ImportGraph {
  readonly files: number;
  readonly edges: readonly ImportEdge[];
}

export interface ImportEdge {
  readonly from: string;
  readonly to: string;
  /** Gone after compilation. */
  readonly typeOnly: boolean;
}

export function importGraph(files: readonly TextFile[]): ImportGraph {
  const sources = files.filter((file) => isTypeScript(file) && file.path.startsWith('src/') && !isTest(file.path));
  const edges = sources.flatMap((file) =>
    importsOf(parse(file)).flatMap((one): ImportEdge[] => {
      const to = targetOf(file.path, one.specifier);
      return to === undefined ? [] : [{ from: file.path, to, typeOnly: one.typeOnly }];
    }),
  );
  return { files: sources.length, edges };
}

/** The graph with files put together under a name: rooms, or parts of a room. Dashed where only types are known. */
export function mermaid(graph: ImportGraph, nameOf: (path: string) => string | undefined): string {
  const types = new Set<string>();
  const values = new Set<string>();
  for (const edge of graph.edges) {
    const from = nameOf(edge.from);
    const to = nameOf(edge.to);
    if (from === undefined || to === undefined || from === to) continue;
    (edge.typeOnly ? types : values).add(`${from} ${to}`);
  }
  const arrows = [...new Set([...types, ...values])].sort().map((edge) => {
    const [from = '', to = ''] = edge.split(' ');
    return `  ${nodeID(from)}["${from}"] ${values.has(edge) ? '-->' : '-.->'} ${nodeID(to)}["${to}"]`;
  });
  return ['```mermaid', 'flowchart LR', ...arrows, '```'].join('\n');
}

/** Not the name itself: `end` and the like are words of mermaid. */
function nodeID(name: string): string {
  return `n_${name.replace(/[^a-z0-9]/gi, '_')}`;
}

/** Name of the room, or of the public surface. */
export function roomName(path: string): string | undefined {
  return path.startsWith('src/') ? (roomOf(path) ?? path) : undefined;
}

/** Part of a room: a folder in it, or a file directly in it. */
export function partName(room: string): (path: string) => string | undefined {
  const own = `src/${room}/`;
  return (path) => (path.startsWith(own) ? path.slice(own.length).split('/')[0]?.replace(/\.ts$/, '') : undefined);
}

/** Circles of files that need each other at run time, each as the list of its files; circles of types are harmless. */
export function circles(graph: ImportGraph): string[][] {
  const targets = new Map<string, string[]>();
  for (const edge of graph.edges) {
    if (!edge.typeOnly) targets.set(edge.from, [...(targets.get(edge.from) ?? []), edge.to]);
  }
  const found: string[][] = [];
  const done = new Set<string>();
  const trail: string[] = [];
  function follow(path: string): void {
    const start = trail.indexOf(path);
    if (start >= 0) found.push([...trail.slice(start), path]);
    if (start >= 0 || done.has(path)) return;
    trail.push(path);
    for (const target of targets.get(path) ?? []) follow(target);
    trail.pop();
    done.add(path);
  }
  for (const path of [...targets.keys()].sort()) follow(path);
  return found;
}
