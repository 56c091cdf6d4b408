import { type PageTarget, targetKey } from '../notification/page.ts';

/**
 * A page's target for people: `alice`, `alice by contact alice-phone`, `alice in channel C123`, `everybody in channel C123`,
 * `PagerDuty service web`, `contact ops`.
 */
export function describeTarget(target: PageTarget | string): string {
  const key = typeof target === 'string' ? target : targetKey(target);
  const at = key.indexOf(':') + 1;
  const name = key.slice(at);
  switch (key.slice(0, at)) {
    case 'person:':
      return name.replace(':sns:', ' by contact ');
    case 'mention:': {
      const [channelId, person = 'everybody'] = name.split(':');
      return `${person} in channel ${channelId}`;
    }
    case 'pagerduty:':
      return `PagerDuty service ${name}`;
    case 'sns:':
      return `contact ${name}`;
    default:
      return key;
  }
}
