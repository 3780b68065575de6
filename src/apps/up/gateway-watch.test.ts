import { expect, test } from 'vitest';
import { gatewayWatch, goneAfter, goneUnderKill, silentAfter } from './gateway-watch.ts';

/** What a watch says when it looks every 100 ms at a gateway that makes turns while `lives` says so. */
function watched(millis: number, lives: (now: number) => boolean, killed: (now: number) => boolean = () => false): readonly string[] {
  const said: string[] = [];
  let now = 0;
  const watch = gatewayWatch({
    silent: () => said.push(`silent at ${now}`),
    again: (still) => said.push(`again at ${now} after ${still}`),
    gone: (still) => said.push(`gone at ${now} after ${still}`),
  });
  for (let turns = 0; now <= millis; now += 100) watch.look(lives(now) ? ++turns : turns, killed(now), now);
  return said;
}

test('a gateway that goes on is no matter, for however long', () => {
  expect(watched(2 * goneAfter, () => true)).toEqual([]);
});

test('one that stands still is told of once, and once more when it goes on', () => {
  expect(watched(20_000, (now) => now < 1_000 || now >= 9_000)).toEqual([`silent at ${900 + silentAfter}`, 'again at 9000 after 8000']);
});

test('one that stands still for five minutes is gone, once', () => {
  expect(watched(3 * goneAfter, (now) => now < 1_000)).toEqual([
    `silent at ${900 + silentAfter}`,
    `gone at ${900 + goneAfter} after ${goneAfter}`,
  ]);
});

test('under the kill switch, whose cancels it should carry, it is gone after seconds', () => {
  expect(
    watched(
      60_000,
      (now) => now < 1_000,
      (now) => now >= 3_000,
    ),
  ).toEqual([`silent at ${900 + silentAfter}`, `gone at ${900 + goneUnderKill} after ${goneUnderKill}`]);
});

test('a machine that stood still says nothing about the gateway', () => {
  const said: string[] = [];
  const watch = gatewayWatch({ silent: () => said.push('silent'), again: () => undefined, gone: () => said.push('gone') });
  watch.look(1, true, 0);
  watch.look(1, true, 3_600_000);
  watch.look(2, true, 3_600_100);
  expect(said).toEqual([]);
});
