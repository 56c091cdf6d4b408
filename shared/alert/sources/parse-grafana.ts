import type { Instant } from '../../kernel/instant.ts';
import { isJsonObject, type JsonObject, parseWebhookAlert } from '../parse-alert.ts';
import type { WebhookDialect } from '../parse-webhook.ts';

/**
 * The webhook of Grafana Alerting (grafana.com/docs, webhook notifier; payload version "1"): an Alertmanager's webhook with
 * values and links at each alert. They become the annotations that an incident shows, beside what the rule's author wrote.
 * `DatasourceError` and `DatasourceNoData` are alerts like others: rule, data source and query are in their labels, the error
 * is in an annotation, so that their identity stands while the error's text changes.
 */
export const grafanaWebhook: WebhookDialect = {
  takes: 'Grafana Alerting\'s webhooks of version "1" without a custom payload',
  version: '1',
  readAlert: readGrafanaAlert,
};

function readGrafanaAlert(raw: unknown, receivedAt: Instant) {
  if (!isJsonObject(raw)) return parseWebhookAlert(raw, receivedAt);
  const written = isJsonObject(raw.annotations) ? raw.annotations : {};
  return parseWebhookAlert({ ...raw, annotations: { ...shownBy(raw), ...withoutEmpty(written) } }, receivedAt);
}

/** What a rule's author wrote wins, but for what is empty. */
const withoutEmpty = (annotations: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(annotations).filter(([, text]) => text !== ''));

function shownBy(raw: JsonObject): JsonObject {
  return withoutEmpty({
    value: describeValues(raw),
    // The panel shows the rule's own query; its dashboard has many.
    dashboard_url: text(raw.panelURL) || text(raw.dashboardURL),
    silence_url: text(raw.silenceURL),
    image_url: text(raw.imageURL),
  });
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Such as `A=8, C=1`: each query and expression of the rule by its letter. */
function describeValues({ values, valueString }: JsonObject): string {
  if (!isJsonObject(values)) return text(valueString);
  return Object.entries(values)
    .filter(([, value]) => typeof value === 'number' || typeof value === 'string')
    .map(([name, value]) => `${name}=${value}`)
    .join(', ');
}
