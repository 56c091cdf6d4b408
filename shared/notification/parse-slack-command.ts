import type { PublicStatus } from '../incident/incident.ts';
import { isSeverity, type Severity } from '../incident/severity.ts';
import { unescapeMrkdwn } from './escape-slack.ts';
import {
  type OnCallProblem,
  type OnCallRead,
  type OnCallWish,
  parseOnCall,
  parseOverride,
  parseSwap,
} from './parse-on-call-command.ts';
import { parseSilenceIds, type SilenceProblem } from './parse-silence-ids.ts';
import { parseWho, type WhoWish } from './parse-who-command.ts';

/** A command about one incident; without a number it means the only one that is open. */
interface AboutIncident {
  readonly number: number | null;
}

export type SlackCommand =
  | { readonly kind: 'list' }
  | ({ readonly kind: 'show' | 'acknowledge' | 'resolve' | 'escalate' | 'why' | 'postmortem' | 'move' } & AboutIncident)
  | ({ readonly kind: 'severity'; readonly severity: Severity } & AboutIncident)
  | ({ readonly kind: 'note'; readonly text: string } & AboutIncident)
  | ({ readonly kind: 'update'; readonly status: PublicStatus; readonly text: string } & AboutIncident)
  /** As typed: the grammar of matchers is loaded only where it is carried out (`parseSilenceWish`). */
  | { readonly kind: 'silence'; readonly text: string }
  /** No ids: which silences there are. */
  | { readonly kind: 'unsilence'; readonly ids: readonly string[] }
  | { readonly kind: 'silences' }
  | { readonly kind: 'on-call'; readonly wish: OnCallWish }
  | ({ readonly kind: 'who' } & WhoWish)
  | { readonly kind: 'help'; readonly problem: HelpProblem | null };

/** Why help is shown, when it was not asked for. */
export type HelpProblem =
  | { readonly kind: 'unknown command'; readonly word: string; readonly nearest: string | null }
  | { readonly kind: 'not a number'; readonly command: string; readonly word: string }
  | { readonly kind: 'text is missing'; readonly command: string }
  | { readonly kind: 'status is missing' }
  | { readonly kind: 'severity is missing' }
  | SilenceProblem
  | OnCallProblem;

type Verb = Exclude<SlackCommand['kind'], 'move'> | 'policy' | 'override' | 'swap';

/** Every word that may follow `/incident`. */
export const verbs: Readonly<Record<string, Verb>> = {
  list: 'list',
  ls: 'list',
  show: 'show',
  ack: 'acknowledge',
  acknowledge: 'acknowledge',
  resolve: 'resolve',
  close: 'resolve',
  escalate: 'escalate',
  severity: 'severity',
  sev: 'severity',
  note: 'note',
  why: 'why',
  policy: 'policy',
  update: 'update',
  postmortem: 'postmortem',
  silence: 'silence',
  unsilence: 'unsilence',
  silences: 'silences',
  'on-call': 'on-call',
  oncall: 'on-call',
  override: 'override',
  overrides: 'override',
  swap: 'swap',
  who: 'who',
  help: 'help',
};

/**
 * Reads the text behind `/incident`. Forms: `ack`, `ack 42`, `ack INC-42`, `note 42 text`, `update 42 identified text`,
 * `severity 42 SEV1`, `policy 42 move`, `silence alertname=Disk 2h comment`. Slack escapes `&`, `<` and `>` in what people type; here it is plain text again.
 */
export function parseSlackCommand(input: string): SlackCommand {
  const text = unescapeMrkdwn(input).trim();
  const [word, rest] = takeWord(text);
  if (word === '') return help(null);
  const name = word.toLowerCase();
  const verb = Object.hasOwn(verbs, name) ? verbs[name] : undefined;
  if (verb === undefined) return help({ kind: 'unknown command', word, nearest: nearestCommand(name) });
  return parseVerb(verb, rest);
}

function parseVerb(verb: Verb, rest: string): SlackCommand {
  const { number, rest: words } = takeNumber(rest);
  switch (verb) {
    case 'help':
      return help(null);
    case 'list':
    case 'silences':
      return { kind: verb };
    case 'silence':
      return { kind: 'silence', text: rest };
    case 'unsilence': {
      const ids = parseSilenceIds(rest);
      return ids.ok ? { kind: 'unsilence', ids: ids.value } : help(ids.problem);
    }
    case 'who':
      return { kind: 'who', ...parseWho(rest) };
    case 'on-call':
      return aboutOnCall(parseOnCall(rest));
    case 'override':
      return aboutOnCall(parseOverride(rest));
    case 'swap':
      return aboutOnCall(parseSwap(rest));
    case 'note':
      return words === '' ? help({ kind: 'text is missing', command: 'note' }) : { kind: 'note', number, text: words };
    case 'update':
      return parseUpdate(number, words);
    case 'severity':
      return parseSeverity(number, words);
    case 'policy':
      return parsePolicy(number, words);
    default:
      return words === '' ? { kind: verb, number } : help({ kind: 'not a number', command: verb, word: words });
  }
}

const aboutOnCall = (read: OnCallRead): SlackCommand =>
  read.ok ? { kind: 'on-call', wish: read.value } : help(read.problem);

function parseUpdate(number: number | null, words: string): SlackCommand {
  const [word, text] = takeWord(words);
  const status = word.toLowerCase();
  if (!isPublicStatus(status)) return help({ kind: 'status is missing' });
  return text === '' ? help({ kind: 'text is missing', command: 'update' }) : { kind: 'update', number, status, text };
}

/** `policy 42` shows the incident with its policy; `policy 42 move`, also `policy move 42`, takes today's for it. */
function parsePolicy(number: number | null, words: string): SlackCommand {
  if (words === '') return { kind: 'show', number };
  const [word, after] = takeWord(words);
  const named = number === null ? takeNumber(after) : { number, rest: after };
  if (word.toLowerCase() === 'move' && named.rest === '') return { kind: 'move', number: named.number };
  return help({ kind: 'not a number', command: 'policy', word: words });
}

function parseSeverity(number: number | null, words: string): SlackCommand {
  const severity = words.toUpperCase();
  return isSeverity(severity) ? { kind: 'severity', number, severity } : help({ kind: 'severity is missing' });
}

export const publicStatuses = [
  'investigating',
  'identified',
  'monitoring',
  'resolved',
] as const satisfies readonly PublicStatus[];

const isPublicStatus = (word: string): word is PublicStatus => (publicStatuses as readonly string[]).includes(word);

const help = (problem: HelpProblem | null): SlackCommand => ({ kind: 'help', problem });

const takeWord = (text: string): readonly [string, string] => {
  const [, word = '', rest = ''] = /^(\S*)\s*([\s\S]*)$/.exec(text) ?? [];
  return [word, rest];
};

function takeNumber(text: string): { readonly number: number | null; readonly rest: string } {
  const [word, rest] = takeWord(text);
  const match = /^(?:INC-?|#)?(\d{1,9})$/i.exec(word);
  return match ? { number: Number(match[1]), rest } : { number: null, rest: text };
}

/** The command that a slip of the fingers meant: at most two letters away, and one for the shortest; else null. */
function nearestCommand(word: string): string | null {
  const [best] = Object.keys(verbs)
    .map((name) => ({ name, distance: editDistance(word, name) }))
    .sort((a, b) => a.distance - b.distance);
  return best && best.distance <= Math.min(2, Math.ceil(best.name.length / 2)) ? best.name : null;
}

/** Levenshtein distance; words longer than any command are not looked at. */
function editDistance(a: string, b: string): number {
  if (a.length > 20) return a.length;
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
