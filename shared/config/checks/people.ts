import { severities } from '../../incident/severity.ts';
import type { Person, Policy } from '../policy.ts';
import type { Finding } from '../problem.ts';

/** Severities that page and for which a person has neither a contact nor an address. */
const silentSeverities = (person: Person, policy: Policy): string[] =>
  person.slackUserId !== null || person.sns !== null
    ? []
    : severities.filter((severity) => policy.severities[severity].pages !== 'never' && !person.contact?.[severity]);

/** A page to somebody without an address would go to the fallback each time. */
export const checkReachablePeople = (policy: Policy): Finding[] =>
  Object.values(policy.people).flatMap((person): Finding[] => {
    const { name, contact } = person;
    const silent = silentSeverities(person, policy);
    if (silent.length === 0) return [];
    const which = contact === undefined ? '' : ` for ${silent.join(', ')}`;
    const why = contact === undefined ? '' : 'contact does not say how, and ';
    return [
      {
        level: 'error',
        at: ['people', name],
        onKey: true,
        message: `nobody can reach ${name}${which}: ${why}neither slack nor sns is set`,
        fix:
          contact === undefined
            ? 'Add slack: with the member id, or sns: with an SNS contact.'
            : 'Add default: to the contact, or slack: or sns: to the person.',
      },
    ];
  });

interface UsedId {
  readonly at: readonly string[];
  readonly id: string | null;
}

function findRepeated(uses: readonly UsedId[], level: Finding['level'], what: string): Finding[] {
  return uses.flatMap(({ at, id }, index): Finding[] => {
    const first = uses.find((use) => use.id === id);
    if (id === null || first === undefined || uses.indexOf(first) === index) return [];
    const message = `${what} ${id} is already that of ${first.at[1]}`;
    return [{ level, at, message, fix: 'Correct one of the two, or remove one entry.' }];
  });
}

/** Who pressed a button is told by the Slack user id alone; two names for one channel are only confusing. */
export const checkRepeatedSlackIds = (policy: Policy): Finding[] => [
  ...findRepeated(
    Object.values(policy.people).map(({ name, slackUserId }) => ({ at: ['people', name, 'slack'], id: slackUserId })),
    'error',
    'the Slack user id',
  ),
  ...findRepeated(
    Object.entries(policy.slackChannels).map(([name, id]) => ({ at: ['slackChannels', name], id })),
    'warning',
    'the Slack channel id',
  ),
];
