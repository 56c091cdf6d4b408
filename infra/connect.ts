import { parseArgs } from 'node:util';
import { alertmanagerReceiver } from './alertmanager-receiver.ts';
import { slackManifest } from './slack-manifest.ts';

/** Prints what connects Alertmanager and Slack to one Tocsin: the deployed one (stack output PublicUrl) or the local run. */

const usage = `Usage:
  npm run connect -- --url http://127.0.0.1:8080   the local run
  npm run connect -- --url <PublicUrl>             a deployment; the stack prints its PublicUrl`;

/** Null when `--url` is not there or no address. */
function readUrl(args: readonly string[]): string | null {
  try {
    const { values } = parseArgs({ args: [...args], options: { url: { type: 'string' } } });
    const { url } = values;
    return url !== undefined && URL.canParse(url) && /^https?:/.test(url) ? url.replace(/\/+$/, '') : null;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return null;
  }
}

export function describeConnection(url: string): string {
  return [
    '# Alertmanager: this receiver, a route to it, and the token of the source in the file.',
    alertmanagerReceiver(url),
    '# Slack: api.slack.com/apps, "Create New App", "From a manifest".',
    slackManifest(url),
  ].join('\n');
}

if (import.meta.main) {
  const url = readUrl(process.argv.slice(2));
  if (url === null) {
    console.error(usage);
    process.exitCode = 2;
  } else {
    console.log(describeConnection(url));
  }
}
