/** Why a message comes, and what to do beyond what it says itself. */
export interface Cause {
  /** A part of the message that no message of another cause has. */
  readonly says: string;
  /** Without it the message is the end of another one, which has a row of its own on the page. */
  readonly why?: string;
}

export interface Chapter {
  readonly title: string;
  readonly causes: readonly Cause[];
}
