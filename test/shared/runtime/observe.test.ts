import { Metrics as PowertoolsMetrics } from '@aws-lambda-powertools/metrics';
import { describe, expect, it, vi } from 'vitest';
import { AdapterError } from '#shared/kernel/adapter-error.ts';
import { makeLog } from '#shared/runtime/logger.ts';
import { makeMetrics, metricsNamespace, metricsService } from '#shared/runtime/metrics.ts';

describe('the log', () => {
  it('passes fields on, and cuts an error to name, reason and message', () => {
    const lines: unknown[] = [];
    const line =
      (level: string) =>
      (message: unknown, ...fields: unknown[]): void => {
        lines.push([level, message, ...fields]);
      };
    const log = makeLog({ info: line('info'), warn: line('warn'), error: line('error') });
    const cause = new Error('a nested request with its headers');
    log.info('opened', { incidentId: '01JA' });
    log.warn('plain');
    log.error('failed', { error: new AdapterError('sqs', 'throttled', 'slow', { cause }), other: new TypeError('x') });
    expect(lines).toEqual([
      ['info', 'opened', { incidentId: '01JA' }],
      ['warn', 'plain', {}],
      [
        'error',
        'failed',
        {
          error: { name: 'AdapterError', reason: 'throttled', message: 'sqs: slow' },
          other: { name: 'TypeError', message: 'x' },
        },
      ],
    ]);
  });
});

describe('metrics', () => {
  function setUp() {
    const powertools = new PowertoolsMetrics({ namespace: metricsNamespace, serviceName: metricsService });
    const written: Record<string, unknown>[] = [];
    const spy = vi.spyOn(process.stdout, 'write').mockImplementation((line) => {
      written.push(JSON.parse(String(line)));
      return true;
    });
    const publish = () => {
      powertools.publishStoredMetrics();
      spy.mockRestore();
      return written.map(({ _aws: aws, ...values }) => ({ ...values, aws }));
    };
    return { metrics: makeMetrics(powertools), publish };
  }

  const embedded = (name: string, unit: string, dimensions: readonly string[]) => ({
    Timestamp: expect.any(Number),
    CloudWatchMetrics: [{ Namespace: 'Tocsin', Dimensions: [dimensions], Metrics: [{ Name: name, Unit: unit }] }],
  });

  it('are gathered and written when the invocation ends', () => {
    const { metrics, publish } = setUp();
    metrics.count('RequestsAccepted');
    metrics.count('RequestsAccepted', 4);
    expect(publish()).toEqual([
      { service: 'tocsin', RequestsAccepted: [1, 4], aws: embedded('RequestsAccepted', 'Count', ['service']) },
    ]);
  });

  it('with dimensions are written by themselves, and leave no dimension behind', () => {
    const { metrics, publish } = setUp();
    metrics.count('EscalationLateness', 2.5);
    metrics.count('PagesOwed', 3, { lane: 'slack' });
    metrics.count('PagesOwed', 1, { lane: 'sns' });
    const owed = (lane: string, value: number) => ({
      service: 'tocsin',
      lane,
      PagesOwed: value,
      aws: embedded('PagesOwed', 'Count', ['service', 'lane']),
    });
    expect(publish()).toEqual([
      owed('slack', 3),
      owed('sns', 1),
      { service: 'tocsin', EscalationLateness: 2.5, aws: embedded('EscalationLateness', 'Seconds', ['service']) },
    ]);
  });
});
