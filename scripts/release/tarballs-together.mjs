/**
 * Which of our packages are installed together with each: those that it stands on, and those that these stand on.
 * From a folder npm finds none of them by itself.
 *
 * @param {readonly { name: string, dependencies?: Record<string, string> }[]} manifests of packages that are published
 * @returns {Map<string, string[]>} by name, each with itself, in the order of their names
 */
export function tarballsTogether(manifests) {
  const byName = new Map(manifests.map((manifest) => [manifest.name, manifest]));
  return new Map(
    manifests.map(({ name }) => {
      const together = new Set([name]);
      // A set is walked with what is added to it on the way.
      for (const one of together)
        for (const other of Object.keys(byName.get(one)?.dependencies ?? {}))
          if (byName.has(other)) together.add(other);
      return [name, [...together].toSorted()];
    }),
  );
}
