import type { BucketRange } from '@clarity/flags-core/document';

/** Buckets that were given up and wait for an arm. */
export class Pool {
  /** Smallest first; of two of one size the earlier is nearer to the end, where pieces are taken. */
  readonly #pieces: BucketRange[];

  constructor(given: readonly BucketRange[]) {
    this.#pieces = given.toSorted((one, other) => sizeOfPiece(one) - sizeOfPiece(other) || other[0] - one[0]);
  }

  /** A piece of just this size, if there is one. */
  takeExact(size: number): BucketRange | undefined {
    const index = this.#firstFrom(size);
    const piece = this.#pieces[index];
    if (piece === undefined || sizeOfPiece(piece) !== size) return undefined;
    this.#pieces.splice(index, 1);
    return piece;
  }

  /** At most `most` buckets, from the start of the largest piece. The pool may not be empty. */
  takeLargest(most: number): BucketRange {
    const [from, to] = this.#pieces.pop()!;
    const end = Math.min(to, from + most);
    if (end < to) this.#pieces.splice(this.#firstFrom(to - end), 0, [end, to]);
    return [from, end];
  }

  /** Where the first piece of at least this size is, or would be. */
  #firstFrom(size: number): number {
    let [low, high] = [0, this.#pieces.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sizeOfPiece(this.#pieces[middle]!) < size) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function sizeOfPiece([from, to]: BucketRange): number {
  return to - from;
}
