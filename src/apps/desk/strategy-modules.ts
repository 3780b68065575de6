import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { StrategyDefinition } from '../../ports/strategy.ts';
import { moduleBeside } from '../../runtime/threads.ts';
import { exitCodes, Refusal } from './exit-codes.ts';
import { bookStrategies, strategyNamed } from './strategies.ts';

/** Module in which host threads find the built-in versions. */
export const builtInModule = moduleBeside(import.meta.url, './strategies');

/** A definition and the module that a host thread loads it from. */
export interface StrategySource {
  readonly definition: StrategyDefinition;
  /** File URL. */
  readonly module: string;
}

/** A strategy by its built-in name, or the one that a module of your own exports (anything with a slash or an ending). */
export async function findStrategy(asked: string, among: readonly StrategyDefinition[] = bookStrategies): Promise<StrategySource> {
  if (!/[/\\]|\.(js|mjs|ts)$/.test(asked)) {
    const definition = strategyNamed(asked, among);
    if (typeof definition === 'string')
      throw new Refusal(exitCodes.refused, `${definition}; the path of a module of your own is taken too`);
    return { definition, module: builtInModule };
  }
  const path = resolve(asked);
  if (!existsSync(path)) throw new Refusal(exitCodes.refused, `strategy: expected the path of a module, no such file: ${asked}`);
  const module = pathToFileURL(path).href;
  const found = definitionsIn(await load(asked, module));
  if (found.length !== 1) {
    const names = found.map((one) => `${one.name} ${one.version}`).join(', ');
    throw new Refusal(exitCodes.refused, `${asked}: expected one strategy among its exports, was ${found.length === 0 ? 'none' : names}`);
  }
  return { definition: found[0], module };
}

/** Versions as their modules export them, in the same order. */
export async function definitionsOf(
  versions: readonly { readonly name: string; readonly version: string; readonly module: string }[],
): Promise<readonly StrategyDefinition[]> {
  const found: StrategyDefinition[] = [];
  for (const { name, version, module } of versions) {
    const one = definitionsIn(await load(module, module)).find((of) => of.name === name && of.version === version);
    if (one === undefined) throw new Refusal(exitCodes.refused, `${module}: ${name} ${version} is not among its exports`);
    found.push(one);
  }
  return found;
}

async function load(asked: string, module: string): Promise<object> {
  try {
    const exports: unknown = await import(module);
    return exports as object;
  } catch (error) {
    const plain = asked.endsWith('.ts') && error instanceof Error && error.message.startsWith('Unknown file extension');
    if (plain) throw new Refusal(exitCodes.refused, `${asked}: this Node loads no TypeScript; give the .js that tsc makes of it`);
    const reason = error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : String(error);
    throw new Refusal(exitCodes.refused, `${asked}: cannot be loaded: ${reason}`);
  }
}

function definitionsIn(exports: object): readonly StrategyDefinition[] {
  return Object.values(exports)
    .flat()
    .filter(
      (value: unknown): value is StrategyDefinition =>
        typeof value === 'object' && value !== null && 'create' in value && 'parse' in value && 'name' in value && 'version' in value,
    );
}
