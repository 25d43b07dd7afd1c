const REGISTRY: unique symbol = Symbol.for('@reflect-metadata:registry') as never;

/** What `reflect-metadata` adds to `Reflect`, and others that do the same. */
interface MetadataReflection {
  /** Since 0.2. */
  readonly [REGISTRY]?: MetadataRegistry;
  getOwnMetadataKeys(target: object, property?: PropertyKey): unknown[];
  getOwnMetadata(key: unknown, target: object, property?: PropertyKey): unknown;
  hasOwnMetadata(key: unknown, target: object, property?: PropertyKey): boolean;
  defineMetadata(key: unknown, value: unknown, target: object, property?: PropertyKey): void;
  deleteMetadata(key: unknown, target: object, property?: PropertyKey): boolean;
}

/** Who keeps the metadata of some targets. The names are those of reflect-metadata, since version 0.2. */
interface MetadataProvider {
  isProviderFor(target: object, property: PropertyKey | undefined): boolean;
  OrdinaryDefineOwnMetadata(key: unknown, value: unknown, target: object, property: PropertyKey | undefined): void;
  OrdinaryDeleteMetadata(key: unknown, target: object, property: PropertyKey | undefined): boolean;
  OrdinaryGetOwnMetadata(key: unknown, target: object, property: PropertyKey | undefined): unknown;
  OrdinaryHasOwnMetadata(key: unknown, target: object, property: PropertyKey | undefined): boolean;
  OrdinaryOwnMetadataKeys(target: object, property: PropertyKey | undefined): unknown[];
}

interface MetadataRegistry {
  registerProvider(provider: MetadataProvider): void;
  setProvider(target: object, property: PropertyKey | undefined, provider: MetadataProvider): boolean;
}

/** One for each registry: it asks all its providers, one after the other, for each target that is new to it. */
const providers = new WeakMap<MetadataRegistry, MetadataProvider>();
const originals = new WeakMap<object, object>();

/**
 * Gives two functions one reflected metadata, where the program reflects on metadata at all: what is said of either,
 * now or later, is said of both. A reflect-metadata before 0.2 cannot share: there `standIn` gets what `original` has
 * now, and what comes to that later is found by those who look at prototypes too, if `original` is the prototype of
 * `standIn`.
 */
export function shareMetadata(standIn: object, original: object): void {
  const reflection = Reflect as Partial<MetadataReflection>;
  if (!canReflect(reflection)) return;
  originals.set(standIn, original);
  if (isProvidedFor(standIn, reflection)) return;
  for (const key of reflection.getOwnMetadataKeys(original)) {
    reflection.defineMetadata(key, reflection.getOwnMetadata(key, original), standIn);
  }
}

function canReflect(reflection: Partial<MetadataReflection>): reflection is MetadataReflection {
  return typeof reflection.getOwnMetadataKeys === 'function' && typeof reflection.defineMetadata === 'function';
}

/** Whether our provider keeps the metadata of `standIn` from now on. A registry may be frozen, or somebody else's. */
function isProvidedFor(standIn: object, reflection: MetadataReflection): boolean {
  const registry = reflection[REGISTRY];
  if (registry === undefined) return false;
  try {
    let provider = providers.get(registry);
    if (provider === undefined) {
      provider = providerOf(reflection);
      registry.registerProvider(provider);
      providers.set(registry, provider);
    }
    return registry.setProvider(standIn, undefined, provider);
  } catch {
    return false;
  }
}

function providerOf(reflection: MetadataReflection): MetadataProvider {
  const of = (standIn: object): object => originals.get(standIn) ?? standIn;
  return {
    // Asked only about targets that nobody was set for, and ours are set one by one.
    isProviderFor: () => false,
    OrdinaryDefineOwnMetadata: (key, value, target, property) =>
      reflection.defineMetadata(key, value, of(target), property),
    OrdinaryDeleteMetadata: (key, target, property) => reflection.deleteMetadata(key, of(target), property),
    OrdinaryGetOwnMetadata: (key, target, property) => reflection.getOwnMetadata(key, of(target), property),
    OrdinaryHasOwnMetadata: (key, target, property) => reflection.hasOwnMetadata(key, of(target), property),
    OrdinaryOwnMetadataKeys: (target, property) => reflection.getOwnMetadataKeys(of(target), property),
  };
}
