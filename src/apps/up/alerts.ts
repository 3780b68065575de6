import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AlertOutbox } from '../../ops/alerts/alert-outbox.ts';
import { consoleChannel, fileChannel, webhookChannel } from '../../ops/alerts/channels.ts';
import { keptAlerts } from '../../ops/alerts/kept-alerts.ts';

/** Where alerts of a desk go: `alerts.jsonl` in its directory, the terminal, and a webhook where one is named ('' = none). */
export function alertsOf(directory: string, webhook: string, say: (line: string) => void): AlertOutbox {
  const beside = (name: string): string => join(directory, name);
  return new AlertOutbox({
    channels: [
      fileChannel(beside('alerts.jsonl')),
      consoleChannel(beside('alerts.console'), say),
      ...(webhook === '' ? [] : [webhookChannel(webhook, beside('alerts.webhook'))]),
    ],
    kept: keptAlerts(beside('alerts.kept'), (why) => say(`alerts: what has no record cannot be kept: ${why}`)),
    wait: async (millis, signal) => {
      await sleep(millis, undefined, { signal }).catch(() => undefined);
    },
    onFailure: (channel, why, again) => say(`alerts: ${channel} failed, again in ${again / 1_000} s: ${why}`),
  });
}
