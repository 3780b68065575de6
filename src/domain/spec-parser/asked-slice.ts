import type { DeploymentSpec } from '../spec.ts';
import type { SpecFault } from './field-reader.ts';

/** What a slice that is asked for says of a spec; empty members are not said. */
export interface AskedSlice {
  readonly algorithmID?: string;
  readonly accountGroup?: string;
  readonly currency?: string;
}

/** `momentum@main.USD` or `main.USD` in its parts; a group may have points of its own. What is neither is a fault. */
export function askedSlice(text: string, faults: SpecFault[]): AskedSlice {
  const parts = /^(?:([^@]+)@)?([^@]+)\.([^@.]+)$/.exec(text);
  if (parts === null) {
    faults.push({ path: 'slice', text: `expected ALGORITHM@GROUP.CURRENCY or GROUP.CURRENCY, was ${text === '' ? "''" : text}` });
    return {};
  }
  const [, algorithmID, accountGroup, currency] = parts;
  return { accountGroup, currency, ...(algorithmID === undefined ? {} : { algorithmID }) };
}

/** A spec says itself which slice it is of; asking for another one is a contradiction, not a default. */
export function refuseOtherSlice(spec: DeploymentSpec, asked: AskedSlice, faults: SpecFault[]): void {
  const { algorithmID = spec.algorithmID, accountGroup, currency } = asked;
  if (accountGroup === undefined || currency === undefined) return;
  const sliceID = `${algorithmID}@${accountGroup}.${currency}`;
  if (spec.sliceID !== sliceID)
    faults.push({ path: 'slice', text: `expected a spec of the slice ${sliceID} that was asked for, was of ${spec.sliceID}` });
}
