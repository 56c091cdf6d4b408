/** Where new ids come from: an argument everywhere, so that a simulated run is the same run each time. */
export interface Ids {
  /** A new unique id of letters and digits, 20 to 26 characters, that sorts by the time of its making. */
  next(): string;
  /** A new UUID (version 7) that sorts by the time of its making: what clients of Alertmanager take for the id of a silence. */
  uuid(): string;
}
