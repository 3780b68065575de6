import { isExposed } from '../core/risk/exposure.ts';
import type { ListingIx } from '../domain/ids.ts';
import type { VirtualDeskOptions } from './desk-options.ts';

/** Which listings' marks go to the core by themselves; undefined = all. */
export function marksWanted({ marks = 'all', core }: VirtualDeskOptions): ((listing: ListingIx) => boolean) | undefined {
  switch (marks) {
    case 'all':
      return undefined;
    case 'held':
      return (listing) => isExposed(core.risk.exposure, listing);
    case 'asked':
      return () => false;
  }
}
