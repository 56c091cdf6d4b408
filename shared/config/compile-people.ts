import { severities } from '../incident/severity.ts';
import { assert } from '../kernel/assert.ts';
import type { ContactMethod } from '../on-call/person.ts';
import { secondsOr } from './compile-escalation.ts';
import { compilePersonalHours } from './compile-working-hours.ts';
import type { Person, Policy } from './policy.ts';
import type { PolicyDocument } from './schema/document.ts';

type PersonDocument = NonNullable<PolicyDocument['people']>[string];
type ContactDocument = NonNullable<PersonDocument['contact']>;
type MethodDocument = NonNullable<ContactDocument['default']>[number];

function compileMethod(method: MethodDocument): ContactMethod {
  const afterSeconds = secondsOr(method.after, 0);
  if (method.slack !== undefined) return { kind: 'slack', afterSeconds };
  if (method.slackMention !== undefined) return { kind: 'slack mention', channel: method.slackMention, afterSeconds };
  if (method.pagerduty !== undefined) return { kind: 'pagerduty', service: method.pagerduty, afterSeconds };
  assert(method.sns !== undefined, 'the schema let a contact without a kind through');
  return { kind: 'sns', contact: method.sns, afterSeconds };
}

const compileContact = (contact: ContactDocument): NonNullable<Person['contact']> =>
  Object.fromEntries(
    severities.flatMap((severity) => {
      const methods = contact[severity] ?? contact.default;
      return methods === undefined ? [] : [[severity, methods.map(compileMethod)]];
    }),
  );

const compileQuiet = (quiet: NonNullable<PersonDocument['quiet']>): NonNullable<Person['quiet']> => ({
  severities: [...new Set(quiet.severities)],
  outsideWorkingHours: quiet.outside !== undefined,
  during: [...(quiet.during ?? [])],
});

function compilePerson(name: string, person: PersonDocument, document: PolicyDocument): Person {
  const workingHours = compilePersonalHours(person, document);
  const cooldownSeconds = secondsOr(person.cooldown, 0);
  return {
    name,
    slackUserId: person.slack ?? null,
    sns: person.sns ?? null,
    ...(person.contact === undefined ? {} : { contact: compileContact(person.contact) }),
    ...(workingHours === undefined ? {} : { workingHours }),
    ...(person.quiet === undefined ? {} : { quiet: compileQuiet(person.quiet) }),
    ...(cooldownSeconds === 0 ? {} : { cooldownSeconds }),
  };
}

export const compilePeople = (document: PolicyDocument): Policy['people'] =>
  Object.fromEntries(
    Object.entries(document.people ?? {}).map(([name, person]) => [name, compilePerson(name, person, document)]),
  );
