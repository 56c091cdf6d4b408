import type { APIGatewayProxyResult } from 'aws-lambda';
import { countAlert, type Narrowing, noAlertsYet, suggestFilters } from '../../alertmanager/narrowing.ts';
import { handlerError } from './answers.ts';
import type { OpenAlert } from './visit-alerts.ts';

/** Lambda answers 6 MB, 6,291,556 bytes, of JSON in which our body is a text (PROTOCOLS 8.1); some room is left for the headers. */
export const answerLimitBytes = 6_200_000;

/** Parts of one answer, as long as they fit it. What does not fit is counted and let go, so that memory is bounded too. */
export interface AnswerBudget {
  /** Nothing fits any more: what is still found need not even be written. */
  readonly isFull: boolean;
  /** False: it did not fit. */
  add(part: string): boolean;
  /** To know what would help, each alert is counted once, before it is added. */
  count(open: OpenAlert): void;
  /** Null while everything fits; else the error that says which filter helps. */
  refusal(): APIGatewayProxyResult | null;
}

export function makeAnswerBudget(limitBytes: number = answerLimitBytes): AnswerBudget {
  let bytes = 0;
  let narrowing: Narrowing = noAlertsYet();
  /** Alerts that were counted when it became full. */
  let fitted: number | null = null;
  return {
    get isFull() {
      return fitted !== null;
    },
    add(part) {
      // As a text in Lambda's own JSON: every quote takes a backslash more. And a comma.
      bytes += Buffer.byteLength(JSON.stringify(part)) - 1;
      if (bytes > limitBytes) fitted ??= narrowing.alerts;
      return fitted === null;
    },
    count({ alert, status }) {
      narrowing = countAlert(narrowing, alert.labels, status);
    },
    refusal: () => (fitted === null ? null : refuse(narrowing, fitted, limitBytes)),
  };
}

function refuse(narrowing: Narrowing, fitted: number, limitBytes: number): APIGatewayProxyResult {
  // A tenth less, because alerts differ in size.
  const found = suggestFilters(narrowing, Math.floor(0.9 * fitted));
  const helps = found.length === 0 ? 'a filter on more labels' : found.join(', or ');
  return handlerError(
    400,
    `${narrowing.alerts} alerts are more than one answer can hold, which is ${Math.floor(limitBytes / 1e6)} MB or about ${fitted} of them. None are shown rather than some. Ask for fewer: ${helps}.`,
  );
}
