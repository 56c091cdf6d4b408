import { hashOf } from '../kernel/hash.ts';
import { compareUtf8, utf8Length } from '../kernel/utf8.ts';
import type { Labels } from './labels.ts';
import { safeText, shorten } from './safe-text.ts';

/**
 * How much of one alert is kept, in bytes of UTF-8. Labels and annotations together stay below 60 KB, so that an alert
 * with its bookkeeping takes less than 64 KB of DynamoDB's 400 KB an item, and 40 of them fit one 4 MB transaction.
 */
export const alertLimits = {
  nameBytes: 1024,
  labelValueBytes: 2048,
  annotationValueBytes: 4096,
  /** Of labels, and of annotations. */
  entries: 64,
  labelsBytes: 28 * 1024,
  annotationsBytes: 28 * 1024,
  urlBytes: 2048,
  groupLabelsBytes: 8 * 1024,
  /** Of receiver names and group keys. */
  identityBytes: 2048,
} as const;

/** The annotation that says what was left out. */
export const leftOutAnnotation = 'tocsin_left_out';

interface Bounds {
  readonly entries: number;
  readonly valueBytes: number;
  readonly totalBytes: number;
}

interface Kept {
  readonly labels: Labels;
  readonly leftOut: number;
}

/**
 * Safe, shortened entries; of too many the shortest stay, because what people route and silence by is short. Empty values
 * are no labels (PROTOCOLS 1.7).
 */
function boundEntries(entries: Labels, bounds: Bounds): Kept {
  const shortened: [string, string][] = [];
  let units = 0;
  for (const [name, value] of Object.entries(entries)) {
    if (value === '') continue;
    // DynamoDB refuses an empty name, which a name of direction controls alone would become.
    const safeName = shorten(safeText(name), alertLimits.nameBytes) || '\ufffd';
    const safeValue = shorten(safeText(value), bounds.valueBytes);
    units += safeName.length + safeValue.length;
    shortened.push([safeName, safeValue]);
  }
  // No UTF-16 unit takes more than three bytes: an ordinary alert surely fits and is not measured.
  const fits = shortened.length <= bounds.entries && units * 3 <= bounds.totalBytes;
  const kept = fits ? new Map(shortened) : keepShortest(shortened, bounds);
  return { labels: Object.fromEntries(kept), leftOut: shortened.length - kept.size };
}

function keepShortest(entries: readonly (readonly [string, string])[], bounds: Bounds): ReadonlyMap<string, string> {
  const measured = entries
    .map(([name, value]) => ({ name, value, bytes: utf8Length(name) + utf8Length(value) }))
    .sort((a, b) => a.bytes - b.bytes || compareUtf8(a.name, b.name));
  const kept = new Map<string, string>();
  let bytes = 0;
  for (const entry of measured) {
    if (kept.size >= bounds.entries || bytes + entry.bytes > bounds.totalBytes) break;
    if (kept.has(entry.name)) continue;
    kept.set(entry.name, entry.value);
    bytes += entry.bytes;
  }
  return kept;
}

/**
 * An alert's texts within `alertLimits`, safe to store and show, each cut with a mark. Whatever is left out altogether is
 * counted in the annotation `tocsin_left_out`. The fingerprint must be computed from the raw labels before.
 */
export function boundAlertText(labels: Labels, annotations: Labels, generatorURL: string) {
  const keptLabels = boundEntries(labels, {
    entries: alertLimits.entries,
    valueBytes: alertLimits.labelValueBytes,
    totalBytes: alertLimits.labelsBytes,
  });
  const keptAnnotations = boundEntries(annotations, {
    entries: alertLimits.entries,
    valueBytes: alertLimits.annotationValueBytes,
    totalBytes: alertLimits.annotationsBytes,
  });
  const leftOut = describeLeftOut(keptLabels.leftOut, keptAnnotations.leftOut);
  return {
    labels: keptLabels.labels,
    annotations:
      leftOut === null ? keptAnnotations.labels : { ...keptAnnotations.labels, [leftOutAnnotation]: leftOut },
    generatorURL: shorten(safeText(generatorURL), alertLimits.urlBytes),
  };
}

/** The labels of an alert group, safe and within 8 KB. */
export const boundGroupLabels = (labels: Labels): Labels =>
  boundEntries(labels, {
    entries: alertLimits.entries,
    valueBytes: alertLimits.labelValueBytes,
    totalBytes: alertLimits.groupLabelsBytes,
  }).labels;

/** Text that tells things apart: when it must be changed to be kept, a hash of the raw text keeps it apart from others. */
export function boundIdentity(text: string): string {
  const safe = safeText(text);
  if (safe === text && utf8Length(text) <= alertLimits.identityBytes) return text;
  const hash = ` ${hashOf(text)}`;
  return shorten(safe, alertLimits.identityBytes - hash.length) + hash;
}

function describeLeftOut(labels: number, annotations: number): string | null {
  if (labels === 0 && annotations === 0) return null;
  return `${labels} labels and ${annotations} annotations were left out: an alert keeps ${alertLimits.entries} of each, the shortest`;
}
