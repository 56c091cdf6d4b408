import { describe, expect, it } from 'vitest';
import { once, optionalEnv, requireEnv } from '#shared/runtime/env.ts';
import { queueNames } from '#shared/runtime/messages.ts';
import { secretIdVariable } from '#shared/runtime/production-deps/secrets.ts';
import { deadLetterUrlVariable, queueOfArn, queueUrlVariable } from '#shared/runtime/queue-settings.ts';

describe('settings from the environment', () => {
  it('are named when they are absent or empty', () => {
    expect(requireEnv('TABLE_NAME', { TABLE_NAME: 't' })).toBe('t');
    for (const environment of [{}, { TABLE_NAME: '' }]) {
      expect(() => requireEnv('TABLE_NAME', environment)).toThrow('the environment variable TABLE_NAME is not set');
      expect(optionalEnv('TABLE_NAME', environment)).toBeNull();
    }
    expect(optionalEnv('TABLE_NAME', { TABLE_NAME: 't' })).toBe('t');
  });

  it('are made once, and again after a failure', () => {
    let calls = 0;
    const make = once(() => {
      calls += 1;
      if (calls === 1) throw new Error('not yet');
      return { calls };
    });
    expect(make).toThrow('not yet');
    expect(make()).toEqual({ calls: 2 });
    expect(make()).toBe(make());
  });

  it('name queues and secrets in capitals', () => {
    expect(queueNames.map(queueUrlVariable)).toEqual([
      'QUEUE_URL_INGEST',
      'QUEUE_URL_RELEASES',
      'QUEUE_URL_SLACK_PAGES',
      'QUEUE_URL_SLACK_UPDATES',
      'QUEUE_URL_PAGERDUTY_PAGES',
      'QUEUE_URL_PAGERDUTY_UPDATES',
      'QUEUE_URL_SNS_PAGES',
      'QUEUE_URL_STATUS_UPDATES',
      'QUEUE_URL_COMMANDS',
    ]);
    expect(deadLetterUrlVariable('slack-pages')).toBe('DEAD_LETTER_URL_SLACK_PAGES');
    expect(secretIdVariable('pagerduty')).toBe('SECRET_ID_PAGERDUTY');
  });

  it('tell a queue by the name in its ARN, with any prefix', () => {
    const arn = (name: string) => `arn:aws:sqs:eu-west-1:123456789012:${name}`;
    for (const queue of queueNames) {
      expect([queue, `tocsin-prod-${queue}`, `tocsin-${queue}.fifo`].map((name) => queueOfArn(arn(name)))).toEqual([
        queue,
        queue,
        queue,
      ]);
    }
    expect(() => queueOfArn(arn('somebody-elses'))).toThrow('none of ours: somebody-elses');
  });
});
