import { moduleBeside } from '../../runtime/threads.ts';
import { deskEntries } from './desk-threads.ts';
import { runUp } from './up.ts';

/** `plimsoll up` with a fault planted in one of its threads. Arguments: directory, configuration, who has it (`core`, `main`, or a fault of planted-gateway.ts), seconds. */
const [, , dir, config, planted, seconds] = process.argv;
const entries = { core: moduleBeside(import.meta.url, './planted-core'), gateway: moduleBeside(import.meta.url, './planted-gateway') };
const plantedEntries = planted === 'core' ? { core: entries.core } : /^(gateway|venue)/.test(planted) ? { gateway: entries.gateway } : {};
process.env['PLIMSOLL_PLANTED'] = planted;
if (planted === 'main')
  process.on('SIGUSR2', () => {
    throw new TypeError('planted in main');
  });
await runUp({ dir, config, seconds: Number(seconds) }, { ...deskEntries, ...plantedEntries });
