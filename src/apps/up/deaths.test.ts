import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { micros } from '../../base/units.ts';
import type { Alert } from '../../ports/alert.ts';
import { programBeside } from '../../testing/program-beside.ts';
import { deathOf, Deaths, reasonOf } from './deaths.ts';
import { lastLine, place } from './planted-desk.ts';

test('a gateway that dies: the kill stands in the record, one alert on every channel, exit 1, and the next start stays killed', async () => {
  const one = await place(programBeside);
  const desk = await one.up('gateway');
  await one.deploy('maker-paper').catch(() => undefined);
  const ended = await desk.ended;
  expect(ended.text).not.toContain('ended in good order');
  expect(lastLine(ended)).toMatch(/^the gateway died \(RangeError: planted in the gateway\): [1-9]\d* orders were open .* not taken back/);
  expect(ended.code).toBe(1);
  expect(one.alerts(ended.text)).toEqual([1, 1, 1]);
  await one.leaves('the gateway died: RangeError: planted in the gateway', [1, 1, 1], [0, 0, 0]);
});

test('a core that dies: its orders are taken back, one alert on every channel, exit 1, and the next start is killed', async () => {
  const one = await place(programBeside);
  const desk = await one.up('core');
  await one.trades();
  await one.deploy('die', 'clumsy').catch(() => undefined);
  const ended = await desk.ended;
  expect(ended.text).not.toContain('ended in good order');
  expect(lastLine(ended)).toMatch(/^the core died \(Error: planted\): every order was taken back at the gateway/);
  expect(ended.code).toBe(1);
  expect(one.alerts(ended.text)).toEqual([1, 1, 1]);
  // the start that engages the kill switch says so once more
  await one.leaves('the core died: Error: planted', [1, 1, 1], [1, 1, 1]);
});

test('an exception that nobody caught on the main thread ends the desk as a death does', async () => {
  const one = await place(programBeside);
  const desk = await one.up('main');
  await one.trades();
  desk.child.kill('SIGUSR2');
  const ended = await desk.ended;
  expect(lastLine(ended)).toMatch(/^the main thread died \(TypeError: planted in main\): every order was taken back/);
  expect(ended.code).toBe(1);
  expect(one.alerts(ended.text)).toEqual([1, 1, 1]);
  await one.leaves('the main thread died: TypeError: planted in main', [1, 1, 1], [0, 0, 0]);
});

test('a journal that takes no more ends the desk, whatever its core does then', async () => {
  const one = await place(programBeside);
  const desk = await one.up('core');
  await one.trades();
  await one.deploy('lame', 'clumsy').catch(() => undefined);
  const ended = await desk.ended;
  expect(lastLine(ended)).toMatch(/^the core went on no more \(no space is left \(planted\)\): every order was taken back/);
  expect(ended.code).toBe(1);
  expect(one.alerts(ended.text)).toEqual([1, 1, 1]);
});

test('a death that a webhook did not take is told by the next start, once', async () => {
  const one = await place(programBeside);
  const desk = await one.up('core');
  await one.trades();
  one.refusing = true;
  await one.deploy('die', 'clumsy').catch(() => undefined);
  const ended = await desk.ended;
  expect(one.alerts(ended.text, 'DESK_DIED')).toEqual([1, 1, 0]);
  one.refusing = false;
  for (let start = 0; start < 2; start++) {
    const again = await one.up('nobody');
    await sleep(500);
    again.child.kill('SIGINT');
    expect(one.alerts((await again.ended).text, 'DESK_DIED')).toEqual([0, 1, 1]);
  }
});

test('a core that spins when the desk is asked to end is a death too', async () => {
  const one = await place(programBeside);
  const desk = await one.up('core');
  await one.trades();
  await one.deploy('spin', 'clumsy').catch(() => undefined);
  desk.child.kill('SIGINT');
  const ended = await desk.ended;
  expect(lastLine(ended)).toMatch(
    /^the core did not end and was ended \(nothing heard for 10 s\): every order was taken back at the gateway/,
  );
  expect(ended.code).toBe(1);
  expect(one.alerts(ended.text, 'nothing heard')).toEqual([1, 1, 1]);
});

test('where the core has told of a death nobody tells it again; what it could not tell is told when it is gone, once', () => {
  const sent: Alert[] = [];
  const deaths = new Deaths(
    (alert) => sent.push(alert),
    () => 7_000_000,
  );
  const [gateway, core] = [deathOf('gateway', new RangeError('one')), deathOf('core', new Error('two'))];
  deaths.take(gateway);
  deaths.take(deathOf('gateway', 'later'));
  expect(sent).toEqual([]);
  deaths.heard(kill(9, `the kill switch engaged by desk: somebody else`));
  deaths.tellRest();
  deaths.tellRest();
  expect(sent).toMatchObject([{ id: 'died-gateway-7000000', seq: 0, severity: 'critical', subject: 'DESK_DIED' }]);
  // a desk that was killed before has no alert of a second kill; a core that died tells nothing
  deaths.take(core);
  expect(sent.map(({ text }) => text.split(';')[0])).toEqual(['the gateway died: RangeError: one', 'the core died: Error: two']);
  expect(deaths.sentence({ openOrders: 3, killKept: false })).toBe(
    'the gateway died (RangeError: one), then the core died (Error: two): 3 orders were open at the gateway and are not taken back; ' +
      'the next start goes on from the last durable record, asks the venues for every open order',
  );
  const again = new Deaths(
    (alert) => sent.push(alert),
    () => 8_000_000,
  );
  again.take(gateway);
  again.heard(kill(10, `the kill switch engaged by desk: ${reasonOf(gateway)}`));
  again.tellRest();
  expect(sent.length).toBe(2);
});

function kill(seq: number, text: string): Alert {
  return { id: String(seq), seq, at: micros(1), severity: 'critical', subject: 'KILL_SWITCH', text };
}
