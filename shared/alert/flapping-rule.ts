/** When an alert that keeps toggling counts as flapping, and when it is calm again. */
export interface FlappingRule {
  /** Beginnings within `windowSeconds` from which on it flaps; 0: never. */
  readonly transitions: number;
  readonly windowSeconds: number;
  /** Without a change of status for this long it is calm, and its last status counts. */
  readonly calmAfterSeconds: number;
}
