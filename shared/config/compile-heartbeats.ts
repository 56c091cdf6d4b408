import { secondsOf, secondsOr } from './compile-escalation.ts';
import { compileWrittenMatchers } from './compile-matchers.ts';
import { defaultFlapping, defaultMissingSeverity } from './defaults.ts';
import type { Policy } from './policy.ts';
import type { PolicyDocument } from './schema/document.ts';

export const compileHeartbeats = (document: PolicyDocument): Policy['heartbeats'] =>
  Object.fromEntries(
    Object.entries(document.heartbeats ?? {}).map(([name, heartbeat]) => {
      const everySeconds = secondsOf(heartbeat.every);
      return [
        name,
        {
          name,
          source: heartbeat.source,
          matchers: compileWrittenMatchers(heartbeat),
          everySeconds,
          graceSeconds: secondsOr(heartbeat.grace, everySeconds),
          lateSeverity: heartbeat.lateSeverity ?? null,
          missingSeverity: heartbeat.missingSeverity ?? defaultMissingSeverity,
          owner: heartbeat.owner ?? null,
        },
      ];
    }),
  );

export const compileFlapping = ({ flapping }: PolicyDocument): Policy['flapping'] => ({
  transitions: flapping?.transitions ?? defaultFlapping.transitions,
  windowSeconds: secondsOr(flapping?.within, defaultFlapping.windowSeconds),
  calmAfterSeconds: secondsOr(flapping?.calmAfter, defaultFlapping.calmAfterSeconds),
});
