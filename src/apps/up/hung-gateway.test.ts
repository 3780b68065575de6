import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { programBeside } from '../../testing/program-beside.ts';
import { lastLine, place, type Place } from './planted-desk.ts';

/** What `get` says of the version when it may expand no more. */
async function restricted(one: Place): Promise<string> {
  const look = async (): Promise<string> => (await one.ask({ verb: 'get', id: 'maker-ladder' }))?.text ?? '';
  let text = await look();
  for (const end = performance.now() + 30_000; !/CANCEL_ONLY|HALTED/.test(text) && performance.now() < end; await sleep(100))
    text = await look();
  return text;
}

for (const planted of ['gateway-spins', 'gateway-waits'])
  test(`a gateway that lives and carries nothing (${planted}) is told of, takes its rows' authority, and at a kill ends the desk`, async () => {
    const one = await place(programBeside);
    const desk = await one.up(planted);
    expect((await one.deployLadder('maker-ladder'))?.exitCode).toBe(0);
    await desk.says('GATEWAY_SILENT');
    expect(await restricted(one)).toContain('CANCEL_ONLY');
    await desk.says('has not answered');
    // a machine that is too busy to run it for two seconds may have said so before
    expect(Math.min(...one.alerts(desk.text, 'GATEWAY_SILENT'))).toBeGreaterThan(0);
    void one.ask({ verb: 'kill', reason: 'a person looked' }).catch(() => undefined);
    const ended = await desk.ended;
    expect(lastLine(ended)).toMatch(
      /^the gateway went on no more \(it lives and stands still for \d+ s\): [1-9]\d* orders were open at the gateway and are not taken back/,
    );
    expect(ended.code).toBe(1);
    expect(one.alerts(ended.text, 'DESK_DIED')).toEqual([1, 1, 1]);
    if (planted === 'gateway-spins') await one.leaves('a person looked', [0, 0, 0], [0, 0, 0]);
  }, 240_000);

test('a venue that takes requests and answers none is noticed by the gateway: its rows lose their authority, and no version is halted for it', async () => {
  const one = await place(programBeside);
  const desk = await one.up('venue-mute');
  expect((await one.deployLadder('maker-ladder'))?.exitCode).toBe(0);
  await desk.says('has not answered');
  const left = await restricted(one);
  expect(left).toContain('CANCEL_ONLY');
  expect(left).not.toContain('HALTED');
  desk.child.kill('SIGINT');
  expect((await desk.ended).code).toBe(0);
}, 240_000);
