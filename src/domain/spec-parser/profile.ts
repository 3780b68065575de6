import { durationMicros, formatDuration, type Duration } from '../../base/duration.ts';
import type { FieldReader } from './field-reader.ts';

export const profileNames = ['quick', 'standard', 'regulated'] as const;
export type ProfileName = (typeof profileNames)[number];

/** Of a spec that names none. */
const usualProfile: ProfileName = 'regulated';

/** How long a paper run lasts at least: never under seven days. Completed sessions on a market clock. */
export const paperDays: Readonly<Record<ProfileName, number>> = { quick: 7, standard: 14, regulated: 30 };

/**
 * The length of a paper run: its own, which a profile that is named bounds from below, else its profile's. A spec that names its length and no profile is taken as it is: every
 * venue of this release is simulated.
 */
export function paperLength(body: FieldReader, profile: ProfileName | undefined): Duration {
  const own = body.duration('minTradingDuration', 'duration');
  const least: Duration = { days: paperDays[profile ?? usualProfile], micros: 0 };
  if (own === undefined) return least;
  if (profile !== undefined && durationMicros(own) < durationMicros(least))
    body.fault(
      'minTradingDuration',
      `expected at least ${formatDuration(least)}, as the profile ${profile} asks, was ${formatDuration(own)}`,
    );
  return own;
}

/** What a named profile sets, in words. */
export function profileNote(profile: ProfileName): string {
  return `profile ${profile}: a paper run lasts at least P${paperDays[profile]}D; stages past 10, 25 and 50 % ask for evidence of edge, e >= 2, 5 and 20`;
}
