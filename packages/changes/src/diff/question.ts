/** Why somebody should be asked before a document is published. */
export interface Question {
  /**
   * `vanishes`: a flag is gone, or a layer or a holdout of an experiment that goes on. `type`: a flag has values of
   * another type. `everybody`: it turns on or off for everybody (but for users that it names). `moves`: a layer or a
   * holdout takes users out of an experiment that goes on, or lets in whom it kept out.
   */
  readonly reason: 'vanishes' | 'type' | 'everybody' | 'moves';
  /** A sentence, without the key: `turns off for everybody`. */
  readonly text: string;
}
