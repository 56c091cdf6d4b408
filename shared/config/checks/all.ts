import type { Policy } from '../policy.ts';
import type { Finding } from '../problem.ts';
import type { PolicyDocument } from '../schema/document.ts';
import { checkChoices } from './choices.ts';
import { checkContactAddresses, checkDelayedContacts, checkRepeatedContacts } from './contacts.ts';
import { checkRepeatedTargets, checkRepeats, checkStepOrder } from './escalation.ts';
import { checkInhibitRules } from './inhibition.ts';
import { checkFilledRoles, checkIncidentChannels, checkPagesPerStep, checkSomebodyIsPaged } from './paging.ts';
import { checkReachablePeople, checkRepeatedSlackIds } from './people.ts';
import { checkFlattenedSize, checkPolicyCycles } from './policies.ts';
import { checkReachableSteps } from './reachable-steps.ts';
import { checkNobodyReceivers } from './receivers.ts';
import {
  checkCatchAll,
  checkIncidentKeys,
  checkReservedRoutes,
  checkRouteNames,
  checkUnreachableRoutes,
} from './routes.ts';
import { checkCoveredLayers, checkLayerNames, checkLayerTimes, checkScheduleNames } from './schedules.ts';
import { checkDeadlines, checkMissedDeadlines, checkSeverityOrder, checkSeverityPages } from './severities.ts';
import { checkHeartbeatSeverities, checkSnsTopics } from './sources.ts';
import { checkMutedForEver } from './time-intervals.ts';
import { checkOneOffWindows, checkWindowDates, checkWindowPauses, checkWindowSilences } from './windows.ts';
import { checkWorkingHours } from './working-hours.ts';

/** Asks one question of a policy whose shape is right; the document says where things stand. */
export type PolicyCheck = (policy: Policy, document: PolicyDocument) => readonly Finding[];

/** What no clock can change. */
export const checks: readonly PolicyCheck[] = [
  checkReachablePeople,
  checkRepeatedSlackIds,
  checkContactAddresses,
  checkRepeatedContacts,
  checkDelayedContacts,
  checkWorkingHours,
  checkScheduleNames,
  checkLayerNames,
  checkLayerTimes,
  checkCoveredLayers,
  checkStepOrder,
  checkRepeatedTargets,
  checkRepeats,
  checkPolicyCycles,
  checkFlattenedSize,
  checkReachableSteps,
  checkChoices,
  checkSeverityPages,
  checkSeverityOrder,
  checkDeadlines,
  checkMissedDeadlines,
  checkCatchAll,
  checkRouteNames,
  checkReservedRoutes,
  checkIncidentKeys,
  checkUnreachableRoutes,
  checkSomebodyIsPaged,
  checkFilledRoles,
  checkPagesPerStep,
  checkIncidentChannels,
  checkNobodyReceivers,
  checkSnsTopics,
  checkMutedForEver,
  checkInhibitRules,
  checkWindowSilences,
  checkWindowDates,
  checkWindowPauses,
  checkOneOffWindows,
  checkHeartbeatSeverities,
];
