// A strategy of one's own on paper: buys one share whenever the middle has fallen since the last look, sells it when it has risen.
import { defineStrategy, deskPeople, lotsUnchecked, microsUnchecked } from '../src/index.ts';
import { openDesk } from './desk.ts';

const dips = defineStrategy({
  name: 'dips',
  version: '1.0.0',
  parameters: { everySeconds: { type: 'integer', default: 5, min: 1, max: 3_600, unit: 's', meaning: 'time between two looks' } },
  create: ({ everySeconds }) => {
    let last = 0;
    return {
      onStart: (context) => context.setTimer('look', microsUnchecked(context.now + everySeconds * 1_000_000)),
      onTimer: (context) => {
        const [listing] = context.universe;
        const book = context.book(listing);
        const middle = (book.bidPx(0) + book.askPx(0)) / 2;
        const held = context.position(listing);
        if (book.valid && last > 0 && middle < last && held === 0)
          context.place({ listing, side: 'buy', ordType: 'market', orderQty: lotsUnchecked(1), reason: 'a dip' });
        if (book.valid && last > 0 && middle > last && held > 0)
          context.place({ listing, side: 'sell', ordType: 'market', orderQty: held, reason: 'back up' });
        last = middle;
        context.setTimer('look', microsUnchecked(context.now + everySeconds * 1_000_000));
      },
    };
  },
});

const desk = await openDesk([dips]);
const configuration = { simulatedCapital: '1000000', currency: 'USD', clock: { kind: 'wall' }, minTradingDuration: 'PT1H' };
const spec = {
  apiVersion: 'plimsoll/v1',
  kind: 'Deployment',
  deploymentId: 'dips-paper',
  strategy: 'PaperTrading',
  algorithmId: 'dips',
  version: '1.0.0',
  configuration,
};
console.log((await desk.session.deploy(spec, deskPeople.trader)).text);
await desk.run(5);
const { view } = desk.session;
const ending = await desk.end();
console.log(
  `${view.orderCount} orders, ${view.fillCount} fills; journal verified: ${ending.journal.verified}, replay equal: ${ending.replay.equal}`,
);
if (view.fillCount === 0 || !ending.replay.equal) process.exitCode = 1;
