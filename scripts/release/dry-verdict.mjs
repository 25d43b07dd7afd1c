/**
 * What a dry run comes to, in sentences, and whether a release may go on.
 *
 * @param {{ wrong: readonly string[], open: readonly string[], count: number, strict: boolean }} found `count` is how
 * many packages the registry does not have yet; `strict` also fails on what is open.
 * @returns {{ sentences: string[], code: 0 | 1 }}
 */
export function dryVerdict({ wrong, open, count, strict }) {
  const sentences = [...wrong, ...open.map((sentence) => `Still open: ${sentence}`)];
  if (wrong.length > 0)
    return { sentences: [...sentences, 'Nothing was published, and these tarballs must not be.'], code: 1 };
  // As after each push that releases nothing: there is nothing that could go out wrong.
  if (count === 0)
    return {
      sentences: [...sentences, 'The registry has all of these versions: there is nothing to publish.'],
      code: 0,
    };
  return {
    sentences: [...sentences, 'Nothing was published. These tarballs may be.'],
    code: strict && open.length > 0 ? 1 : 0,
  };
}
