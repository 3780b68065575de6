import { roundHalfEven } from '../../base/decimal.ts';
import { durationMicros, type Duration } from '../../base/duration.ts';
import type { ProgressivePlan, Stage } from '../spec.ts';
import { allocationCurves, confidenceScores } from '../spec.ts';
import type { FieldReader } from './field-reader.ts';
import { maxStages, readApproval, stageName } from './stage-fields.ts';

/** At every rung for at least an hour (S0, progression rules), and looked at every quarter of one. */
const leastAtRung: Duration = { days: 0, micros: 3_600_000_000 };
const usualUpdate: Duration = { days: 0, micros: 900_000_000 };
const shortestUpdate = 60_000_000;
/** Confidence below a rung's threshold by less than this leaves the rung where it is. */
const usualHysteresis = 0.05;
/** Fewest returns, and fewest closed round trips, that a score is made of. */
const usualSample = 30;
/** A score that asks for no other rung for so long is inconclusive. */
const usualPatience: Duration = { days: 30, micros: 0 };

export interface ProgressiveLadder {
  readonly plan: ProgressivePlan;
  readonly stages: readonly Stage[];
}

/** Thresholds of confidence as the rungs of a ladder, lowest first. */
export function readProgressive(body: FieldReader): ProgressiveLadder {
  const readers = body.objects('confidenceThresholds') ?? [];
  if (readers.length === 0 || readers.length > maxStages)
    body.fault('confidenceThresholds', `expected 1…${maxStages} thresholds, was ${readers.length === 0 ? 'nothing' : readers.length}`);
  const thresholds: number[] = [];
  const stages: Stage[] = [];
  for (const reader of readers) {
    thresholds.push(readConfidence(reader, thresholds.at(-1)));
    stages.push(readRung(reader, stages.at(-1)?.allocation ?? 0));
    reader.refuseUnknown();
  }
  const updateFrequency = body.duration('updateFrequency') ?? usualUpdate;
  if (durationMicros(updateFrequency) < shortestUpdate) body.fault('updateFrequency', 'expected at least PT1M');
  return {
    stages,
    plan: {
      updateFrequency,
      curve: body.choice('allocationCurve', allocationCurves) ?? 'Step',
      score: body.choice('confidence', confidenceScores) ?? 'seedV1',
      hysteresis: body.number('hysteresis', 0, 0.5) ?? usualHysteresis,
      minSample: body.integer('minSample', 2, 1e6) ?? usualSample,
      patience: body.duration('patience') ?? usualPatience,
      thresholds,
    },
  };
}

function readConfidence(reader: FieldReader, before: number | undefined): number {
  const confidence = reader.number('confidence', 0, 1);
  if (confidence === undefined && !reader.has('confidence')) reader.fault('confidence', 'expected a score 0…1, was nothing');
  if (confidence === 0) reader.fault('confidence', 'expected more than 0: no confidence, no capital');
  if (confidence !== undefined && before !== undefined && confidence <= before)
    reader.fault('confidence', `expected more than the threshold before (${before}), was ${confidence}`);
  return confidence ?? 0;
}

function readRung(reader: FieldReader, before: number): Stage {
  const fraction = reader.number('allocation', 0, 1);
  const allocation = roundHalfEven((fraction ?? 0) * 10_000);
  if (fraction === undefined && !reader.has('allocation')) reader.fault('allocation', 'expected a share of the capital 0…1, was nothing');
  if (fraction !== undefined && Math.abs(fraction * 10_000 - allocation) > 1e-9)
    reader.fault('allocation', `expected steps of 0.0001, was ${fraction}`);
  else if (fraction !== undefined && allocation <= before)
    reader.fault('allocation', `expected more than the threshold before (${before / 10_000}), was ${fraction}`);
  return {
    name: reader.text('name') ?? stageName(allocation),
    allocation,
    minDuration: reader.duration('minDuration') ?? leastAtRung,
    minPnL: '0',
    minTrades: 0,
    entryGates: reader.texts('entryGates') ?? [],
    entryApproval: readApproval(reader),
  };
}
