import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { incidentLinks } from '#shared/notification/incident-links.ts';
import { fallbackNotice, snsPageNotice, troubleNotice } from '#shared/notification/sns-notice.ts';
import { anyIncident, anyText } from '#test/support/hostile-texts.ts';
import { anIncident, aPage } from '#test/support/incident-builders.ts';

const incident = anIncident({ title: 'Überlast <checkout>', service: 'checkout', owner: 'payments' });
const linksOf = (each = incident) => incidentLinks(each, { services: {} }, 'https://tocsin.example');

describe('a page by SNS', () => {
  it('says what, since when and where to go', () => {
    expect(snsPageNotice(aPage({ attempts: 1 }), incident, linksOf())).toEqual({
      subject: 'SEV1 INC-42 Uberlast <checkout>',
      sms: 'SEV1 INC-42: Uberlast <checkout>',
      text: [
        'alice, you are paged for INC-42.',
        'Title: Überlast <checkout>',
        'Severity: SEV1, triggered since 2026-11-21 01:00 UTC',
        'Service: checkout; owner: payments',
        'Firing: 1 of 1 alerts',
        'Incident: https://tocsin.example/v1/incidents/42',
        'Why: step 1 of default',
      ].join('\n'),
    });
  });

  it('says that it may be a repeat after an unknown outcome', () => {
    const { text, sms } = snsPageNotice(aPage({ attempts: 2 }), incident, linksOf());
    expect([text.split('\n')[0], sms]).toEqual([
      'alice, you are paged for INC-42 (may be a repeat of the same page).',
      'SEV1 INC-42 (repeat?): Uberlast <checkout>',
    ]);
  });
});

describe('the last resort', () => {
  it.each([
    ['deadline passed', 'INC-42 needs somebody: the page to person:alice was not handed over before its deadline.'],
    ['dead-lettered', 'INC-42 needs somebody: the page to person:alice could not be processed.'],
    ['target is gone', 'INC-42 needs somebody: the page to person:alice has nobody to go to any more.'],
    ['nobody on call', 'INC-42 needs somebody: a step found nobody to page as person:alice.'],
    [
      'nobody acknowledged',
      'INC-42 needs somebody: every step of its escalation policy was paged and nobody acknowledged.',
    ],
  ] as const)('explains %s', (reason, lead) => {
    const notice = fallbackNotice(incident, reason, 'person:alice', linksOf());
    expect([notice.subject, notice.sms, notice.text.split('\n')[0]]).toEqual([
      'FALLBACK SEV1 INC-42 Uberlast <checkout>',
      `FALLBACK SEV1 INC-42 (${reason}): Uberlast <checkout>`,
      lead,
    ]);
  });

  it('tells trouble that belongs to no incident', () => {
    expect(troubleNotice('could not process an alert from source main')).toEqual({
      subject: 'FALLBACK could not process an alert from source main',
      sms: 'FALLBACK could not process an alert from source main',
      text: 'Tocsin needs somebody: could not process an alert from source main',
    });
  });
});

describe('a notice', () => {
  it('is taken by SNS and every carrier, whatever the alerts hold', () => {
    fc.assert(
      fc.property(anyIncident, anyText, (each, text) => {
        const notices = [
          snsPageNotice(aPage({ why: text }), each, linksOf(each)),
          fallbackNotice(each, 'dead-lettered', text, linksOf(each)),
          troubleNotice(text),
        ];
        for (const { subject, sms, text: body } of notices) {
          expect(subject).toMatch(/^[A-Za-z][\x20-\x7e]{0,99}$/);
          expect(sms).toMatch(/^[\x20-\x7e]{1,140}$/);
          expect(Buffer.byteLength(body)).toBeLessThan(100_000);
          expect(body).not.toMatch(/[^\P{Cc}\n]|[\u202A-\u202E]/u);
        }
      }),
    );
  });
});
