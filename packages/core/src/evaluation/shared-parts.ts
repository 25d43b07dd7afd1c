import { BUCKETS } from '../document/bucket-count.ts';
import { must } from '../document/must.ts';
import type { BucketRange, FlagDocument } from '../document/types.ts';
import { hashLimit, saltState } from './bucket.ts';
import { dealingOf } from './compile-dealing.ts';
import type { Murmur3State } from './murmur3.ts';
import type { Dealing } from './step.ts';

/** Longer salts are hashed once for all who deal by them. */
const MAX_SHORT_SALT = 64;

/** A layer, ready to deal. */
export interface CompiledLayer {
  readonly dealing: Dealing;
  /** By experiment: the lowest hashes in each of its ranges, and above each, by turns and rising. */
  readonly slots: ReadonlyMap<string, readonly number[]>;
}

/**
 * What many splits of a document may share, made ready once. For each of them anew it would cost their number times its
 * size: a slot may have 100,000 ranges, and 10,000 splits may be in it.
 */
export class SharedParts {
  readonly #layers = new Map<string, CompiledLayer>();
  readonly #states = new Map<string, Murmur3State>();

  saltState(salt: string): Murmur3State {
    if (salt.length <= MAX_SHORT_SALT) return saltState(salt);
    let state = this.#states.get(salt);
    if (!state) this.#states.set(salt, (state = saltState(salt)));
    return state;
  }

  /** Throws for a layer that is not there, and for slots whose ranges overlap. */
  layer(name: string, { layers = {} }: FlagDocument): CompiledLayer {
    let compiled = this.#layers.get(name);
    if (!compiled) {
      const { by, of = BUCKETS, salt = name, slots } = layers[name]!;
      const dealing = dealingOf(by, this.saltState(salt), of);
      const edges = Object.entries(slots).map(([id, ranges]) => [id, edgesOf(ranges, of)] as const);
      this.#layers.set(name, (compiled = { dealing, slots: new Map(edges) }));
    }
    return compiled;
  }
}

function edgesOf(ranges: readonly BucketRange[], buckets: number): number[] {
  const edges = ranges.toSorted(([one], [other]) => one - other).flat();
  for (const [index, edge] of edges.entries()) must(edge <= buckets && edge >= (edges[index - 1] ?? 0));
  return edges.map((edge) => hashLimit(edge, buckets));
}
