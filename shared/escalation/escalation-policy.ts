/** What somebody can be in a team: a person, or whoever a schedule has on call. */
export type TeamRole = 'onCall' | 'secondary' | 'manager';

/** Whom a step tells, as the policy file names them. Owners are replaced by their team when an incident pins its policy. */
export type StepTarget =
  | { readonly kind: 'person'; readonly person: string }
  | { readonly kind: 'schedule'; readonly schedule: string }
  | { readonly kind: 'team'; readonly team: string; readonly role: TeamRole | 'everyone' }
  | { readonly kind: 'owner'; readonly role: TeamRole | 'everyone' }
  /** With a mention it interrupts people and is a page; without, it is an update and in no page ledger. */
  | { readonly kind: 'slack channel'; readonly channel: string; readonly mention: 'here' | 'channel' | null }
  | { readonly kind: 'owner channel'; readonly mention: 'here' | 'channel' | null }
  | { readonly kind: 'pagerduty'; readonly service: string }
  | { readonly kind: 'owner pagerduty' }
  | { readonly kind: 'sns'; readonly contact: string };

export interface EscalationStep {
  /** Seconds after the generation was triggered (not after the step before). */
  readonly afterSeconds: number;
  readonly targets: readonly StepTarget[];
}

/** A list of steps. After the last one it repeats until somebody acknowledges. Policies that it names are flattened into it. */
export interface EscalationPolicy {
  readonly name: string;
  readonly steps: readonly EscalationStep[];
  /** Null: no repeat. With a repeat, the first repeat also uses the fallback, once a generation. */
  readonly repeatEverySeconds: number | null;
  /** What is repeated: the last step, or all steps from the first on with their delays. Absent: the last. */
  readonly repeats?: 'last step' | 'all steps';
}
