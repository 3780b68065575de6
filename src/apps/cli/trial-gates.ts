import { isPlainObject, type PlainObject, type PlainValue } from '../../domain/spec-parser/field-reader.ts';
import { splitVersion } from '../../domain/spec-parser/spec-parser.ts';
import { sealTrials, type CountedTrials, type TriedVersion } from '../../domain/trial-seal.ts';
import type { TrialRegistry } from '../../research/trial-registry.ts';
import { exitCodes, Refusal } from '../desk/exit-codes.ts';

/** What a spec may leave out because the command line says it. */
export interface NamedVersion {
  readonly algorithm: string | undefined;
  readonly version: string | undefined;
}

/** The trials of a version in the registry. @throws Refusal where it was never tried there */
export function trialsIn(registry: TrialRegistry, { algorithmID, version }: Pick<TriedVersion, 'algorithmID' | 'version'>): CountedTrials {
  const { trials, variance, versions } = registry.trialsEver(algorithmID);
  if (!versions.has(version))
    throw new Refusal(
      exitCodes.refused,
      `registry ${registry.folder}: expected trials of ${algorithmID} ${version}, was none: a version that was never tried there has no number of trials`,
    );
  return { trials, trialVariance: variance };
}

/**
 * Writes into every gate `dsr` of a spec, and of what follows it, how often its algorithm was tried; a spec that asks for no such gate opens no registry.
 * @throws Refusal where the spec says another number than the registry
 */
export function withTrials(spec: PlainObject, named: NamedVersion, open: () => TrialRegistry): PlainObject {
  const nested = isPlainObject(spec['configuration']) ? spec['configuration'] : undefined;
  const body = nested ?? spec;
  const tried = triedVersion(spec, named);
  const gates = body['gates'];
  const then = body['then'];
  const filled: PlainObject = {
    ...body,
    ...(isList(gates) ? { gates: gates.map((gate) => (isDeflated(gate) ? counted(gate, tried, open()) : gate)) } : {}),
    ...(isPlainObject(then) ? { then: withTrials(then, { algorithm: tried.algorithmID, version: tried.version }, open) } : {}),
  };
  return nested === undefined ? filled : { ...spec, configuration: filled };
}

const isList = (value: PlainValue | undefined): value is readonly PlainValue[] => Array.isArray(value);

function isDeflated(gate: PlainValue): gate is PlainObject {
  return isPlainObject(gate) && gate['test'] === 'dsr';
}

function triedVersion(spec: PlainObject, { algorithm, version }: NamedVersion): TriedVersion {
  const text = (value: PlainValue | undefined): string | undefined => (typeof value === 'string' ? value : undefined);
  const split = splitVersion(text(spec['algorithmId']) ?? algorithm ?? '');
  const own = spec['algorithm'];
  const parameters = isPlainObject(own) && isPlainObject(own['parameters']) ? own['parameters'] : {};
  return {
    algorithmID: split.algorithmID,
    version: text(spec['version']) ?? split.version ?? version ?? '',
    parameters: parameters as TriedVersion['parameters'],
  };
}

function counted(gate: PlainObject, tried: TriedVersion, registry: TrialRegistry): PlainObject {
  const found = trialsIn(registry, tried);
  const said = { ...found, sealed: sealTrials(tried, found) };
  for (const [name, value] of Object.entries(said))
    if (name in gate && gate[name] !== value)
      throw new Refusal(
        exitCodes.refused,
        `gate ${JSON.stringify(gate['name'])}: ${name}: the spec says ${JSON.stringify(gate[name])}, the registry ${registry.folder} ${JSON.stringify(value)} of ${tried.algorithmID} ${tried.version}`,
      );
  return { ...gate, ...said };
}
