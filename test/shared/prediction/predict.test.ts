import { describe, expect, it } from 'vitest';
import type { Policy } from '#shared/config/policy.ts';
import { addSeconds } from '#shared/kernel/instant.ts';
import { playCommand } from '#shared/prediction/play-incident.ts';
import { predict, predictOpen } from '#shared/prediction/predict.ts';
import type { Question } from '#shared/prediction/prediction.ts';
import { showCourse, showPrediction } from '#shared/prediction/show-prediction.ts';
import { createSilence } from '#shared/silence/decide-silence.ts';
import { aPolicy, at, carryOut, joins, noon } from '#test/support/decision-builders.ts';
import { asked, linesOf, nothingLive, onlyCourse, pagingPolicy } from '#test/support/prediction-kit.ts';

const ask = (override: Partial<Question> = {}, policy: Policy = pagingPolicy) =>
  predict(policy, asked(override), nothingLive);

describe('B29: who is told of an alert', () => {
  it('tells each step at its instant, up to the second repeat', () => {
    const course = onlyCourse(ask());
    expect(linesOf(course)).toEqual([
      '0 step 1.1: alice by Slack message, PagerDuty service web by PagerDuty service web, tells #payments',
      '300 step 2.1: bob by SNS contact bob-phone',
      '600 step 3.1: carol by Slack message, skips PagerDuty service web: already triggered in this generation',
      '1500 step 3.2: carol by Slack message, skips PagerDuty service web: already triggered in this generation',
      '1500 The fallback was paged, because nobody acknowledged.',
      '2400 step 3.3: carol by Slack message, skips PagerDuty service web: already triggered in this generation',
    ]);
    expect(course).toMatchObject({
      severity: 'SEV1',
      policyHash: pagingPolicy.hash,
      escalationPolicy: 'sev1',
      chosenBy: 'severity SEV1',
      knownUntil: at(2400),
    });
  });

  it('looks as far as it is asked to', () => {
    const course = onlyCourse(ask({ horizonSeconds: 3_600 }));
    expect(linesOf(course).map((line) => Number(line.split(' ')[0]))).toEqual([0, 300, 600, 1500, 1500, 2400, 3300]);
    expect(course.knownUntil).toBe(at(3_600));
  });

  it('ends where nothing more comes, and lets the one who acknowledges be first', () => {
    const course = onlyCourse(ask({ labels: { severity: 'error' }, acknowledgedAt: at(900) }));
    expect(linesOf(course)).toEqual(['0 step 1.1: alice by Slack message', '900 Acknowledged by somebody.']);
    expect(course.knownUntil).toBeNull();
  });

  it('names the step that waits for working hours beyond the time looked at', () => {
    const saturday = '2026-03-07T12:00:00.000Z';
    const question = { labels: { severity: 'warning' }, at: saturday, horizonSeconds: 21_600 };
    const course = onlyCourse(ask(question));
    expect(course).toMatchObject({
      severity: 'SEV3',
      waits: { step: 2, round: 1, until: '2026-03-09T08:00:00.000Z' },
      knownUntil: addSeconds(saturday, 21_600),
    });
    expect(showPrediction(ask(question), 'UTC')).toContain(
      '  step 2 waits for working hours, until Mon 2026-03-09 08:00:00Z',
    );
    expect(onlyCourse(ask({ ...question, horizonSeconds: 2 * 86_400 })).waits).toBeUndefined();
  });

  it('plays an acknowledgement and its expiry', () => {
    const course = onlyCourse(ask({ acknowledgedAt: at(120), horizonSeconds: 3_800 }));
    expect(linesOf(course).filter((line) => /^(0|120|3720) /.test(line))).toEqual([
      '0 step 1.1: alice by Slack message, PagerDuty service web by PagerDuty service web, tells #payments',
      `120 Acknowledged by somebody until ${at(3_720)}.`,
      '3720 The acknowledgement expired.',
      '3720 Triggered again, because the acknowledgement expired.',
      '3720 step 1.1: alice by Slack message, PagerDuty service web by PagerDuty service web, tells #payments',
    ]);
  });

  it('gives another severity on request, with the escalation policy of that severity', () => {
    const course = onlyCourse(ask({ severity: 'SEV2' }));
    expect(course).toMatchObject({ severity: 'SEV2', escalationPolicy: 'sev2', chosenBy: 'severity SEV2' });
  });

  it('names the route with what the alert met, and when the fallback takes the place of a page', () => {
    const matchers = [{ name: 'severity', operator: '=', value: 'critical' }] as const;
    const child = { ...pagingPolicy.route, path: 'root/critical', matchers };
    const prediction = ask({}, { ...pagingPolicy, route: { ...pagingPolicy.route, routes: [child] } });
    if (prediction.outcome !== 'told') throw new Error('it is told');
    const [incident] = prediction.incidents;
    expect(incident).toMatchObject({ routePath: 'root/critical', matchers, owner: 'payments', service: null });
    const [step] = incident?.moments ?? [];
    expect(step?.kind === 'step' && step.pages[0]).toEqual({
      who: 'alice',
      target: 'person:alice',
      lane: 'slack',
      by: 'Slack message',
      because: null,
      sentAt: noon,
      deadlineAt: at(60),
    });
  });

  it('says that a silence hides it, and until when', () => {
    const matchers = [{ name: 'alertname', operator: '=', value: 'CheckoutDown' }] as const;
    const draft = { matchers, startsAt: noon, endsAt: at(3_600), createdBy: 'alice', comment: 'known' };
    const decision = createSilence(draft, { now: noon, id: 's1' });
    if (decision.outcome !== 'accepted') throw new Error(decision.outcome);
    const live = { overrides: [], silences: [decision.silence] };
    expect(predict(pagingPolicy, asked(), live)).toMatchObject({
      outcome: 'suppressed',
      by: 'silence s1',
      until: at(3_600),
      why: expect.stringContaining('by "alice"'),
    });
    expect(predict(pagingPolicy, asked({ at: at(3_600) }), live).outcome).toBe('told');
  });

  it('names the rules by which something else may hold it back', () => {
    const rule = {
      name: 'cluster-down',
      sourceMatchers: [{ name: 'alertname', operator: '=', value: 'ClusterDown' }] as const,
      targetMatchers: [{ name: 'severity', operator: '=', value: 'critical' }] as const,
      equal: [],
    };
    expect(ask({}, { ...pagingPolicy, inhibitRules: [rule] })).toMatchObject({
      outcome: 'told',
      inhibitedBy: ['cluster-down'],
    });
  });

  it('opens a posted alert when its group has waited, and another at once', () => {
    const openedAt = (arrival: Question['arrival']) => {
      const prediction = ask({ arrival });
      return prediction.outcome === 'told' && prediction.incidents[0]?.openedAt;
    };
    expect(openedAt('posted')).toBe(addSeconds(noon, 30));
    expect(openedAt('webhook')).toBe(noon);
  });

  it('tells what comes next to an incident that is open', () => {
    const { incident } = carryOut(null, joins('SEV1', ['a']), noon);
    expect(linesOf(predictOpen(incident, at(60), { policy: aPolicy(), overrides: [] })).slice(0, 2)).toEqual([
      '300 step 2.1: bob by SNS contact bob-phone',
      '600 step 3.1: carol by Slack message, skips PagerDuty service web: already triggered in this generation',
    ]);
  });

  it('tells pages that are owed and wait, of an incident that nobody has acknowledged', () => {
    const contact = {
      SEV1: [
        { kind: 'slack', afterSeconds: 0 },
        { kind: 'sns', contact: 'ops', afterSeconds: 120 },
      ],
    } as const;
    const { people } = aPolicy();
    const policy = aPolicy({
      people: { ...people, alice: { name: 'alice', slackUserId: 'U-ALICE', sns: null, contact } },
    });
    const actor = { kind: 'source', id: 'main', name: 'main' } as const;
    const opened = playCommand(joins('SEV1', ['a']), null, {
      now: noon,
      actor,
      policy,
      overrides: [],
      commandId: null,
    });
    if (opened === null) throw new Error('the incident opens');
    const linesAt = (seconds: number, status = opened.after.status) =>
      showCourse(
        predictOpen({ ...opened.after, status }, at(seconds), { policy, overrides: [], owed: opened.pages }),
        'UTC',
      ).filter((line) => line.includes('alice'));
    expect(linesAt(60)).toEqual([
      '  Mon 2026-03-02 12:02:00Z  step 1        pages alice by SNS contact ops, 2m after the step unless acknowledged',
    ]);
    const told = '    alice  was paged at Mon 2026-03-02 12:00:00Z';
    expect(linesAt(121)).toContainEqual(told);
    expect(linesAt(121)).not.toContainEqual(expect.stringContaining('12:02:00Z'));
    expect(linesAt(60, 'acknowledged')).not.toContainEqual(expect.stringContaining('12:02:00Z'));
  });
});
