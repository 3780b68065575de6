import { engleGranger } from '../../src/quant/stats/engle-granger.ts';
import { GENERATED_PAIRS, generatedPair } from '../../src/testing/quant/generated-pairs.ts';

// One JSON line per generated pair: the series and what we make of them, for engle-granger.py to hold against statsmodels.
for (let number = 0; number < GENERATED_PAIRS; number++) {
  const { response, regressor } = generatedPair(number);
  const found = engleGranger(response, [regressor]);
  if (!found.ok) throw new Error(`pair ${number}: ${found.error.code}`);
  const { statistic, pValue } = found.value;
  console.log(JSON.stringify({ number, response: Array.from(response), regressor: Array.from(regressor), statistic, pValue }));
}
