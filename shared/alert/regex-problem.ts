import { RE2JS, RE2JSException, RE2JSSyntaxException } from 're2js';
import { firstUnpaired } from './regex-shape.ts';

/** Places of one fragment that are looked at: each costs a compilation, and people write far fewer. */
const mostPlaces = 20;

/** What RE2 says about an expression, and the piece that it complains of; null when it takes it. */
function complaintOf(regex: string): { readonly why: string; readonly piece: string } | null {
  try {
    RE2JS.compile(regex);
    return null;
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    const [why, piece] =
      error instanceof RE2JSSyntaxException ? [error.getDescription(), error.getPattern()] : [error.message, null];
    return { why, piece: piece ?? '' };
  }
}

/**
 * Where a piece begins that RE2 refuses: at the first place where the expression up to the piece's end is refused for the
 * same reason. Null when that cannot be told.
 */
function findPiece(regex: string, why: string, piece: string): number | null {
  if (why === 'trailing backslash at end of expression') return regex.length - 1;
  if (why === 'missing closing )' || why === 'unexpected )') return firstUnpaired(regex);
  if (piece === '') return null;
  // What is missing at the end is told with all that stands before it.
  if (why.startsWith('missing closing')) return regex.endsWith(piece) ? regex.length - piece.length : null;
  let at = regex.indexOf(piece);
  for (let tried = 0; at >= 0 && tried < mostPlaces; tried++) {
    const earlier = complaintOf(regex.slice(0, at + piece.length));
    if (earlier?.why === why && earlier.piece === piece) return at;
    at = regex.indexOf(piece, at + 1);
  }
  return null;
}

/** Characters as people count them, from 1. */
export const countCharacters = (text: string, upTo: number): number => [...text.slice(0, upTo)].length + 1;

/** A sentence's end that says why RE2 refuses an expression, and at which of its characters. */
export function describeRegexProblem(regex: string, whenAnchored: string): string {
  const complaint = complaintOf(regex);
  // It would do alone, but not between Alertmanager's anchors: a quotation that swallows what closes them.
  if (complaint === null) return `${whenAnchored} (with the anchors around it; is a \\Q without its \\E?)`;
  const { why, piece } = complaint;
  const at = findPiece(regex, why, piece);
  const shown = piece === '' || piece === regex ? '' : `: \`${piece.slice(0, 100)}\``;
  return at === null ? `${why}${shown}` : `${why}${shown} at character ${countCharacters(regex, at)}`;
}
