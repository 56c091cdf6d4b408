import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Incident } from '#shared/incident/incident.ts';
import { incidentLinks } from '#shared/notification/incident-links.ts';
import { answerList, answerWhichIncident } from '#shared/notification/slack-command-answers.ts';
import { slackIncidentMessage } from '#shared/notification/slack-incident-message.ts';
import { findSlackViolations } from '#shared/notification/slack-limits.ts';
import { answerPostmortem, answerShow } from '#shared/notification/slack-look-answers.ts';
import { answerOutcome } from '#shared/notification/slack-outcome-answer.ts';
import { slackPageMessage } from '#shared/notification/slack-page-message.ts';
import { slackThreadMessage } from '#shared/notification/slack-thread-message.ts';
import { answerWhy } from '#shared/notification/slack-why-answer.ts';
import { draftPostmortem } from '#shared/postmortem/draft-postmortem.ts';
import { anyIncident, anyText } from '#test/support/hostile-texts.ts';
import { aCommit, anIncident, aPage, openedAt } from '#test/support/incident-builders.ts';

const publicUrl = 'https://tocsin.example/prod';
const services = {
  checkout: {
    name: 'checkout',
    owner: 'payments',
    tier: 1,
    runbook: 'https://runbooks.example/service',
    dashboard: 'https://dashboards.example/checkout',
    statusComponent: null,
  },
};
/** As long as a comparison can be, and as hostile. */
const comparisonOf = (text: string) => ({
  pinnedHash: 'abcdef012345',
  todayHash: '012345abcdef',
  today: anIncident().pinned,
  differences: Array.from({ length: 40 }, () => text),
});
const linksOf = (incident: Incident) => incidentLinks(incident, { services }, publicUrl);

const sample = (instance: string, summary: string) => ({
  source: 'main',
  fingerprint: '0123456789abcdef',
  labels: { alertname: 'HighErrorRate', instance, service: 'checkout' },
  annotations: { summary, value: '7.5%', runbook_url: 'https://runbooks.example/alert' },
  generatorURL: 'http://prometheus.example:9090/graph?g0.expr=up',
  startsAt: openedAt,
});
const checkout = anIncident({
  title: 'HighErrorRate checkout',
  service: 'checkout',
  owner: 'payments',
  firing: 3,
  alertsTotal: 4,
  sample: [sample('web-1', '5xx above 5%'), sample('web-2', '5xx above 2%')],
});
const date = '<!date^1795222800^{date_short_pretty} {time}|2026-11-21 01:00 UTC>';
const dateAt = (epochSeconds: number, utc: string) =>
  `<!date^${epochSeconds}^{date_short_pretty} {time}|2026-11-21 ${utc} UTC>`;
const value = 'incident-00000000001 42 SEV1 1';
const md = (text: string) => ({ type: 'mrkdwn', text, verbatim: true });

describe('the message of an incident', () => {
  it('says everything a responder needs, and nothing is left to guess', () => {
    expect(slackIncidentMessage(checkout, linksOf(checkout))).toEqual({
      text: '[SEV1] INC-42 HighErrorRate checkout (triggered)',
      metadata: {
        event_type: 'tocsin_incident',
        event_payload: { incident_id: 'incident-00000000001', key: 'root' },
      },
      blocks: [
        { type: 'header', text: { type: 'plain_text', text: '🔴 SEV1 INC-42 triggered', emoji: true } },
        { type: 'section', text: md('*HighErrorRate checkout*') },
        {
          type: 'section',
          fields: [
            md('*Service*\ncheckout'),
            md('*Owner*\npayments'),
            md('*Firing*\n3 of 4 alerts'),
            md(`*Since*\n${date}`),
            md(`*Next page*\nalice ${dateAt(1795223100, '01:05')} (repeat of step 1)`),
          ],
        },
        { type: 'section', text: md('`alertname=HighErrorRate` `service=checkout`') },
        {
          type: 'section',
          text: md(
            `• \`instance=web-1\` 5xx above 5% (value \`7.5%\`) since ${date}\n` +
              `• \`instance=web-2\` 5xx above 2% (value \`7.5%\`) since ${date}\n…and 1 more firing`,
          ),
        },
        {
          type: 'section',
          text: md(
            '<https://runbooks.example/alert|Runbook> · <https://dashboards.example/checkout|Dashboard> · ' +
              '<https://tocsin.example/prod/v1/incidents/42|Incident> · ' +
              '<http://prometheus.example:9090/graph?g0.expr=up|Query>',
          ),
        },
        {
          type: 'actions',
          block_id: 'tocsin:incident',
          elements: [
            {
              type: 'button',
              action_id: 'tocsin:acknowledge',
              text: { type: 'plain_text', text: 'Acknowledge' },
              value,
              style: 'primary',
            },
            { type: 'button', action_id: 'tocsin:escalate', text: { type: 'plain_text', text: 'Escalate' }, value },
            {
              type: 'button',
              action_id: 'tocsin:silence-alerts',
              text: { type: 'plain_text', text: 'Silence these 3 alerts' },
              value: 'incident-00000000001 42',
              confirm: {
                title: { type: 'plain_text', text: 'Silence these 3 alerts of INC-42?' },
                text: {
                  type: 'plain_text',
                  text: 'Until each resolves, at most 7 days. The incident resolves when no other alert fires in it. What fires anew is told again.',
                },
                confirm: { type: 'plain_text', text: 'Silence' },
                deny: { type: 'plain_text', text: 'Do not' },
              },
            },
            {
              type: 'button',
              action_id: 'tocsin:resolve',
              text: { type: 'plain_text', text: 'Resolve' },
              value,
              style: 'danger',
              confirm: {
                title: { type: 'plain_text', text: 'Resolve INC-42?' },
                text: {
                  type: 'plain_text',
                  text: '3 alerts are still firing. The incident opens again if they go on firing.',
                },
                confirm: { type: 'plain_text', text: 'Resolve' },
                deny: { type: 'plain_text', text: 'Keep open' },
                style: 'danger',
              },
            },
          ],
        },
        {
          type: 'context',
          elements: [md('Policy file `abcdef012345`, route `root`, source `main`. Ask `/incident why 42`')],
        },
      ],
    });
  });

  const shown = (incident: Incident) => {
    const { blocks } = slackIncidentMessage(incident, linksOf(incident));
    return {
      header: blocks.flatMap((block) => (block.type === 'header' ? [block.text.text] : [])),
      fields: blocks.flatMap((block) =>
        block.type === 'section' && block.fields ? block.fields.slice(4).map(({ text }) => text) : [],
      ),
      buttons: blocks.flatMap((block) =>
        block.type === 'actions'
          ? block.elements.map((each) => ('action_id' in each ? each.action_id : undefined))
          : [],
      ),
    };
  };
  const alice = { kind: 'person', id: 'U1', name: 'alice' } as const;

  it('offers no second acknowledgement, and says who has it and until when', () => {
    const acknowledged = anIncident({ status: 'acknowledged', acknowledgedBy: alice, acknowledgedAt: openedAt });
    expect(shown(acknowledged)).toEqual({
      header: ['🔴 SEV1 INC-42 acknowledged'],
      fields: [`*Acknowledged*\nalice ${date}`, `*Acknowledgement expires*\n${dateAt(1795223100, '01:05')}`],
      buttons: ['tocsin:escalate', 'tocsin:silence-alerts', 'tocsin:resolve'],
    });
  });

  it('offers nothing to press once it is resolved, and says when held alerts open it again', () => {
    const resolved = anIncident({
      status: 'resolved',
      resolvedBy: alice,
      resolvedAt: openedAt,
      resolveReason: 'by a person',
      heldUntil: openedAt,
    });
    expect(shown(resolved)).toEqual({
      header: ['✅ INC-42 resolved (was SEV1)'],
      fields: [`*Resolved*\nalice ${date} (by a person)`, `*Opens again*\n${date}, if alerts still fire then`],
      buttons: [],
    });
  });

  it('marks what flaps, since when and how often', () => {
    const flapping = anIncident({
      status: 'acknowledged',
      acknowledgedBy: alice,
      acknowledgedAt: openedAt,
      dueAt: null,
      flapping: { alerts: 1, since: openedAt, transitions: 7 },
    });
    expect(shown(flapping).fields).toEqual([
      `*Acknowledged*\nalice ${date}`,
      `*Flapping*\n1 alert since ${date}, 7 changes; held open until calm`,
    ]);
  });

  it('offers no escalation where nobody would be paged', () => {
    const quiet = anIncident({ severity: 'SEV4', pinned: { ...anIncident().pinned, pages: 'never' } });
    expect(shown(quiet)).toEqual({
      header: ['🔵 SEV4 INC-42 triggered'],
      fields: ['*Next page*\nnobody (SEV4 never pages)'],
      buttons: ['tocsin:acknowledge', 'tocsin:silence-alerts', 'tocsin:resolve'],
    });
  });
});

describe('the message of a page', () => {
  it('mentions the channel that the policy names, and nobody else', () => {
    const page = aPage({
      target: 'mention:C1',
      pageTarget: { kind: 'slack mention', channelId: 'C1', mention: 'here' },
      generation: 2,
      round: 3,
    });
    const message = slackPageMessage(page, checkout, linksOf(checkout));
    expect({
      text: message.text,
      first: message.blocks[0],
      last: message.blocks.at(-1),
      key: message.metadata,
    }).toEqual({
      text: '<!here> [SEV1] INC-42 HighErrorRate checkout (triggered)',
      first: { type: 'section', text: md('*<!here> INC-42 still needs somebody (reminder 2)*') },
      last: { type: 'context', elements: [md('Why you are told: step 1 of default')] },
      key: {
        event_type: 'tocsin_incident',
        event_payload: { incident_id: 'incident-00000000001', key: 'page:2:1:3:mention:C1' },
      },
    });
  });
});

/** Every mark that Slack would act upon. Ours are dates and links; mentions stand only where a page asks for one. */
const marksIn = ({ text, blocks }: { readonly text: string; readonly blocks?: unknown }): readonly string[] =>
  [...JSON.stringify([text, blocks]).matchAll(/<([^>]*)>/g)].map(([, inside = '']) => inside);
const isDate = (mark: string) => /^!date\^\d+\^\{date_short_pretty\} \{time\}\|[-0-9: ]+UTC$/.test(mark);
const isLink = (mark: string) => /^https?:\/\/[^|<> ]+\|(Runbook|Dashboard|Incident|Query)$/.test(mark);

describe('whatever alerts and people write', () => {
  const anyCommits = fc.array(
    fc.tuple(anyText, fc.integer({ min: 1, max: 99 })).map(([text, version]) =>
      aCommit({
        version,
        events: [
          { type: 'NoteAdded', by: { kind: 'person', id: 'U1', name: text }, text },
          { type: 'StatusPublished', by: { kind: 'person', id: 'U1', name: text }, status: 'identified', text },
          { type: 'AlertsSuppressed', count: 1, fingerprints: [], silenceIds: [text] },
        ],
      }),
    ),
    { minLength: 1, maxLength: 40 },
  );

  it('Slack takes every message, and none pings anybody or links anywhere but where ours do', () => {
    fc.assert(
      fc.property(anyIncident, anyCommits, anyText, (incident, commits, text) => {
        const links = linksOf(incident);
        const draft = draftPostmortem({ incident, commits, pages: [aPage({ why: text })], now: openedAt });
        const thread = slackThreadMessage(commits);
        const rendered = [
          slackIncidentMessage(incident, links),
          slackPageMessage(aPage({ why: text, target: text }), incident, links),
          answerShow(incident, links, comparisonOf(text)),
          answerList(Array.from({ length: 40 }, () => incident)),
          answerWhichIncident(Array.from({ length: 40 }, () => incident)),
          answerWhy(
            incident,
            Array.from({ length: 60 }, () => ({ at: openedAt, text })),
          ),
          answerPostmortem(incident, draft, `${publicUrl}/v1/incidents/42/postmortem`),
          answerOutcome('resolve', { outcome: 'accepted' }, incident, null),
          ...(thread === null ? [] : [thread]),
        ];
        for (const message of rendered) {
          expect(findSlackViolations(message)).toEqual([]);
          expect(marksIn(message).filter((mark) => !isDate(mark) && !isLink(mark))).toEqual([]);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('no text of an alert stands where Slack has no escaping', () => {
    fc.assert(
      fc.property(anyIncident, (incident) => {
        const message = JSON.stringify(slackIncidentMessage(incident, linksOf(incident)));
        for (const [, text = ''] of message.matchAll(/"plain_text","text":"([^"]*)"/g)) {
          expect(text).toMatch(
            /^(\p{Emoji_Presentation} (SEV\d )?INC-42 \w+( \(was SEV\d\))?|Acknowledge|Escalate|Silence (this alert|these \d+ alerts)( of INC-42\?)?|Silence|Do not|Until (it|each) resolves, at most 7 days\. The incident resolves when no other alert fires in it\. What fires anew is told again\.|Resolve( INC-42\?)?|Keep open|No alert of this incident is firing\.|\d+ alerts? (is|are) still firing\. The incident opens again if they go on firing\.)$/u,
          );
        }
      }),
    );
  });
});
