import { assert } from '../kernel/assert.ts';
import type { InhibitRule } from '../route/inhibit-rule.ts';
import type { MaintenanceWindow, Recurrence } from '../silence/maintenance-window.ts';
import { secondsOf } from './compile-escalation.ts';
import { compileWrittenMatchers } from './compile-matchers.ts';
import type { PolicyDocument } from './schema/document.ts';
import { isoWeekday, isoWeekdays } from './weekday.ts';

type RuleDocument = NonNullable<PolicyDocument['inhibit_rules']>[number];
type WindowDocument = NonNullable<PolicyDocument['maintenanceWindows']>[string];

const compileRule = (rule: RuleDocument, index: number): InhibitRule => ({
  name: rule.name ?? `inhibit_rules[${index}]`,
  sourceMatchers: compileWrittenMatchers({
    matchers: rule.source_matchers,
    match: rule.source_match,
    matchRegex: rule.source_match_re,
  }),
  targetMatchers: compileWrittenMatchers({
    matchers: rule.target_matchers,
    match: rule.target_match,
    matchRegex: rule.target_match_re,
  }),
  equal: [...new Set(rule.equal ?? [])],
});

export const compileInhibitRules = (document: PolicyDocument): readonly InhibitRule[] =>
  (document.inhibit_rules ?? []).map(compileRule);

function compileRecurrence(window: WindowDocument): Recurrence {
  if (window.daily !== undefined) return { kind: 'daily' };
  if (window.days !== undefined) return { kind: 'weekly', weekdays: isoWeekdays(window.days) };
  if (window.daysOfMonth !== undefined) return { kind: 'monthly', daysOfMonth: [...new Set(window.daysOfMonth)] };
  if (window.nthWeekday !== undefined) {
    const { nth, day } = window.nthWeekday;
    return { kind: 'monthly by weekday', nth, weekday: isoWeekday(day) };
  }
  assert(window.date !== undefined, 'the schema let a window without a recurrence through');
  return { kind: 'once', date: window.date };
}

export const compileMaintenanceWindows = (document: PolicyDocument): readonly MaintenanceWindow[] =>
  Object.entries(document.maintenanceWindows ?? {}).map(([name, window]) => ({
    name,
    matchers: compileWrittenMatchers(window),
    comment: window.comment ?? `maintenance window ${name}`,
    timeZone: window.timeZone ?? 'UTC',
    start: window.start,
    durationSeconds: secondsOf(window.duration),
    recurrence: compileRecurrence(window),
    from: window.from ?? null,
    until: window.until ?? null,
  }));
