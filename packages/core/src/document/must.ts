/**
 * Ends the compiling of something that cannot be what it should be. Decoders that look at every part let none of it
 * come so far.
 */
export function must(sound: unknown): asserts sound {
  if (!sound) throw new Error('not sound');
}
