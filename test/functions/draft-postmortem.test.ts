import { describe, expect, it } from 'vitest';
import { makeHandler } from '#functions/draft-postmortem.ts';
import { AdapterError } from '#shared/kernel/adapter-error.ts';
import { loadTimeline } from '#shared/store/incident-store.ts';
import {
  carryOutElsewhere,
  documentOf,
  incidentIdOf,
  makeDoorDeps,
  openIncident,
  request,
} from '#test/support/door-kit.ts';

function makeDoor(deps = makeDoorDeps()) {
  const handle = makeHandler(deps);
  const get = (number: string, override: Parameters<typeof request>[2] = {}) =>
    handle(
      request('GET', '/v1/incidents/{number}/postmortem', { as: 'vera', pathParameters: { number }, ...override }),
    );
  return { deps, get };
}

describe('the postmortem of an incident', () => {
  it('is drafted as Markdown for whoever may read, and changes nothing', async () => {
    const { deps, get } = makeDoor();
    await openIncident(deps);
    await carryOutElsewhere(deps, 42, { type: 'AddNote', text: 'Looked at <script>alert(1)</script> | x' });
    const answer = await get('INC-42');
    expect(answer).toMatchObject({
      statusCode: 200,
      headers: { 'Content-Type': 'text/markdown; charset=utf-8', 'X-Content-Type-Options': 'nosniff' },
    });
    expect(answer.body).toMatch(/^# Postmortem of INC-42: HighErrorRate/);
    expect(answer.body).toContain('Dora noted: Looked at');
    expect(answer.body).not.toContain('<script>');
    expect(await loadTimeline(deps.memory, incidentIdOf(42))).toHaveLength(2);
  });

  it('fits one answer, however long the timeline is', async () => {
    const { deps, get } = makeDoor();
    await openIncident(deps);
    for (let i = 0; i < 900; i += 1) {
      await carryOutElsewhere(deps, 42, { type: 'AddNote', text: '漢'.repeat(3_000) });
    }
    const { body } = await get('42');
    expect(Buffer.byteLength(JSON.stringify(body))).toBeLessThan(5_500_000);
    expect(body).toMatch(/the timeline in the API has the rest\._\n$/);
  });

  it('is for operators only', async () => {
    const { deps, get } = makeDoor();
    await openIncident(deps);
    expect(documentOf(await get('42', { headers: { Authorization: 'Bearer other' } }))).toMatchObject({ status: 401 });
    deps.operatorSecrets.failWith = new AdapterError('secrets-manager', 'unavailable', 'no connection');
    expect(documentOf(await get('42'))).toMatchObject({ status: 503 });
  });

  it.each(['7', '1e9', '-1', 'INC-', ''])('knows no incident %j', async (number) => {
    const { get } = makeDoor();
    expect(documentOf(await get(number))).toMatchObject({ status: 404, contentType: 'application/problem+json' });
  });
});
