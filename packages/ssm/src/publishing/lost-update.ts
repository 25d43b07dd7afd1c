/**
 * Finds out who won when publishers overwrote each other. Parameter Store cannot compare before it writes, but it puts
 * all writes of a parameter in one order and keeps the last hundred: that history is judged afterwards, by everybody
 * alike.
 */

/** One write of the parameter. */
export interface Write {
  /** The parameter's version. */
  readonly version: number;
  /** Which document it is. */
  readonly id: string;
  /**
   * The `id` that the writer saw and meant to replace. Without it (a restore, a write by hand) it replaces any
   * document.
   */
  readonly base: string | undefined;
  /** Of its revision, where it counts. */
  readonly epoch?: number;
  readonly value: string;
  readonly description: string;
}

/**
 * The last write that counts. In order: one counts when it replaces the document that counts until then, or replaces
 * any document; any other came from somebody who had not seen that document, and lost. A write of the document that
 * counts already (by a loser who puts it back) changes nothing.
 *
 * @param writes those after the one that held `start`, oldest first
 * @returns `undefined` when none of them counts
 */
export function lastThatCounts(writes: readonly Write[], start: string): Write | undefined {
  let counting: Write | undefined;
  let id = start;
  for (const write of writes) {
    if (!isSamePublication(write.id, id) && write.base !== undefined && !isSamePublication(write.base, id)) continue;
    counting = write;
    id = write.id;
  }
  return counting;
}

/**
 * Whether two ids name one publication. Of a manifest's identity the folder tells; the numbers before it are raised
 * when the document is put back (`DocumentSlot.raise`).
 */
export function isSamePublication(one: string, other: string): boolean {
  return folderIn(one) === folderIn(other);
}

function folderIn(id: string): string {
  return id.slice(id.lastIndexOf('.') + 1);
}
