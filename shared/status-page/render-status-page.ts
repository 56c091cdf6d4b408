import type { Instant } from '../kernel/instant.ts';
import { readableUtc } from '../notification/escape-slack.ts';
import { escapeHtml } from './escape-html.ts';
import { isUnresolved, pageStatus, statusJsonFiles } from './status-json.ts';
import type { ComponentStatus, PublicIncident, StatusPageState } from './status-page.ts';

/** The public page as static files. */
export interface StatusPageFiles {
  readonly html: string;
  /** JSON texts by path below the page, such as `api/v2/status.json`. */
  readonly json: Readonly<Record<string, string>>;
}

const componentWords: Readonly<Record<ComponentStatus, string>> = {
  operational: 'Operational',
  degraded_performance: 'Degraded performance',
  partial_outage: 'Partial outage',
  major_outage: 'Major outage',
};

/**
 * One page of plain HTML: no script, nothing loaded from elsewhere (its own policy forbids both), readable without
 * colours and by a screen reader, with every text of people escaped.
 */
export function renderStatusPage(state: StatusPageState): StatusPageFiles {
  const json = Object.entries(statusJsonFiles(state)).map(([path, value]) => [path, `${JSON.stringify(value)}\n`]);
  return { html: renderHtml(state), json: Object.fromEntries(json) };
}

function renderHtml(state: StatusPageState): string {
  const { indicator, description } = pageStatus(state);
  const name = escapeHtml(state.page.name);
  const open = state.incidents.filter(isUnresolved);
  const past = state.incidents.filter((incident) => !isUnresolved(incident));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="referrer" content="no-referrer">
<title>${name}: ${escapeHtml(description)}</title>
<style>${style}</style>
</head>
<body>
<header><h1>${name}</h1></header>
<main>
<p class="overall ${indicator}" role="status">${escapeHtml(description)}</p>
<section aria-labelledby="components">
<h2 id="components">Components</h2>
${list(state.components.map(({ name, description, status }) => `<li><span class="name">${escapeHtml(name)}</span> <span class="status ${status}">${componentWords[status]}</span>${description === '' ? '' : `<p>${escapeHtml(description)}</p>`}</li>`))}
</section>
<section aria-labelledby="open">
<h2 id="open">Open incidents</h2>
${open.length === 0 ? '<p>None.</p>' : open.map(article).join('\n')}
</section>
<section aria-labelledby="past">
<h2 id="past">Past incidents</h2>
${past.length === 0 ? '<p>None.</p>' : past.map(article).join('\n')}
</section>
</main>
<footer><p>Updated ${time(state.page.updatedAt)}. Also as <a href="${escapeHtml(state.page.url)}/api/v2/summary.json">JSON</a>.</p></footer>
</body>
</html>
`;
}

const article = (incident: PublicIncident): string => `<article id="${escapeHtml(incident.id)}">
<h3>${escapeHtml(incident.name)} <span class="status">${incident.status}</span></h3>
${list(
  incident.updates.map(
    ({ status, body, at }) =>
      `<li><p><strong>${status}</strong> ${time(at)}</p><p>${escapeHtml(body).replaceAll('\n', '<br>')}</p></li>`,
  ),
)}
</article>`;

const list = (items: readonly string[]): string =>
  items.length === 0 ? '<p>None.</p>' : `<ul>\n${items.join('\n')}\n</ul>`;

const time = (at: Instant): string => `<time datetime="${at}">${readableUtc(at)}</time>`;

/** Contrast of at least 4.5 to 1 on both grounds (WCAG 2.2, 1.4.3); colour only repeats what the words say. */
const style = `
:root{color-scheme:light dark;font:1rem/1.5 system-ui,sans-serif}
body{max-width:44rem;margin:2rem auto;padding:0 1rem}
ul{list-style:none;padding:0}li{border-top:1px solid #8888;padding:.5rem 0}
.overall{font-size:1.25rem;font-weight:600;padding:1rem;border:2px solid;border-left-width:1rem}
.overall.none{border-color:#1a7f37}.overall.minor{border-color:#9a6700}.overall.major{border-color:#bc4c00}.overall.critical{border-color:#cf222e}
.name{font-weight:600}.status{float:right}
`;
