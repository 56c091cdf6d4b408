import { describe, expect, it } from 'vitest';
import { makeHandler } from '#functions/respond-to-slack.ts';
import { parseSlackCommand } from '#shared/notification/parse-slack-command.ts';
import { findSlackViolations } from '#shared/notification/slack-limits.ts';
import { saveOverrides } from '#shared/store/override-store.ts';
import { bodyOf, makeDoorDeps, openIncident, slackForm, slackRequest } from '#test/support/door-kit.ts';
import { anOverride, onCallPolicy } from '#test/support/on-call-kit.ts';

const policy = onCallPolicy({
  severities: {
    ...onCallPolicy().severities,
    SEV3: { ...onCallPolicy().severities.SEV3, pages: 'always', escalationPolicy: 'primary' },
  },
  escalationPolicies: {
    ...onCallPolicy().escalationPolicies,
    primary: {
      name: 'primary',
      steps: [{ afterSeconds: 0, targets: [{ kind: 'schedule', schedule: 'primary' }] }],
      repeatEverySeconds: null,
    },
  },
});

function makeDoor() {
  const deps = makeDoorDeps({ policy });
  const handle = makeHandler(deps);
  let typed = 0;
  const type = async (text: string) => {
    typed += 1;
    const answer = bodyOf(
      await handle(slackRequest(deps, 'commands', slackForm({ text, trigger_id: `trigger.${typed}` }))),
    );
    expect(findSlackViolations(answer)).toEqual([]);
    return answer;
  };
  const shown = async (text: string): Promise<string> => (await type(text)).blocks[1].text.text;
  return { deps, type, shown };
}

describe('B29: /incident who', () => {
  it('shows who would be told of an alert, on the clocks of the policy, with the override that counts then', async () => {
    const { deps, shown } = makeDoor();
    expect(await shown('who alertname=Disk, severity=warning at 2026-03-02T19:30')).toContain(
      'Mon 2026-03-02 19:30:00  03-02 18:30:00Z  step 1  pages alice by Slack message (layer day by day of schedule primary)',
    );
    await saveOverrides(deps.memory, { version: 0 }, [anOverride()], policy);
    const answer = await shown('who alertname=Disk at 2026-03-02T19:30');
    expect(answer).toContain('pages carol by Slack message');
    expect(answer).toContain('alice  carol covers for them on primary until Mon 2026-03-02 23:00:00  03-02 22:00:00Z');
    expect(deps.memory.allItems().filter(({ kind }) => kind === 'incident')).toEqual([]);
  });

  it('shows who is next of an incident, also of the only one that is open', async () => {
    const { deps, type, shown } = makeDoor();
    await openIncident(deps, 42, 'SEV2');
    expect(await shown('who 42')).toContain('step 2');
    expect(await shown('who')).toContain('step 2');
    expect((await type('who 7')).text).toContain('INC-7');
  });

  it('says what cannot be understood, and how to write it', async () => {
    const { type } = makeDoor();
    expect((await type('who severity')).text).toContain(
      'Write it as `/incident who severity=critical,service=checkout',
    );
    expect((await type('who a=b at 2026-03-29T02:30')).text).toContain('does not exist: clocks skip it');
    expect((await type('who a=b at noon')).text).toContain('"noon" is no time');
  });

  it('lets no text become markup, and cuts what is too long', async () => {
    const { type } = makeDoor();
    const answer = JSON.stringify(await type('who note="&lt;!channel&gt; ```x``` *b*",a=b'));
    expect(answer).not.toContain('<!channel>');
    expect(answer).toContain('&lt;!channel&gt;');
    await type(`who note="${'x'.repeat(4_000)}"`);
  });
});

describe('the words behind /incident who', () => {
  it.each([
    ['who', { labels: null, number: null, at: null }],
    ['who INC-42', { labels: null, number: 42, at: null }],
    ['who a=b at 2026-03-29T02:30', { labels: 'a=b', number: null, at: '2026-03-29T02:30' }],
    ['who a=b at 2026-03-29 02:30', { labels: 'a=b', number: null, at: '2026-03-29 02:30' }],
    ['who a=b  c="at noon", d=e', { labels: 'a=b,c="at noon",d=e', number: null, at: null }],
    ['who c=“x y” at 2026-03-29T02:30Z', { labels: 'c="x y"', number: null, at: '2026-03-29T02:30Z' }],
  ])('%s', (text, wish) => {
    expect(parseSlackCommand(text)).toEqual({ kind: 'who', ...wish });
  });
});
