import { posix } from 'node:path';
import type { Fault } from './fault.ts';
import { roomOf, rooms, surface, testing, wiring, type Room } from './rooms.ts';
import { importsOf, parse, type Import } from './syntax.ts';
import { isTest, type TextFile } from './tree.ts';

/** Path of the imported file relative to the root; undefined for packages and Node's modules. */
export function targetOf(from: string, specifier: string): string | undefined {
  return specifier.startsWith('.') ? posix.normalize(posix.join(posix.dirname(from), specifier)) : undefined;
}

/** The house's table of who may import whom, over one file below src. */
export function importFaults(file: TextFile): { faults: Fault[]; seen: number } {
  const imports = importsOf(parse(file));
  const faults: Fault[] = [];
  for (const one of imports) {
    const sentence = refusal(file.path, one);
    if (sentence !== undefined) faults.push({ path: file.path, line: one.line, sentence });
  }
  return { faults, seen: imports.length };
}

function refusal(from: string, one: Import): string | undefined {
  const target = targetOf(from, one.specifier);
  if (target !== undefined && /^\.\.\/|^(dist|node_modules|bench|examples|scripts)\//.test(target)) {
    return `src imports from src only, was ${one.specifier}`;
  }
  if (target !== undefined && !target.startsWith('src/')) return undefined;
  if (target !== undefined && !/\.(ts|json)$/.test(target))
    return `an import of a file names it with its ending .ts, was '${one.specifier}'`;
  if (isTest(from)) return testRefusal(from, target);
  if (from === surface.path) return surfaceRefusal(target);
  const name = roomOf(from);
  if (name === wiring) return targetRoomIs(target, testing) ? `${testing} is imported by tests only` : undefined;
  const room = rooms.find((one) => one.name === name);
  if (room === undefined)
    return `${from} stands in no room: put it into one of ${rooms.map((one) => one.name).join(', ')}, ${wiring}, ${testing}`;
  return target === undefined ? outsideRefusal(room, one.specifier) : roomRefusal(room, from, target, one);
}

function targetRoomIs(target: string | undefined, name: string): boolean {
  return target !== undefined && roomOf(target) === name;
}

function testRefusal(from: string, target: string | undefined): string | undefined {
  if (!targetRoomIs(target, wiring) || from.startsWith(`src/${wiring}/`)) return undefined;
  return `nobody imports ${wiring} but tests that stand in it: start bin/plimsoll, or use the rooms that it wires`;
}

function surfaceRefusal(target: string | undefined): string | undefined {
  if (target !== undefined && surface.mayImport.some((name) => target.startsWith(`src/${name}/`))) return undefined;
  return `${surface.path} shows ${surface.mayImport.join(', ')} only`;
}

function outsideRefusal(room: Room, specifier: string): string | undefined {
  const allowed = whatIsAllowed(room);
  if (specifier.startsWith('node:')) return room.node ? undefined : `${room.name} imports nothing of Node (${specifier}); ${allowed}`;
  return room.packages ? undefined : `${room.name} has no dependency (${specifier}); ${allowed}`;
}

function roomRefusal(room: Room, from: string, target: string, one: Import): string | undefined {
  const own = `src/${room.name}/`;
  if (target.startsWith(own) && roomOf(target) === room.name) {
    if (!room.strangers || firstFolder(target, own) === undefined || firstFolder(target, own) === firstFolder(from, own)) return undefined;
    return `${firstFolder(from, own) ?? room.name} and ${firstFolder(target, own)} are strangers to each other: what both need stands directly in ${own}`;
  }
  if (room.mayImport.some((name) => target.startsWith(`src/${name}/`))) {
    if (room.name === 'ui' && roomOf(target) === 'api' && !one.typeOnly) return 'ui may import types of api only (import type)';
    return undefined;
  }
  return `${room.name} may not import ${roomOf(target) ?? target} (${one.specifier}); ${whatIsAllowed(room)}`;
}

/** First folder below the room, undefined for a file that stands directly in it. */
function firstFolder(path: string, own: string): string | undefined {
  const parts = path.slice(own.length).split('/');
  return parts.length > 1 ? parts[0] : undefined;
}

function whatIsAllowed(room: Room): string {
  const reach = [...room.mayImport, ...(room.node ? ['node:'] : []), ...(room.packages ? ['packages'] : [])];
  return `allowed from ${room.name}: ${reach.length > 0 ? reach.join(', ') : 'nothing but its own files'}`;
}
