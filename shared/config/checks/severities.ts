import { severities } from '../../incident/severity.ts';
import { formatDuration } from '../duration.ts';
import type { Policy } from '../policy.ts';
import type { Finding } from '../problem.ts';

/** A severity that interrupts nobody cannot be one that people must be woken for; a SEV1 cannot wait for the morning either. */
export const checkSeverityPages = (policy: Policy): Finding[] =>
  severities
    .filter((severity) => severity <= 'SEV2' && policy.severities[severity].pages !== 'always')
    .map((severity) => {
      const { pages } = policy.severities[severity];
      return {
        level: pages === 'never' || severity === 'SEV1' ? 'error' : 'warning',
        at: ['severities', severity, 'pages'],
        message: pages === 'never' ? `${severity} pages nobody` : `${severity} pages nobody outside working hours`,
        fix: 'Write pages: always, or map these alerts to SEV3 or SEV4.',
      };
    });

/** Severities get less urgent from SEV1 to SEV4; a slower worse one is a slip. */
export const checkSeverityOrder = (policy: Policy): Finding[] =>
  severities.flatMap((severity, index): Finding[] => {
    const worse = severities[index - 1];
    if (worse === undefined) return [];
    const slower =
      policy.severities[worse].acknowledgeWithinSeconds > policy.severities[severity].acknowledgeWithinSeconds;
    if (!slower) return [];
    const message = `${worse} may wait longer for an acknowledgement than ${severity}`;
    return [
      {
        level: 'warning',
        at: ['severities', worse, 'acknowledgeWithin'],
        message,
        fix: `Give ${worse} the shorter time.`,
      },
    ];
  });

/** Nothing is resolved that nobody has taken: a deadline that passes before the one to acknowledge is a slip. */
export const checkDeadlines = (policy: Policy): Finding[] =>
  severities.flatMap((severity): Finding[] => {
    const { acknowledgeWithinSeconds, resolveWithinSeconds } = policy.severities[severity];
    if (resolveWithinSeconds == null || acknowledgeWithinSeconds <= resolveWithinSeconds) return [];
    const message = `${severity} must be resolved within ${formatDuration(resolveWithinSeconds)}, before it must be acknowledged (${formatDuration(acknowledgeWithinSeconds)})`;
    const fix = `Write a longer resolveWithin, or a shorter acknowledgeWithin.`;
    return [{ level: 'error', at: ['severities', severity, 'resolveWithin'], message, fix }];
  });

/** A severity that never pages has nothing to page with when a deadline is missed. */
export const checkMissedDeadlines = (policy: Policy): Finding[] =>
  severities
    .filter((severity) => policy.severities[severity].pages === 'never')
    .filter((severity) => policy.severities[severity].missedDeadline === 'page')
    .map((severity) => ({
      level: 'error',
      at: ['severities', severity, 'missedDeadline'],
      message: `a missed deadline of ${severity} cannot page, because ${severity} never pages`,
      fix: 'Write missedDeadline: remind, or pages: working hours.',
    }));
