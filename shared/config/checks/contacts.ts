import { secondsOr } from '../compile-escalation.ts';
import { formatDuration } from '../duration.ts';
import type { Policy } from '../policy.ts';
import type { Finding, PolicyPath } from '../problem.ts';
import type { PolicyDocument } from '../schema/document.ts';

type PersonDocument = NonNullable<PolicyDocument['people']>[string];
type MethodDocument = NonNullable<NonNullable<PersonDocument['contact']>['default']>[number];

/** A list of contacts of one person, where it stands. */
interface PlacedList {
  readonly name: string;
  readonly person: PersonDocument;
  readonly at: PolicyPath;
  readonly methods: readonly MethodDocument[];
}

const listsIn = ({ people }: PolicyDocument): PlacedList[] =>
  Object.entries(people ?? {}).flatMap(([name, person]) =>
    Object.entries(person.contact ?? {}).flatMap(([key, methods]) =>
      methods === undefined ? [] : [{ name, person, at: ['people', name, 'contact', key], methods }],
    ),
  );

/** Slack cannot reach somebody whose member id nobody wrote down. */
export const checkContactAddresses = (_: Policy, document: PolicyDocument): Finding[] =>
  listsIn(document).flatMap(({ name, person, at, methods }) =>
    methods.flatMap((method, index): Finding[] => {
      const key = method.slack === undefined ? 'slackMention' : 'slack';
      if (person.slack !== undefined || method[key] === undefined) return [];
      const message = `${key} of ${name} reaches nobody: ${name} has no Slack member id`;
      const fix = `Add slack: with the member id to ${name}, or remove this entry.`;
      return [{ level: 'error', at: [...at, index, key], message, fix }];
    }),
  );

const wayOf = ({ slack, slackMention, pagerduty, sns }: MethodDocument): string =>
  JSON.stringify([slack, slackMention, pagerduty, sns]);

/** One page per step and way: the second would be taken for the first. */
export const checkRepeatedContacts = (_: Policy, document: PolicyDocument): Finding[] =>
  listsIn(document).flatMap(({ name, at, methods }) => {
    const ways = methods.map(wayOf);
    return methods.flatMap((_method, index): Finding[] => {
      if (ways.indexOf(ways[index] ?? '') === index) return [];
      const message = `${name} is paged twice in the same way here`;
      return [{ level: 'error', at: [...at, index], message, fix: 'Remove one; repeats are said by repeatEvery.' }];
    });
  });

/** The delay of a step says how long it waits; a contact that waits besides hides that. */
export const checkDelayedContacts = (_: Policy, document: PolicyDocument): Finding[] =>
  listsIn(document).flatMap(({ name, at, methods }): Finding[] => {
    const first = Math.min(...methods.map(({ after }) => secondsOr(after, 0)));
    if (first === 0) return [];
    const message = `${name} is paged at the earliest ${formatDuration(first)} after the step`;
    const fix = 'Remove after: from the first entry; the delay of the step says how long to wait.';
    return [{ level: 'warning', at, message, fix }];
  });
