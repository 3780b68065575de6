import { describe, expect, it } from 'vitest';
import { BarScript } from '../../testing/venue/bar-script.ts';

describe('a bracket on bars', () => {
  it('works its children from the bar after the fill that created them', () => {
    const script = new BarScript();
    script.bracket(1, 'buy', 100, 95, 110);
    expect(script.bar([100, 120, 80, 100])).toEqual(['1 trades 100 at 100, 0 left', '2 new for 100', '3 new for 100']);
    expect(script.bar([100, 110, 96, 100])).toEqual(['3 trades 100 at 110 maker, 0 left', '2 canceled BRACKET_DONE']);
  });

  it('takes the stop where stop and target are in one bar, also when it opens beyond the target', () => {
    for (const open of [100, 115]) {
      const script = new BarScript();
      script.bracket(1, 'buy', 100, 95, 110);
      script.bar([100, 101, 99, 100]);
      expect(script.bar([open, 116, 94, 100])).toEqual(['2 trades 100 at 95, 0 left', '3 canceled BRACKET_DONE']);
    }
  });

  it('does so on the short side, whatever was submitted first', () => {
    const script = new BarScript();
    script.bracket(1, 'sell', 100, 105, 90);
    script.bar([100, 101, 99, 100]);
    script.replace(2, 12, { side: 'buy', ordType: 'stop', stopPx: 106, leg: 'stop' });
    expect(script.bar([100, 107, 89, 100])).toEqual(['12 trades 100 at 106, 0 left', '3 canceled BRACKET_DONE']);
  });

  it('protects each entry fill from its next bar on, for its quantity', () => {
    const script = new BarScript();
    script.bracket(1, 'buy', 100, 95, 110);
    expect(script.bar([100, 101, 99, 100], 400)).toEqual(['1 trades 40 at 100, 60 left', '2 new for 40', '3 new for 40']);
    // 30 more are bought at this open; the stop sells the 40 of the bar before, and the entry's rest is taken back
    expect(script.bar([99, 100, 94, 95], 300)).toEqual([
      '1 trades 30 at 99, 30 left',
      '2 restated to 70',
      '3 restated to 70',
      '2 trades 30 at 95, 40 left',
      '1 canceled BRACKET_EXIT',
      '3 restated to 40',
    ]);
    // 10 that the cap left go at the open, the 30 wait for the stop
    expect(script.bar([98, 99, 96, 97])).toEqual(['2 trades 10 at 98, 30 left', '3 restated to 30']);
    expect(script.bar([98, 99, 94, 97])).toEqual(['2 trades 30 at 95, 0 left', '3 canceled BRACKET_DONE']);
  });

  it('keeps the target away from what a touched stop still has to sell', () => {
    const script = new BarScript();
    script.bracket(1, 'buy', 100, 95, 110);
    script.bar([100, 101, 99, 100]);
    expect(script.bar([96, 97, 94, 95], 9)).toEqual([]);
    expect(script.bar([111, 112, 110, 111], 500)).toEqual(['2 trades 50 at 111, 50 left', '3 restated to 50']);
    expect(script.bar([112, 113, 111, 112])).toEqual(['2 trades 50 at 112, 0 left', '3 canceled BRACKET_DONE']);
  });

  it('shrinks the stop as the target trades', () => {
    const script = new BarScript();
    script.bracket(1, 'buy', 100, 95, 110);
    script.bar([100, 101, 99, 100]);
    expect(script.bar([105, 111, 104, 110], 400)).toEqual(['3 trades 40 at 110 maker, 60 left', '2 restated to 60']);
    expect(script.bar([96, 97, 90, 91])).toEqual(['2 trades 60 at 95, 0 left', '3 canceled BRACKET_DONE']);
  });

  it('takes its children along when the entry ends without a fill', () => {
    const script = new BarScript();
    script.bracket(1, 'buy', 100, 85, 110, 90);
    expect(script.cancel(1)).toEqual(['1 canceled', '2 canceled BRACKET_ENTRY_ENDED', '3 canceled BRACKET_ENTRY_ENDED']);
    script.order(9, { side: 'sell', ordType: 'stop', stopPx: 85, leg: 'stop', bracketOf: 1 });
    expect(script.bar([80, 81, 79, 80])).toEqual([]);
  });

  it('expires an entry for the day and lets the children of what it filled live', () => {
    const script = new BarScript();
    script.order(1, { leg: 'entry', timeInForce: 'day' });
    script.order(2, { side: 'sell', ordType: 'stop', stopPx: 95, leg: 'stop', bracketOf: 1 });
    script.order(3, { side: 'sell', ordType: 'limit', price: 110, leg: 'target', bracketOf: 1 });
    expect(script.bar([100, 101, 99, 100], 400)).toEqual([
      '1 trades 40 at 100, 60 left',
      '2 new for 40',
      '3 new for 40',
      '1 expired SESSION_END',
    ]);
    expect(script.bar([100, 101, 94, 100])).toEqual(['2 trades 40 at 95, 0 left', '3 canceled BRACKET_DONE']);
  });
});
