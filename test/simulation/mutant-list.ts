/** One small mistake in the product, and who must notice it. */
export interface Mutant {
  readonly name: string;
  readonly file: string;
  /** Found exactly once in the file. */
  readonly text: string;
  readonly replacement: string;
}

const page = 'shared/store/page-store.ts';
const ledger = 'shared/notification/page-ledger.ts';
const send = 'shared/runtime/lanes/send-page.ts';
const due = 'shared/runtime/sweep/due-actions.ts';
const apply = 'shared/incident/apply-alerts.ts';
const dispatch = 'shared/runtime/dispatch-commit.ts';
const judge = 'shared/route/judge-alert.ts';
const classify = 'shared/alert/classify.ts';
const group = 'shared/alert/group.ts';
const plan = 'shared/notification/pagerduty-plan.ts';
const acknowledge = 'shared/incident/acknowledge.ts';
const overrides = 'shared/on-call/apply-overrides.ts';

/** All are killed by the simulation: what it cannot see is a hole in its checks. */
export const mutants: readonly Mutant[] = [
  { name: "drop the claim's incident check", file: page, text: '  stillTriggered(before),\n', replacement: '' },
  {
    name: "drop the claim's row condition",
    file: page,
    text: "{ kind: 'put', item: pageItem(after), condition: versionIs(before.version) }",
    replacement: "{ kind: 'put', item: pageItem(after) }",
  },
  {
    name: 'the latch ignores the status',
    file: page,
    text: "    { attribute: 'status', is: '=', value: 'triggered' },\n",
    replacement: '',
  },
  {
    name: 'the claim ignores an acknowledgement',
    file: ledger,
    text: "  if (status === 'acknowledged') return 'acknowledged';",
    replacement: '',
  },
  {
    name: 'a late acknowledgement beats a resolve',
    file: acknowledge,
    text: "  if (incident.status === 'resolved') return rejected('incident is resolved');\n",
    replacement: '',
  },
  {
    name: 'an old button acknowledges a worse severity',
    file: acknowledge,
    text: 'seenSeverity !== null && isWorse(incident.severity, seenSeverity)',
    replacement: 'false',
  },
  {
    name: 'a repeated command is carried out again',
    file: 'shared/incident/decide.ts',
    text: 'incident?.recentCommandIds.includes(context.commandId)',
    replacement: 'false',
  },
  {
    name: 'drop the sweep of undispatched commits',
    file: due,
    text: "      await dispatchCommit(deps, fromItem(item, 'commit'));\n",
    replacement: '',
  },
  {
    name: 'drop the sweep of overdue pages',
    file: due,
    text: "if (await endOverduePage(deps, fromItem(item, 'page'), deps.ids.next())) run.repaired('page');",
    replacement: '',
  },
  {
    name: "drop the sweep's timer rescue",
    file: due,
    text: "return actOnIncident(deps, run, fromItem(item, 'incident'));",
    replacement: 'return;',
  },
  {
    name: 'drop the sweep of quiet groups',
    file: due,
    text: "return askQuietGroup(deps, fromItem(item, 'group').groupId);",
    replacement: 'return;',
  },
  {
    name: 'send after the lease is over',
    file: 'shared/runtime/lanes/vendor-session.ts',
    text: 'addMillis(clock.now(), vendorTimeoutMillis) > request.leaseUntil',
    replacement: 'false',
  },
  {
    name: 'skip the look-up after an unknown outcome',
    file: send,
    text: 'if (!wasUnknown || call.lookUp === null) return claimAndSend(sending);',
    replacement: 'return claimAndSend({ ...sending, wasUnknown: wasUnknown && call.lookUp === null });',
  },
  {
    name: 'count an unknown outcome as handed over',
    file: send,
    text: 'await writeIfFirst(deps, changePageWrites(claimed, markUnknown(claimed, deps.clock.now())));',
    replacement: "return recordHandOver(sending, held, '');",
  },
  {
    name: 'key PagerDuty without the generation',
    file: 'shared/notification/pagerduty-event.ts',
    text: '(incidentId: string, generation: number): string =>',
    replacement: '(incidentId: string, _generation: number, generation = 1): string =>',
  },
  {
    name: 'do not resolve the earlier PagerDuty key',
    file: plan,
    text: "  if (replaced) return 'resolve';\n",
    replacement: '',
  },
  {
    name: 'do not acknowledge in PagerDuty',
    file: plan,
    text: "return incident.status === 'acknowledged' ? 'acknowledge' : null;",
    replacement: 'return null;',
  },
  {
    name: 'never edit the Slack message',
    file: 'shared/notification/slack-plan.ts',
    text: 'message.incidentVersion < incident.version && message.shown !== shown',
    replacement: 'false',
  },
  {
    name: 'count a redelivered alert twice',
    file: 'shared/store/alert-store.ts',
    text: "    item: toItem(alertKey(source, fingerprint), 'alert', after, attributes),\n    condition: unchangedSince(before),\n",
    replacement: "    item: toItem(alertKey(source, fingerprint), 'alert', after, attributes),\n",
  },
  {
    name: 'decide a change without its row',
    file: 'shared/runtime/ingest/decide-unit.ts',
    text: '...alerts, ...rows.map((row) => intakeWrite(row, policy))]',
    replacement: '...alerts]',
  },
  {
    name: 'treat a late copy as a refire',
    file: classify,
    text: '  if (incoming.startsAt >= endedAt) return refired;',
    replacement: '  return refired;',
  },
  {
    name: 'suppress everything',
    file: judge,
    text: 'const [longest] = active;',
    replacement:
      "const [longest = { id: 'everything', endsAt: '2099-01-01T00:00:00.000Z', matchers: [], createdBy: '' }] = active;",
  },
  { name: 'never suppress', file: judge, text: 'const [longest] = active;', replacement: 'const [longest] = [];' },
  {
    name: 'any silence suppresses any alert',
    file: judge,
    text: 'activeSilencesFor(silences, labels, now, alert)',
    replacement: 'silences.silences',
  },
  {
    name: 'a member that vanished never ends',
    file: group,
    text: 'secondsBetween(since, message.receivedAt) >= absenceConfirmedAfterSeconds',
    replacement: 'false',
  },
  {
    name: 'one message proves an absence',
    file: group,
    text: 'secondsBetween(since, message.receivedAt) >= absenceConfirmedAfterSeconds',
    replacement: 'true',
  },
  {
    name: 'write the group before its alerts',
    file: 'shared/runtime/ingest/ingest-group.ts',
    text: '    const { source } = change.next;\n',
    replacement:
      '    const { source } = change.next;\n    await deps.table.write([groupWrite(stored, change.next, deps.policy)]);\n',
  },
  {
    name: 'resolve on a partial resolve',
    file: apply,
    text: 'if (incident.firing === 0) return resolveBySource(command, draft);',
    replacement: 'if (incident.firing === 0 || command.resolved.length > 0) return resolveBySource(command, draft);',
  },
  {
    name: 'page again for a joined alert while acknowledged',
    file: apply,
    text: 'const rises = routed !== null && (joined.length > 0 || isRerouted) && isWorse(routed.severity, incident.severity);',
    replacement: 'const rises = routed !== null && (joined.length > 0 || isRerouted);',
  },
  {
    name: 'a worse severity does not page',
    file: apply,
    text: 'return rises ? raiseTo(draft, routed) : draft;',
    replacement: 'return draft;',
  },
  {
    name: 'a hold never ends',
    file: 'shared/incident/do-what-is-due.ts',
    text: "reopen(draft, 'hold ended', null)",
    replacement: 'setTimer(draft, null, goesOn)',
  },
  {
    name: 'ignore the flapping hold',
    file: 'shared/incident/reopen.ts',
    text: 'flapping ? repagesAt : context.now',
    replacement: 'context.now',
  },
  {
    name: 'do not raise the generation on a re-opening',
    file: 'shared/incident/reopen.ts',
    text: "startGeneration(judged, 're-opened', toldBefore)",
    replacement:
      "addEvents(judged, { type: 'GenerationStarted', generation: judged.incident.generation, cause: 're-opened' })",
  },
  {
    name: 'the fallback is owed and never sent',
    file: dispatch,
    text: "    ...ofKind(effects, 'page fallback').map((effect, index) => sendFallback(deps, commit, incident, effect, index)),\n",
    replacement: '',
  },
  {
    name: 'nobody acknowledges and the fallback is not paged',
    file: 'shared/incident/run-steps.ts',
    text: "cause !== 'manual' && round > 1 && !incident.escalation.fallbackUsed",
    replacement: 'false',
  },
  {
    name: 'take the undispatched mark off before the sends',
    file: dispatch,
    text: '  const effects = effectsOfCommit(commit);\n',
    replacement:
      '  const effects = effectsOfCommit(commit);\n  if (!(await takeMarkOff(deps, commit))) return false;\n',
  },
  {
    name: 'accept the tick of a replaced timer',
    file: 'shared/runtime/tick.ts',
    text: 'incident !== null && incident.generation === generation && incident.timerPart === part;',
    replacement: 'incident !== null && generation >= 0 && part >= 0;',
  },
  {
    name: 'of two overrides the one made first wins',
    file: overrides,
    text: 'compareTexts(a.createdAt, b.createdAt) || compareTexts(a.id, b.id)',
    replacement: 'compareTexts(b.createdAt, a.createdAt) || compareTexts(b.id, a.id)',
  },
  {
    name: 'an override that was cancelled still counts',
    file: overrides,
    text: ' && (cancelledAt === null || cancelledAt > at)',
    replacement: ' && (cancelledAt === null || cancelledAt !== at)',
  },
  {
    name: 'alerts page without a look at the overrides',
    file: 'shared/runtime/ingest/save-unit.ts',
    text: 'actor, policy, overrides, commandId: null, pagesAtMost }',
    replacement: 'actor, policy, overrides: overrides.slice(0, 0), commandId: null, pagesAtMost }',
  },
  {
    name: 'timers and people page without a look at the overrides',
    file: 'shared/runtime/run-command.ts',
    text: 'actor, policy, overrides, commandId }',
    replacement: 'actor, policy, overrides: overrides.slice(0, 0), commandId }',
  },
  {
    name: 'a lower layer covers the upper one',
    file: 'shared/on-call/on-call.ts',
    text: 'layers.toReversed().map(',
    replacement: 'layers.map(',
  },
  {
    name: 'a later contact method is owed at once',
    file: 'shared/escalation/plan-person.ts',
    text: '    ...(afterSeconds > 0 ? { notBeforeAt: startsAt } : {}),\n',
    replacement: '',
  },
  {
    name: 'a delayed page can be claimed early',
    file: ledger,
    text: 'notBeforeAt !== undefined && now < notBeforeAt',
    replacement: "notBeforeAt !== undefined && now < '2026'",
  },
  {
    name: 'an acknowledgement does not cancel a delayed page',
    file: ledger,
    text: "  if (status === 'acknowledged') return 'acknowledged';",
    replacement: "  if (status === 'acknowledged' && row.notBeforeAt === undefined) return 'acknowledged';",
  },
  {
    name: 'a quiet time mutes SEV1',
    file: 'shared/escalation/quiet.ts',
    text: "quiet === undefined || severity === 'SEV1' || !quiet.severities.includes(severity)",
    replacement: 'quiet === undefined',
  },
  {
    name: 'nobody is ever quiet',
    file: 'shared/escalation/quiet.ts',
    text: "quiet === undefined || severity === 'SEV1' || !quiet.severities.includes(severity)",
    replacement: 'quiet === undefined || severity.length > 0',
  },
  {
    name: 'an acknowledgement never expires',
    file: acknowledge,
    text: 'return acceptDraft(setTimer(draft, expiresAt));',
    replacement: 'return acceptDraft(setTimer(draft, null));',
  },
  {
    name: 'an acknowledgement can be renewed at any time',
    file: acknowledge,
    text: "  if (renews && !isRenewable(incident, context.now)) return unchanged('already acknowledged');\n",
    replacement: '',
  },
];
