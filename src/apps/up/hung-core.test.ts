import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { programBeside } from '../../testing/program-beside.ts';
import { latchAfter } from './core-watch.ts';
import { silentAfter, TurnWatch } from './gateway-watch.ts';
import { lastLine, place } from './planted-desk.ts';

test('a core that spins is told of without anybody asking, after ten seconds the gateway takes its orders back, and the next start stays killed', async () => {
  const one = await place(programBeside);
  const desk = await one.up('core');
  expect((await one.deployLadder('maker-ladder'))?.exitCode).toBe(0);
  await sleep(2_000);
  void one.deploy('spin', 'clumsy').catch(() => undefined);
  await desk.says('CORE_SILENT');
  await desk.says('CORE_KILLED');
  desk.child.kill('SIGINT');
  const ended = await desk.ended;
  expect(lastLine(ended)).toContain('every order was taken back at the gateway');
  expect(ended.code).toBe(1);
  // a machine that is too busy to run it for two seconds may have said so before
  expect(Math.min(...one.alerts(ended.text, 'CORE_SILENT'))).toBeGreaterThan(0);
  expect(Math.min(...one.alerts(ended.text, 'CORE_KILLED'))).toBeGreaterThan(0);
  await one.leaves('the core lives and stands still for', [0, 0, 0], [0, 0, 0]);
}, 240_000);

test('a core that goes on and stands still again is latched again', () => {
  const said: string[] = [];
  const listener = { silent: () => undefined, again: () => undefined, gone: (millis: number) => said.push(`gone after ${millis}`) };
  const watch = new TurnWatch(listener, () => latchAfter);
  let turns = 0;
  for (let now = 0; now <= 60_000; now += 100) {
    const stands = (now > 1_000 && now < 20_000) || now > 30_000;
    watch.look(stands ? turns : ++turns, false, now);
  }
  expect(said).toEqual([`gone after ${latchAfter}`, `gone after ${latchAfter}`]);
  expect(latchAfter).toBeGreaterThan(silentAfter);
});
