import { describe, expect, it } from 'vitest';
import { makeHandler } from '#functions/serve-api.ts';
import { createSilence } from '#shared/silence/decide-silence.ts';
import { saveSilences } from '#shared/store/silence-store.ts';
import { at, noon } from '#test/support/decision-builders.ts';
import { documentOf, makeDoorDeps, openIncident, request } from '#test/support/door-kit.ts';
import { pagingPolicy } from '#test/support/prediction-kit.ts';

const labels = { alertname: 'CheckoutDown', severity: 'critical' };

function door(policy = pagingPolicy) {
  const deps = makeDoorDeps({ policy });
  const handle = makeHandler(deps);
  const ask = async (body: unknown, as: 'vera' | 'human' = 'vera') =>
    documentOf(await handle(request('POST', '/v1/simulations', { as, body: JSON.stringify(body) })));
  return { deps, ask };
}

describe('B29: POST /v1/simulations', () => {
  it('tells a viewer who would be paged, and stores nothing', async () => {
    const { deps, ask } = door();
    const answer = await ask({ labels, at: noon });
    expect(answer).toMatchObject({
      status: 200,
      prediction: { outcome: 'told', policyHash: pagingPolicy.hash, incidents: [{ severity: 'SEV1', openedAt: noon }] },
    });
    expect(answer.prediction.incidents[0].moments[0]).toMatchObject({
      kind: 'step',
      at: noon,
      pages: [{ target: 'person:alice' }, { target: 'pagerduty:web' }],
    });
    expect(deps.memory.allItems()).toEqual([]);
  });

  it('asks for this instant when none is given, and takes labels as a text', async () => {
    const { ask } = door();
    expect((await ask({ labels: 'alertname=CheckoutDown,severity="critical"' })).prediction).toEqual(
      (await ask({ labels, at: noon })).prediction,
    );
  });

  it('knows the stored silences', async () => {
    const { deps, ask } = door();
    const matchers = [{ name: 'alertname', operator: '=', value: 'CheckoutDown' }] as const;
    const draft = { matchers, startsAt: noon, endsAt: at(60), createdBy: 'alice', comment: 'known' };
    const decision = createSilence(draft, { now: noon, id: 's1' });
    if (decision.outcome !== 'accepted') throw new Error(decision.outcome);
    await saveSilences(deps.memory, [{ before: null, after: decision.silence }], deps.policy);
    expect((await ask({ labels })).prediction).toMatchObject({
      outcome: 'suppressed',
      by: 'silence s1',
      until: at(60),
    });
    expect((await ask({ labels, at: at(60) })).prediction).toMatchObject({ outcome: 'told' });
  });

  it('names the incident that has the key now, where the key is known beforehand', async () => {
    const { deps, ask } = door({ ...pagingPolicy, route: { ...pagingPolicy.route, incidentKey: ['alertname'] } });
    expect((await ask({ labels })).prediction.incidents[0].joins).toBeUndefined();
    await openIncident(deps, 42, 'SEV2', { incidentKey: 'labels:root:alertname=CheckoutDown' });
    const joins = { name: 'INC-42', status: 'triggered', severity: 'SEV2' };
    expect((await ask({ labels })).prediction.incidents[0].joins).toEqual(joins);
    expect((await ask({ labels: { alertname: 'Other' } })).prediction.incidents[0].joins).toBeUndefined();
  });

  it('tells what happens next to an incident', async () => {
    const { deps, ask } = door();
    await openIncident(deps, 42);
    deps.clock.advance(60);
    const answer = await ask({ incident: 'INC-42', horizon: '10m' });
    expect(answer).toMatchObject({
      status: 200,
      incident: 'INC-42',
      course: { severity: 'SEV1', escalationPolicy: 'sev1' },
    });
    expect(answer.course.moments.map((moment: { at: string }) => moment.at)).toEqual([at(300), at(600)]);
  });

  it.each([
    [{}, 'The body needs "labels"'],
    [{ labels: {} }, 'The body needs "labels"'],
    [{ labels: { a: 1 } }, 'The body needs "labels"'],
    [{ labels: 'severity=~critical' }, 'label severity is written with =~'],
    [{ labels: 'a=b,a=c' }, 'label a is given twice'],
    [{ labels: 'no' }, 'labels cannot be read'],
    [{ labels, at: '2027-03-28T01:30' }, 'The field "at" is an instant'],
    [{ labels, acknowledgedAt: 7 }, 'The field "acknowledgedAt" is an instant'],
    [{ labels, severity: 'SEV9' }, 'The field "severity" is SEV1'],
    [{ labels, source: 7 }, 'The field "source" names'],
    [{ labels, arrival: 'mail' }, 'The field "arrival" is'],
    [{ labels, horizon: '31d' }, 'The field "horizon" is a time'],
    [{ labels, incident: 42 }, 'The body has either "labels" or "incident"'],
    [{ incident: 'x' }, 'The field "incident" is the number'],
  ])('refuses %j', async (body, detail) => {
    expect(await door().ask(body)).toMatchObject({
      status: 400,
      contentType: 'application/problem+json',
      detail: expect.stringContaining(detail),
    });
  });

  it('does not know an incident that there is not', async () => {
    expect(await door().ask({ incident: 7 })).toMatchObject({ status: 404, title: 'Not found' });
  });
});
