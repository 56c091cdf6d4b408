import type { IncomingAlert } from '#shared/alert/alert.ts';
import { fingerprintOf } from '#shared/alert/fingerprint.ts';
import type { Labels } from '#shared/alert/labels.ts';
import type { Matcher } from '#shared/alert/matcher.ts';
import type { RouteDocument } from '#shared/config/schema/route.ts';
import type { Silence } from '#shared/silence/silence.ts';
import { serviceOf } from './policy.ts';
import { makeRandom } from './random.ts';

/** A fleet, its alerts, the silences of its people and its routes: made from seeds, the same in every run. */

export const now = '2026-03-02T10:00:00.000Z';
export const services = 40;
const alertnames = 300;
const hosts = 5_000;
const clusters = 8;
const namespaces = 60;

const nameOf = (index: number) => `Alert${String(index).padStart(3, '0')}`;
const namespaceOf = (index: number) => `namespace-${index}`;
const clusterOf = (index: number) => `cluster-${index}`;
const hostOf = (index: number) => `10.${index % 20}.${Math.floor(index / 20)}.7:9100`;
const severities = ['critical', 'error', 'warning', 'info'] as const;

export const makeAlerts = (count: number): readonly IncomingAlert[] => {
  const random = makeRandom(1);
  return Array.from({ length: count }, () => {
    const labels: Labels = {
      alertname: nameOf(random(alertnames)),
      instance: hostOf(random(hosts)),
      cluster: clusterOf(random(clusters)),
      namespace: namespaceOf(random(namespaces)),
      service: serviceOf(random(services)),
      severity: severities[random(severities.length)] ?? 'info',
      job: 'node',
      prometheus: 'monitoring/k8s',
    };
    return {
      fingerprint: fingerprintOf(labels),
      status: 'firing',
      labels,
      annotations: { summary: 'Something is wrong', runbook_url: 'https://runbooks.example.com/x' },
      startsAt: now,
      endsAt: null,
      generatorURL: 'http://prometheus.example.com/graph',
    };
  });
};

const matcher = (name: string, operator: Matcher['operator'], value: string): Matcher => ({ name, operator, value });

/** As people make them: nearly every one names what it means, and few hold back much. */
export const silenceMix =
  '60 % alertname= instance=; 20 % alertname= instance=~"10\\.3\\.7\\..*"; 10 % cluster= namespace= alertname=~"A|B|C"; 5 % alertname= cluster= service= severity!="critical"; 4 % alertname= namespace= cluster= instance!~"10\\.(1|2|3).*"; 1 % only instance=~"10\\.3\\.7\\..*"';

/** By position in a hundred, so that ten times as many silences have the same mix. */
function matchersOf(position: number, random: (below: number) => number): readonly Matcher[] {
  const alertname = matcher('alertname', '=', nameOf(random(alertnames)));
  const network = matcher('instance', '=~', `10\\.${random(20)}\\.${random(250)}\\..*`);
  const cluster = matcher('cluster', '=', clusterOf(random(clusters)));
  const namespace = matcher('namespace', '=', namespaceOf(random(namespaces)));
  if (position < 60) return [alertname, matcher('instance', '=', hostOf(random(hosts)))];
  if (position < 80) return [alertname, network];
  if (position < 90) {
    const names = Array.from({ length: 3 }, () => nameOf(random(alertnames))).join('|');
    return [cluster, namespace, matcher('alertname', '=~', names)];
  }
  if (position < 95) {
    const service = matcher('service', '=', serviceOf(random(services)));
    return [alertname, cluster, service, matcher('severity', '!=', 'critical')];
  }
  if (position < 99) return [alertname, namespace, cluster, matcher('instance', '!~', '10\\.(1|2|3).*')];
  return [network];
}

/** Active ones but for one in twenty that is pending. */
export function makeSilences(count: number): readonly Silence[] {
  const random = makeRandom(2);
  return Array.from({ length: count }, (_, index) => ({
    schema: 1,
    version: 1,
    id: `silence-${index}`,
    matchers: matchersOf(index % 100, random),
    startsAt: index % 20 === 7 ? '2026-03-02T12:00:00.000Z' : '2026-03-02T08:00:00.000Z',
    endsAt: '2026-03-02T20:00:00.000Z',
    createdBy: 'ada',
    comment: 'known, being worked on',
    createdAt: '2026-03-02T08:00:00.000Z',
    updatedAt: '2026-03-02T08:00:00.000Z',
  }));
}

/** A branch for each service with four below it, 200 routes; with 20 racks, one more below each branch for each rack, 1,000. */
export const makeRoutes = (racks = 0): readonly RouteDocument[] =>
  Array.from({ length: services }, (_, service) => ({
    name: `branch-${service}`,
    matchers: [`service="${serviceOf(service)}"`],
    routes: [
      ...Array.from({ length: racks }, (_, rack) => ({ matchers: [`instance=~"10\\.${rack}\\.1.*"`, 'tier="2"'] })),
      { matchers: ['severity="critical"', `namespace=~"namespace-(1|2|3).*"`] },
      { matchers: [`cluster=~"cluster-(0|1)"`, 'severity=~"critical|error"'] },
      { matchers: [`alertname=~"Alert0.*"`], continue: true },
      { matchers: [`namespace!="namespace-1"`, 'severity!="info"'], incidentKey: ['service', 'cluster'] },
    ],
  }));
