/** Edits (insert, delete, replace one character) that turn `a` into `b`; letter case counts for nothing. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [row, left] of [...a.toLowerCase()].entries()) {
    const current = [row + 1];
    for (const [column, right] of [...b.toLowerCase()].entries()) {
      const replaced = (previous[column] ?? 0) + (left === right ? 0 : 1);
      current.push(Math.min(replaced, (previous[column + 1] ?? 0) + 1, (current[column] ?? 0) + 1));
    }
    previous = current;
  }
  return previous.at(-1) ?? 0;
}

/** The known name that a typing mistake most likely meant, or null when none or several are near: a wrong guess is worse than none. */
export function nearestName(name: string, known: readonly string[]): string | null {
  const allowed = Math.max(1, Math.floor(name.length / 3));
  const [best, second] = known
    .map((candidate) => ({ candidate, distance: editDistance(name, candidate) }))
    .filter(({ distance }) => distance <= allowed)
    .sort((a, b) => a.distance - b.distance);
  return best === undefined || best.distance === second?.distance ? null : best.candidate;
}

/** The `Fix` sentence for a name that nobody knows: the likely one, else the choices (at most 12, so that it stays a sentence). */
export function suggestName(name: string, known: readonly string[]): string {
  const nearest = nearestName(name, known);
  if (nearest !== null) return `Did you mean "${nearest}"?`;
  const choices = [...new Set(known)];
  if (choices.length === 1) return `Use "${choices[0]}".`;
  const shown = choices.slice(0, 12).map((each) => `"${each}"`);
  return `Use one of: ${shown.join(', ')}${choices.length > shown.length ? ', ...' : ''}.`;
}
