/** Why a message comes, and what to do. */
export interface Cause {
  /** A part of the message that no message of another cause has. */
  readonly says: string;
  readonly why: string;
  /** What to do; left out only where the message itself says all of it. */
  readonly help?: string;
}

export interface Chapter {
  readonly title: string;
  readonly causes: readonly Cause[];
}
