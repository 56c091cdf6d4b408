import type { APIGatewayProxyResult } from 'aws-lambda';
import { countAlert, type Narrowing, noAlertsYet, suggestFilters } from '../../alertmanager/narrowing.ts';
import { handlerError } from './answers.ts';
import type { OpenAlert } from './visit-alerts.ts';

/** Lambda answers 6 MB, 6,291,556 bytes, of JSON in which our body is a text (PROTOCOLS 8.1); some room is left for the headers. */
export const answerLimitBytes = 6_200_000;

/** Parts of one answer, as long as they fit it. What does not fit is counted and let go, so that memory is bounded too. */
export interface AnswerBudget {
  /** False: it did not fit, and nothing will any more. */
  add(part: string): boolean;
  /** To know what would help, each alert is counted once. */
  count(open: OpenAlert): void;
  /** Null while everything fits; else the error that says which filter helps. */
  refusal(): APIGatewayProxyResult | null;
}

export function makeAnswerBudget(limitBytes: number = answerLimitBytes): AnswerBudget {
  let bytes = 0;
  let parts = 0;
  let narrowing: Narrowing = noAlertsYet();
  return {
    add(part) {
      // As a text in Lambda's own JSON: every quote takes a backslash more. And a comma.
      bytes += Buffer.byteLength(JSON.stringify(part)) - 1;
      parts += 1;
      return bytes <= limitBytes;
    },
    count({ alert, status }) {
      narrowing = countAlert(narrowing, alert.labels, status);
    },
    refusal() {
      if (bytes <= limitBytes) return null;
      // A tenth less, because alerts differ in size.
      const fitting = Math.floor((0.9 * limitBytes * narrowing.alerts) / bytes);
      const found = suggestFilters(narrowing, fitting);
      const helps = found.length === 0 ? 'a filter on more labels' : found.join(', or ');
      return handlerError(
        400,
        `${narrowing.alerts} alerts (${parts} entries, ${Math.round(bytes / 1e6)} MB) are more than one answer can hold, which is ${Math.floor(limitBytes / 1e6)} MB or about ${fitting} of these alerts. None are shown rather than some of them. Ask for fewer: ${helps}.`,
      );
    },
  };
}
