import { setTimeout as sleep } from 'node:timers/promises';
import { micros } from '../../base/units.ts';
import { AlertOutbox } from '../../ops/alerts/alert-outbox.ts';
import { fileChannel, webhookChannel } from '../../ops/alerts/channels.ts';

/** Sends the alerts of a journal that never changes, 1 to N, into a file and to a webhook, until it is killed or done. Arguments: directory, URL, N. */
const [, , directory, url, count] = process.argv;
const outbox = new AlertOutbox({
  channels: [fileChannel(`${directory}/alerts.jsonl`), webhookChannel(url, `${directory}/webhook.cursor`)],
  wait: async (millis, signal) => {
    await sleep(Math.min(millis, 20), undefined, { signal }).catch(() => undefined);
  },
});
for (let seq = 1; seq <= Number(count); seq++)
  outbox.take({ id: String(seq), seq, at: micros(seq), severity: 'high', subject: 'TEST', text: `alert ${seq}` });
while (outbox.waiting > 0) await sleep(2);
await outbox.end(0);
