import type { Policy } from '#shared/config/policy.ts';
import type { LiveFacts, PredictedCourse, Prediction, Question } from '#shared/prediction/prediction.ts';
import { aPolicy, noon } from './decision-builders.ts';

/** Questions about an alert that begins to fire at noon, and answers as lines. */

export const nothingLive: LiveFacts = { overrides: [], silences: [] };

export const asked = (override: Partial<Question> = {}): Question => ({
  labels: { alertname: 'CheckoutDown', severity: 'critical' },
  at: noon,
  source: 'main',
  arrival: 'webhook',
  severity: null,
  horizonSeconds: null,
  acknowledgedAt: null,
  ...override,
});

export const pagingPolicy: Policy = aPolicy({
  route: {
    ...aPolicy().route,
    severity: { kind: 'label', label: 'severity', map: { critical: 'SEV1', error: 'SEV2' }, otherwise: 'SEV3' },
    owner: 'payments',
  },
});

export function onlyCourse(prediction: Prediction): PredictedCourse {
  const [course, ...others] = prediction.outcome === 'told' ? prediction.incidents : [];
  if (course === undefined || others.length > 0) throw new Error('one incident was expected');
  return course;
}

/** Seconds since noon, and who is told then or what the timeline says. */
export const linesOf = ({ moments }: Pick<PredictedCourse, 'moments'>): readonly string[] =>
  moments.map((moment) => {
    const seconds = (Date.parse(moment.at) - Date.parse(noon)) / 1000;
    if (moment.kind !== 'step') return `${seconds} ${moment.sentence}`;
    const told = [
      ...moment.pages.map(({ who, by }) => `${who} by ${by}`),
      ...moment.informs.map((channel) => `tells ${channel}`),
      ...moment.skipped.map(({ who, reason }) => `skips ${who}: ${reason}`),
    ];
    return `${seconds} step ${moment.step}.${moment.round}: ${told.join(', ')}`;
  });
