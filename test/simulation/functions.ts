import { makeHandler as dispatchTimeline } from '#functions/dispatch-timeline.ts';
import { makeHandler as draftPostmortem } from '#functions/draft-postmortem.ts';
import { makeHandler as ingestAlerts } from '#functions/ingest-alerts.ts';
import { makeHandler as notifyPagerduty } from '#functions/notify-pagerduty.ts';
import { makeHandler as notifySlack } from '#functions/notify-slack.ts';
import { makeHandler as notifySns } from '#functions/notify-sns.ts';
import { makeHandler as publishStatus } from '#functions/publish-status.ts';
import { makeHandler as receiveAlerts } from '#functions/receive-alerts.ts';
import { makeHandler as receiveSns } from '#functions/receive-sns.ts';
import { makeHandler as respondToSlack } from '#functions/respond-to-slack.ts';
import { makeHandler as runCommands } from '#functions/run-commands.ts';
import { makeHandler as serveAlertmanager } from '#functions/serve-alertmanager.ts';
import { makeHandler as serveApi } from '#functions/serve-api.ts';
import { makeHandler as sweep } from '#functions/sweep.ts';
import { makeHandler as tickEscalation } from '#functions/tick-escalation.ts';
// Loaded at its first use in production; here at once, because the virtual clock would run on meanwhile.
import '#shared/runtime/slack-door/look-into.ts';
import type { Functions } from './world.ts';

/** The product's own handlers, as Lambda would build them. */
export const realFunctions: Functions = {
  'receive-alerts': receiveAlerts,
  'receive-sns': receiveSns,
  'ingest-alerts': ingestAlerts,
  'dispatch-timeline': dispatchTimeline,
  'notify-slack': notifySlack,
  'notify-pagerduty': notifyPagerduty,
  'notify-sns': notifySns,
  'tick-escalation': tickEscalation,
  'respond-to-slack': respondToSlack,
  'run-commands': runCommands,
  'publish-status': publishStatus,
  'draft-postmortem': draftPostmortem,
  'serve-api': serveApi,
  'serve-alertmanager': serveAlertmanager,
  sweep,
};
