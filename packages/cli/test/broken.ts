/** A document as somebody broke it, and what a review has to say. */
export interface Broken {
  /** What somebody did. */
  readonly slip: string;
  /** The file. A `¦` stands before what the review has to point at, and is not part of it. */
  readonly text: string;
  /** What the sentence has to tell. */
  readonly told: string;
}
