/** What Parameter Store remembers: parameters, their last 100 versions, and labels. Knows nothing of HTTP. */
import { SsmRefusal, validationError } from './refusal.ts';

export type ParameterType = 'String' | 'StringList' | 'SecureString';
export type ParameterTier = 'Standard' | 'Advanced';

export interface ParameterVersion {
  readonly name: string;
  readonly value: string;
  readonly type: ParameterType;
  readonly tier: ParameterTier;
  readonly version: number;
  readonly modifiedAtMs: number;
  readonly description: string | undefined;
  readonly keyId: string | undefined;
  readonly labels: readonly string[];
}

export interface PutRequest {
  readonly name: string;
  readonly value: string;
  readonly type?: ParameterType | undefined;
  readonly tier?: ParameterTier | 'Intelligent-Tiering' | undefined;
  readonly overwrite: boolean;
  readonly description?: string | undefined;
  readonly keyId?: string | undefined;
}

/** The name of a parameter, without the ARN around it, and what follows the colon. */
export function splitSelector(selected: string): [name: string, selector: string | undefined] {
  const named = selected.replace(/^arn:[^:]*:ssm:[^:]*:\d*:parameter(?=\/)/, '');
  const colon = named.indexOf(':');
  return colon === -1 ? [named, undefined] : [named.slice(0, colon), named.slice(colon + 1)];
}

const STANDARD_BYTES = 4_096;
const ADVANCED_BYTES = 8_192;
const MOST_VERSIONS = 100;
const MOST_LABELS = 10;
const MOST_LEVELS = 15;
const LONGEST_NAME = 1_011;
const DEFAULT_KEY = 'alias/aws/ssm';

export class ParameterStore {
  readonly #parameters = new Map<string, ParameterVersion[]>();
  /** How many parameters of each tier the account may have. */
  readonly limits: Record<ParameterTier, number> = { Standard: 10_000, Advanced: 100_000 };

  /** All names, sorted as pages are. */
  names(): readonly string[] {
    return [...this.#parameters.keys()].toSorted();
  }

  /** Oldest first. */
  history(name: string): readonly ParameterVersion[] {
    const versions = this.#parameters.get(name);
    if (versions === undefined) throw new SsmRefusal('ParameterNotFound');
    return versions;
  }

  /** `name`, `name:3` or `name:label`; for the name also its ARN. */
  find(selected: string): ParameterVersion {
    const [name, selector] = splitSelector(selected);
    const versions = this.history(name);
    if (selector === undefined) return latest(versions);
    const numeric = /^\d+$/.test(selector);
    const found = versions.find((one) => (numeric ? one.version === Number(selector) : one.labels.includes(selector)));
    if (found !== undefined) return found;
    const what = numeric ? 'version' : 'label';
    throw new SsmRefusal(
      'ParameterVersionNotFound',
      `Systems Manager could not find ${what} ${selector} of ${name}. Verify the ${what} and try again.`,
    );
  }

  put(request: PutRequest, nowMs: number): ParameterVersion {
    const { name, value, overwrite } = request;
    refuseName(name);
    refuseNested(value);
    const versions = this.#parameters.get(name) ?? [];
    const before = versions.at(-1);
    if (before !== undefined && !overwrite) {
      throw new SsmRefusal(
        'ParameterAlreadyExists',
        'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
      );
    }
    const type = typeOf(request, before);
    const tier = tierOf(request, before);
    if (before === undefined && this.#countOf(tier) >= this.limits[tier]) {
      throw new SsmRefusal(
        'ParameterLimitExceeded',
        `You have reached the maximum number of ${tier.toLowerCase()} parameters for this AWS account and Region (${this.limits[tier]}).`,
      );
    }
    const oldest = versions.length < MOST_VERSIONS ? undefined : versions[0];
    if (oldest !== undefined && oldest.labels.length > 0) {
      throw new SsmRefusal(
        'ParameterMaxVersionLimitExceeded',
        `You attempted to create a new version of ${name} by calling the PutParameter API with the overwrite flag. Version ${oldest.version}, the oldest version, can't be deleted because it has a label associated with it. Move the label to another version of the parameter, and try again.`,
      );
    }
    const next: ParameterVersion = {
      name,
      value,
      type,
      tier,
      version: (before?.version ?? 0) + 1,
      modifiedAtMs: nowMs,
      description: request.description ?? before?.description,
      keyId: type === 'SecureString' ? (request.keyId ?? before?.keyId ?? DEFAULT_KEY) : undefined,
      labels: [],
    };
    this.#parameters.set(name, [...versions, next].slice(-MOST_VERSIONS));
    return next;
  }

  #countOf(tier: ParameterTier): number {
    return [...this.#parameters.values()].filter((versions) => versions.at(-1)?.tier === tier).length;
  }

  /** Whether there was one. */
  delete(name: string): boolean {
    return this.#parameters.delete(name);
  }

  /**
   * Attaches labels to a version (the latest, when none is named), moving them from wherever they were. Gives those
   * refused.
   */
  label(
    name: string,
    version: number | undefined,
    labels: readonly string[],
  ): { invalid: readonly string[]; version: number } {
    const versions = this.history(name);
    const target = version === undefined ? latest(versions) : this.find(`${name}:${version}`);
    const invalid = labels.filter((label) => !/^(?!aws|ssm|\d)[\w.-]{1,100}$/i.test(label));
    const valid = labels.filter((label) => !invalid.includes(label));
    if (new Set([...target.labels, ...valid]).size > MOST_LABELS) {
      throw new SsmRefusal(
        'ParameterVersionLabelLimitExceeded',
        `A parameter version can have a maximum of ten labels.`,
      );
    }
    this.#relabel(name, (one) => [
      ...one.labels.filter((label) => !valid.includes(label)),
      ...(one === target ? valid : []),
    ]);
    return { invalid, version: target.version };
  }

  unlabel(
    name: string,
    version: number,
    labels: readonly string[],
  ): { removed: readonly string[]; invalid: readonly string[] } {
    const target = this.find(`${name}:${version}`);
    const removed = labels.filter((label) => target.labels.includes(label));
    this.#relabel(name, (one) =>
      one === target ? one.labels.filter((label) => !removed.includes(label)) : one.labels,
    );
    return { removed, invalid: labels.filter((label) => !removed.includes(label)) };
  }

  #relabel(name: string, labelsOf: (one: ParameterVersion) => readonly string[]): void {
    this.#parameters.set(
      name,
      this.history(name).map((one) => ({ ...one, labels: labelsOf(one) })),
    );
  }
}

function latest(versions: readonly ParameterVersion[]): ParameterVersion {
  const last = versions.at(-1);
  if (last === undefined) throw new SsmRefusal('ParameterNotFound');
  return last;
}

/** A value may not name another parameter. */
function refuseNested(value: string): void {
  if (!/\{\{[^]*\}\}/.test(value)) return;
  throw validationError(`Parameter value: can't nest another parameter. Do not use "{{}}" in the value.`);
}

function refuseName(name: string): void {
  if (name.startsWith('arn:')) {
    throw validationError('Parameter name must be a fully qualified name, and not an Amazon Resource Name (ARN).');
  }
  const unqualified = name.replace(/^\//, '');
  if (name === '' || name.length > LONGEST_NAME || !/^[\w./-]+$/.test(name) || /\/\/|\/$/.test(name)) {
    throw validationError(
      'Parameter name must be a fully qualified name: it may hold letters, digits and the symbols . - _ and, between levels, /',
    );
  }
  if (/^(aws|ssm)/i.test(unqualified)) {
    throw validationError(
      'Parameter name: can\'t be prefixed with "aws" or "ssm" (case-insensitive). If formed as a path, it can consist of sub-paths divided by slash symbol.',
    );
  }
  if (name.includes('/') && !name.startsWith('/')) {
    throw validationError('Parameter name must be a fully qualified name, beginning with "/".');
  }
  if (unqualified.split('/').length > MOST_LEVELS) {
    throw new SsmRefusal(
      'HierarchyLevelLimitExceededException',
      'A hierarchy can have a maximum of 15 levels. For more information, see Requirements and constraints for parameter names.',
    );
  }
}

function typeOf(request: PutRequest, before: ParameterVersion | undefined): ParameterType {
  const { type } = request;
  if (before === undefined) {
    if (type === undefined) throw validationError('A parameter type is required when you create a parameter.');
    return type;
  }
  if (type !== undefined && type !== before.type) {
    throw new SsmRefusal(
      'HierarchyTypeMismatchException',
      "Parameter Store doesn't support changing a parameter type in a hierarchy. For example, you can't change a parameter from a String type to a SecureString type. You must create a new, unique parameter.",
    );
  }
  return before.type;
}

function tierOf(request: PutRequest, before: ParameterVersion | undefined): ParameterTier {
  const bytes = new TextEncoder().encode(request.value).length;
  if (bytes === 0) throw validationError('Parameter value must not be empty.');
  if (bytes > ADVANCED_BYTES) {
    throw validationError(
      'Advanced tier parameters support a maximum parameter value of 8192 characters. For more information, see About advanced parameters.',
    );
  }
  const standardHolds = bytes <= STANDARD_BYTES;
  const asked =
    request.tier === 'Intelligent-Tiering'
      ? standardHolds
        ? before?.tier
        : 'Advanced'
      : (request.tier ?? before?.tier);
  const tier = asked ?? 'Standard';
  if (before?.tier === 'Advanced' && tier === 'Standard') {
    throw validationError(
      "This parameter uses the advanced-parameter tier. You can't downgrade a parameter from the advanced-parameter tier to the standard-parameter tier. If necessary, you can delete the advanced parameter and recreate it as a standard parameter.",
    );
  }
  if (tier === 'Standard' && !standardHolds) {
    throw validationError(
      'Standard tier parameters support a maximum parameter value of 4096 characters. To create a larger parameter value, upgrade the parameter to use the advanced-parameter tier. For more information, see Managing parameter tiers.',
    );
  }
  return tier;
}
