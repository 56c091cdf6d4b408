/** A policy file with two layers, contacts and a window: nights are bob's, days are alice's. */
export const onCallPolicy = `
sources: { main: {} }
slackChannels: { incidents: C0INCIDENTS }
snsContacts: { bob-phone: { phone: "+15550100123" } }
fallback: { email: fallback@example.com }
people:
  alice: { slack: U0ALICE }
  bob:
    slack: U0BOB
    sns: bob-phone
    contact: { SEV1: [{ slack: true }, { sns: bob-phone, after: 2m }] }
  carol: { slack: U0CAROL }
schedules:
  primary:
    timeZone: Europe/Berlin
    layers:
      - name: days
        members: [alice]
        shift: daily
        start: 2026-01-05T09:00
      - name: nights
        members: [bob]
        shift: daily
        start: 2026-01-05T21:00
        when: [{ days: [mon, tue, wed, thu, fri, sat, sun], start: "21:00", end: "09:00" }]
teams:
  web: { onCall: primary, manager: carol, slackChannel: incidents }
services:
  checkout: { owner: web, tier: 1, runbook: "https://runbooks.example.com/checkout", dashboard: "https://grafana.example.com/d/x" }
route:
  severity: { label: severity, map: { critical: SEV1 }, otherwise: SEV4 }
  service: { label: service }
  owner: web
maintenanceWindows:
  patches: { matchers: ['team="database"'], start: "00:00", duration: 4h, daily: true }
severities:
  SEV1: { meaning: nobody can pay, acknowledgeWithin: 1h, pages: always, pageDeadline: 60s, escalationPolicy: night }
escalationPolicies:
  night:
    steps:
      - { after: 0s, targets: [{ owner: onCall }] }
      - { after: 30m, targets: [{ owner: manager }] }
    repeatEvery: never
workingHours: { timeZone: Europe/Berlin, days: [mon, tue, wed, thu, fri], start: "09:00", end: "17:00" }
`;
