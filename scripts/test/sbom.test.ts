import { Spec, Validation } from '@cyclonedx/cyclonedx-library';
import { describe, expect, it } from 'vitest';
import { sbomOf } from '../release/sbom.mjs';

const versions: Readonly<Record<string, string>> = {
  ioredis: '6.0.0',
  '@clarity/flags-core': '0.1.0',
  effect: '4.1.0',
};
const installed = (name: string) => ({ name, version: versions[name] ?? 'absent', license: 'MIT' });

describe('F97 the list of what is inside a package', () => {
  const manifest = {
    name: '@clarity/flags-redis',
    version: '0.1.0',
    license: 'MIT',
    dependencies: { '@clarity/flags-core': '^0.1.0' },
    peerDependencies: { ioredis: '^6.0.0', effect: '^4.1.0' },
    peerDependenciesMeta: { effect: { optional: true } },
  };
  const sbom = sbomOf(manifest, [installed('effect')], installed);

  it('is CycloneDX 1.6 by its schema', async () => {
    const wrong = await new Validation.JsonStrictValidator(Spec.Version.v1dot6).validate(JSON.stringify(sbom));
    expect(wrong).toBeNull();
  });

  it('names the code that was copied into it as a part, with version and licence', () => {
    expect(sbom.metadata.component.components).toMatchObject([
      { name: 'effect', version: '4.1.0', licenses: [{ license: { id: 'MIT' } }], purl: 'pkg:npm/effect@4.1.0' },
    ]);
  });

  it('names what it stands on, and whether that may be absent', () => {
    expect(sbom.components.map(({ purl, scope }) => [purl, scope])).toEqual([
      ['pkg:npm/%40clarity/flags-core@0.1.0', 'required'],
      ['pkg:npm/ioredis@6.0.0', 'required'],
      ['pkg:npm/effect@4.1.0', 'optional'],
    ]);
  });

  it('is the same for the same package', () => {
    expect(sbomOf(manifest, [installed('effect')], installed)).toEqual(sbom);
  });
});
