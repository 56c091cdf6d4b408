import type { Matcher } from '#shared/alert/matcher.ts';
import type { Silence } from '#shared/silence/silence.ts';
import type { SilenceDraft } from '#shared/silence/validate-silence.ts';

export const noon = '2026-11-20T12:00:00.000Z';
export const one = '2026-11-20T13:00:00.000Z';
export const two = '2026-11-20T14:00:00.000Z';
export const three = '2026-11-20T15:00:00.000Z';

export const matcher = (name: string, operator: Matcher['operator'], value: string): Matcher => ({
  name,
  operator,
  value,
});

export const silence = (changes: Partial<Silence> = {}): Silence => ({
  schema: 1,
  version: 4,
  id: 'silence-1',
  matchers: [matcher('alertname', '=', 'Disk')],
  startsAt: one,
  endsAt: two,
  createdBy: 'ada',
  comment: 'cleaning up',
  createdAt: noon,
  updatedAt: noon,
  ...changes,
});

export const draft = (changes: Partial<SilenceDraft> = {}): SilenceDraft => ({
  matchers: [matcher('alertname', '=', 'Disk')],
  startsAt: one,
  endsAt: two,
  createdBy: 'ada',
  comment: 'cleaning up',
  ...changes,
});
