import type { Labels } from '#shared/alert/labels.ts';
import { formatMatchers } from '#shared/alert/matcher.ts';
import { formatDuration } from '#shared/config/duration.ts';
import type { Policy } from '#shared/config/policy.ts';
import { nextWorkingInstant } from '#shared/escalation/working-hours.ts';
import type { Severity } from '#shared/incident/severity.ts';
import { addSeconds, type Instant, secondsBetween } from '#shared/kernel/instant.ts';
import { addDays, isoWeekdayOf, localDateOf, localMoment } from '#shared/kernel/local-time.ts';
import { predict } from '#shared/prediction/predict.ts';
import type { PredictedIncident } from '#shared/prediction/prediction.ts';

/** One alert at one time of the week, as both files tell it. */
export interface PageChange {
  readonly alert: string;
  readonly when: string;
  /** The worse of the two files'. */
  readonly severity: Severity | null;
  readonly before: string;
  readonly after: string;
  /** Whom only the first file pages. */
  readonly lost: readonly string[];
  readonly fewer: boolean;
}

export interface SampleInstant {
  readonly name: string;
  readonly at: Instant;
}

/** A working day, the night before it, and a Saturday, on the clocks of the policy's working hours. */
export function sampleInstants({ workingHours }: Policy, now: Instant): readonly SampleInstant[] {
  const { timeZone } = workingHours;
  const works = nextWorkingInstant(workingHours, now);
  const date = localDateOf(works, timeZone);
  const saturday = addDays(date, (6 - isoWeekdayOf(date) + 7) % 7);
  return [
    { name: 'on a working day', at: addSeconds(works, 3_600) },
    { name: 'at night', at: localMoment(addDays(date, 1), 180, timeZone).at },
    { name: 'at a weekend', at: localMoment(saturday, 840, timeZone).at },
  ];
}

/** What differs of one alert at one instant; null: nothing. */
export function comparePages(
  policies: readonly [Policy, Policy],
  labels: Labels,
  { name: when, at }: SampleInstant,
): PageChange | null {
  const [before, after] = policies.map((policy) => told(policy, labels, at));
  if (before === undefined || after === undefined || before.text === after.text) return null;
  const lost = [...before.people].filter((person) => !after.people.has(person)).sort();
  const severities = [before.severity, after.severity].filter((severity) => severity !== null).sort();
  const alert = formatMatchers(Object.entries(labels).map(([label, value]) => ({ name: label, operator: '=', value })));
  return {
    alert,
    when,
    severity: severities[0] ?? null,
    before: before.text,
    after: after.text,
    lost,
    fewer: after.people.size < before.people.size,
  };
}

interface Told {
  readonly text: string;
  readonly severity: Severity | null;
  readonly people: ReadonlySet<string>;
}

function told(policy: Policy, labels: Labels, at: Instant): Told {
  const source = Object.keys(policy.sources)[0] ?? 'operators';
  const question = { labels, at, source, arrival: 'webhook', severity: null, horizonSeconds: null } as const;
  const prediction = predict(policy, { ...question, acknowledgedAt: null }, { overrides: [], silences: [] });
  if (prediction.outcome === 'suppressed') {
    return { text: `nobody: held back by ${prediction.by}`, severity: null, people: new Set() };
  }
  const { incidents } = prediction;
  const people = incidents.flatMap((incident) => pagesOf(incident).map(({ who }) => who));
  const severities = incidents.map(({ severity }) => severity).sort();
  return { text: incidents.map(showPages).join(' | '), severity: severities[0] ?? null, people: new Set(people) };
}

const pagesOf = ({ moments }: PredictedIncident) =>
  moments.flatMap((moment) => (moment.kind === 'step' ? moment.pages : []));

function showPages(incident: PredictedIncident): string {
  const { severity, owner, openedAt } = incident;
  const pages = pagesOf(incident).map(
    ({ who, by, sentAt }) =>
      `${formatDuration(secondsBetween(openedAt, sentAt))} ${who}${by === who ? '' : ` by ${by}`}`,
  );
  return `${severity}, owner ${owner ?? 'nobody'}: ${pages.length === 0 ? 'pages nobody' : pages.join('; ')}`;
}
