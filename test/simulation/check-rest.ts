import { type Incident, incidentName, isOpen } from '#shared/incident/incident.ts';
import { toEpochMillis } from '#shared/kernel/instant.ts';
import { isPending, nameOfPage, type Report } from './check-ledger.ts';
import { commitsOf, incidentsOf, pagesOf } from './ledger.ts';
import { simulationSettings } from './port-models.ts';
import type { World } from './world.ts';

/** Promise 1 at rest: nothing pending, nothing undispatched, nothing due. */
export function checkQuiescent(world: World, report: Report): void {
  for (const [name, queue] of world.queues) {
    if (queue.pending > 0) report(`${queue.pending} messages still in ${name}`);
    for (const dead of queue.dead) report(`dead-lettered in ${name}: ${dead.reason}`);
  }
  for (const item of world.presentItems('commit'))
    if (item.undispatched) report(`a commit is not dispatched: ${item.pk} ${item.sk}`);
  for (const page of pagesOf(world)) if (isPending(page)) report(`still ${page.state}: ${nameOfPage(page)}`);
  checkTimers(world, report);
}

function checkTimers(world: World, report: Report): void {
  const toleratedSince = world.time.millis - 5 * 60_000;
  for (const { number, dueAt, status } of incidentsOf(world)) {
    if (dueAt !== null && toEpochMillis(dueAt) < toleratedSince)
      report(`${incidentName(number)} is overdue since ${dueAt}`);
    if (status === 'triggered' && dueAt === null) report(`${incidentName(number)} is triggered and has no timer`);
  }
  for (const { incidentId, generation, part } of world.timers.stale)
    report(`the timer ${incidentId}-${generation}-${part} went on after it was replaced`);
}

/** Level-triggered lanes: whatever went wrong on the way, at rest the vendors show how things stand. */
export function checkVendorsAtRest(world: World, report: Report): void {
  for (const incident of incidentsOf(world)) {
    const { id, number, severity, status, slackChannelId } = incident;
    const name = incidentName(number);
    const root = world.slack.messages.findLast(
      ({ channel, metadata }) =>
        channel === slackChannelId &&
        metadata?.event_payload.incident_id === id &&
        metadata.event_payload.key === 'root',
    );
    if (!root) report(`${name} has no message in its Slack channel`);
    else if (!root.text.startsWith(`[${severity}] ${name} `) || !root.text.endsWith(`(${status})`))
      report(`${name} is ${severity}, ${status}; Slack shows: ${root.text}`);
    checkPagerDutyKeys(world, incident, report);
  }
}

/** A key is replaced once the trigger of a later generation was surely accepted; before that one stays open. */
function checkPagerDutyKeys(world: World, incident: Incident, report: Report): void {
  const { id, number, generation, status } = incident;
  const accepted = pagesOf(world).filter(
    (page) => page.incidentId === id && page.lane === 'pagerduty' && page.state === 'handed over',
  );
  const newest = Math.max(...accepted.map((page) => page.generation));
  for (const [key, state] of world.pagerduty.alerts) {
    if (!key.startsWith(`${id}:`)) continue;
    const replaced = !isOpen(incident) || generationOf(key) < newest;
    // One that an earlier end of the incident resolved stays so.
    const isPresent = generationOf(key) === generation || state !== 'resolved';
    if (replaced && state !== 'resolved')
      report(`${incidentName(number)}, ${status}: PagerDuty's ${key} is still ${state}`);
    if (!replaced && isPresent && status === 'acknowledged' && state !== 'acknowledged')
      report(`${incidentName(number)} is acknowledged: PagerDuty's ${key} is ${state}`);
  }
}

const generationOf = (dedupKey: string): number => Number(dedupKey.split(':')[1]);

/** Each commit was published to subscribers, and each of its pages to the fallback was sent: at least once. */
export function checkTopics(world: World, report: Report): void {
  const isEvent = ({ topic }: { readonly topic: string }) => topic === simulationSettings.eventsTopic;
  const published = new Set(world.topics.published.filter(isEvent).map(({ message }) => JSON.parse(message).id));
  const fallback = Map.groupBy(
    world.topics.published.filter((each) => !isEvent(each) && !each.topic.startsWith('sms:')),
    ({ message }) => /INC-\d+/.exec(message)?.[0],
  );
  for (const [number, commits] of Map.groupBy(commitsOf(world), ({ incidentNumber }) => incidentNumber)) {
    const name = incidentName(number);
    const owed = commits.flatMap(({ events }) => events).filter(({ type }) => type === 'FallbackPaged').length;
    const got = fallback.get(name)?.length ?? 0;
    if (got < owed) report(`${name}: the fallback was owed ${owed} pages and got ${got}`);
    for (const { incidentId, version, part, events } of commits) {
      const id = [incidentId, version, ...(part === '' ? [] : [part])].join('-');
      if (events.some(({ type }) => type !== 'TimerSet') && !published.has(id)) report(`${id} was not published`);
    }
  }
}
