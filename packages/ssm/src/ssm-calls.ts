/** The calls to Parameter Store that the adapter makes: one request each, abortable, with errors of ours. */
import {
  DeleteParametersCommand,
  GetParameterCommand,
  GetParameterHistoryCommand,
  GetParametersByPathCommand,
  GetParametersCommand,
  PutParameterCommand,
  type PutParameterCommandInput,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { StoreError } from '@clarity/flags-core/ports';
import { awsError, isClockSkew, isExpired, KeptInAdvancedTier } from './aws-error.ts';
import { guardedCredentials, type SsmConnectionOptions } from './connection-options.ts';

export interface StoredParameter {
  readonly name: string;
  /** Undefined where AWS does not say. */
  readonly arn: string | undefined;
  readonly isSecure: boolean;
  readonly value: string;
  readonly version: number;
  /** Unix milliseconds. */
  readonly modifiedAtMs: number | undefined;
}

export interface StoredVersion extends StoredParameter {
  readonly description: string;
  readonly labels: readonly string[];
  readonly tier: string | undefined;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextToken: string | undefined;
}

export interface PathPage {
  readonly recursive: boolean;
  readonly decrypt: boolean;
  readonly label?: string | undefined;
  readonly nextToken?: string | undefined;
}

/** How many names AWS takes in one GetParameters or DeleteParameters call. */
export const MOST_NAMES = 10;
const MOST_BY_PATH = 10;
const MOST_HISTORY = 50;

/** What `SSMClient.send` is to us; its own type has an overload for each command. */
type Send = (command: unknown, options: { abortSignal: AbortSignal }) => Promise<unknown>;

interface Commanded {
  readonly middlewareStack: {
    add(
      middleware: (next: (args: never) => Promise<unknown>) => (args: never) => Promise<unknown>,
      options: object,
    ): void;
  };
}

export class SsmCalls {
  readonly #client: SSMClient;
  readonly #own: boolean;
  #region: string | undefined;
  /** By the `Date` header of the last answer, Unix milliseconds, and when that came by our monotonic clock. */
  #told: { readonly storeMs: number; readonly atMs: number } | undefined;

  constructor(options: SsmConnectionOptions) {
    const { client, region, credentials, endpoint } = options;
    this.#own = client === undefined;
    // One attempt: the client above has the deadline, the breaker and the backoff. A second layer of retries would
    // outlive them.
    this.#client =
      client ??
      new SSMClient({
        maxAttempts: 1,
        ...(region !== undefined && { region }),
        ...(credentials !== undefined && { credentials: guardedCredentials(credentials) }),
        ...(endpoint !== undefined && { endpoint }),
      });
    this.#region = region;
  }

  /** What time it is at the store (Unix milliseconds), reckoned from its last answer that said so. */
  get storeTimeMs(): number | undefined {
    return this.#told && this.#told.storeMs + performance.now() - this.#told.atMs;
  }

  /** `name` may end in a selector. */
  async getParameter(name: string, signal: AbortSignal): Promise<StoredParameter> {
    const command = (): object => new GetParameterCommand({ Name: name, WithDecryption: true });
    const answer = await this.#send('GetParameter', name, command, signal);
    const parameter = isObject(answer) && isObject(answer['Parameter']) ? answer['Parameter'] : undefined;
    return readParameter(parameter, `GetParameter ${name}`);
  }

  /** At most ten names. Those that are not there are left out; the order is AWS's. */
  async getParameters(names: readonly string[], signal: AbortSignal): Promise<readonly StoredParameter[]> {
    const command = (): object => new GetParametersCommand({ Names: [...names], WithDecryption: true });
    const answer = await this.#send('GetParameters', names[0] ?? '', command, signal);
    return readParameters(answer, `GetParameters ${names[0] ?? ''}`);
  }

  async getParametersByPath(path: string, page: PathPage, signal: AbortSignal): Promise<Page<StoredParameter>> {
    const { recursive, decrypt, label, nextToken } = page;
    const command = (): object =>
      new GetParametersByPathCommand({
        Path: path,
        Recursive: recursive,
        WithDecryption: decrypt,
        MaxResults: MOST_BY_PATH,
        ...(label !== undefined && { ParameterFilters: [{ Key: 'Label', Option: 'Equals', Values: [label] }] }),
        ...(nextToken !== undefined && { NextToken: nextToken }),
      });
    const answer = await this.#send('GetParametersByPath', path, command, signal);
    return { items: readParameters(answer, `GetParametersByPath ${path}`), nextToken: tokenOf(answer) };
  }

  /** Oldest first. */
  async getHistory(name: string, nextToken: string | undefined, signal: AbortSignal): Promise<Page<StoredVersion>> {
    const command = (): object =>
      new GetParameterHistoryCommand({
        Name: name,
        WithDecryption: true,
        MaxResults: MOST_HISTORY,
        ...(nextToken !== undefined && { NextToken: nextToken }),
      });
    const answer = await this.#send('GetParameterHistory', name, command, signal);
    const attempt = `GetParameterHistory ${name}`;
    const items = listOf(answer, attempt).map((one): StoredVersion => {
      const labels = isObject(one) && Array.isArray(one['Labels']) ? one['Labels'].filter(isText) : [];
      const description = isObject(one) && isText(one['Description']) ? one['Description'] : '';
      const tier = isObject(one) && isText(one['Tier']) ? one['Tier'] : undefined;
      return { ...readParameter(one, attempt), labels, description, tier };
    });
    return { items, nextToken: tokenOf(answer) };
  }

  /**
   * The version that the parameter has now. One that is in the advanced tier already stays there, even when another
   * tier is asked for.
   */
  async putParameter(input: PutParameterCommandInput, signal: AbortSignal): Promise<number> {
    const name = input.Name ?? '';
    const put = (sent: PutParameterCommandInput): Promise<unknown> =>
      this.#send('PutParameter', name, () => new PutParameterCommand(sent), signal);
    const answer = await put(input).catch((error: unknown) => {
      if (error instanceof KeptInAdvancedTier) return put({ ...input, Tier: 'Advanced' });
      throw error;
    });
    if (isObject(answer) && typeof answer['Version'] === 'number') return answer['Version'];
    throw shapeless(`PutParameter ${name}`);
  }

  /** At most ten names; those that are not there are passed over. */
  async deleteParameters(names: readonly string[], signal: AbortSignal): Promise<void> {
    await this.#send(
      'DeleteParameters',
      names[0] ?? '',
      () => new DeleteParametersCommand({ Names: [...names] }),
      signal,
    );
  }

  close(): void {
    if (this.#own) this.#client.destroy();
  }

  async #send(operation: string, target: string, command: () => object, signal: AbortSignal): Promise<unknown> {
    try {
      return await this.#sendOnce(command(), signal);
    } catch (error) {
      const mendable = isExpired(error) || isClockSkew(error);
      if (!mendable || signal.aborted) throw await this.#error(error, operation, target);
      // F33: once, and only when AWS says so. What the SDK remembers is replaced by what the chain gives now.
      if (isExpired(error)) await this.#refreshCredentials(operation, target);
    }
    try {
      return await this.#sendOnce(command(), signal);
    } catch (error) {
      throw await this.#error(error, operation, target);
    }
  }

  async #refreshCredentials(operation: string, target: string): Promise<void> {
    try {
      await this.#client.config.credentials({ forceRefresh: true });
    } catch (error) {
      throw await this.#error(error, operation, target);
    }
  }

  #sendOnce(command: object, signal: AbortSignal): Promise<unknown> {
    (command as Commanded).middlewareStack.add(
      (next) => async (args) => {
        const result = await next(args);
        const storeMs = dateOf(result);
        if (storeMs !== undefined) this.#told = { storeMs, atMs: performance.now() };
        return result;
      },
      { step: 'deserialize', name: 'clarityFlagsStoreTime' },
    );
    const send = this.#client.send.bind(this.#client) as unknown as Send;
    return send(command, { abortSignal: signal });
  }

  async #error(error: unknown, operation: string, target: string): Promise<StoreError> {
    this.#region ??= await this.#clientRegion();
    return awsError(error, { operation, target, region: this.#region });
  }

  async #clientRegion(): Promise<string | undefined> {
    try {
      return await this.#client.config.region();
    } catch {
      return undefined;
    }
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function listOf(answer: unknown, attempt: string): readonly unknown[] {
  const list = isObject(answer) ? answer['Parameters'] : undefined;
  if (!Array.isArray(list)) throw shapeless(attempt);
  return list;
}

function readParameters(answer: unknown, attempt: string): readonly StoredParameter[] {
  return listOf(answer, attempt).map((one) => readParameter(one, attempt));
}

/** AWS's types call every member optional; what lacks one is not an answer of AWS. */
function readParameter(parameter: unknown, attempt: string): StoredParameter {
  if (!isObject(parameter)) throw shapeless(attempt);
  const { Name: name, Value: value, Version: version, LastModifiedDate: modified, ARN: arn, Type: type } = parameter;
  if (!isText(name) || !isText(value) || typeof version !== 'number') throw shapeless(attempt);
  const modifiedAtMs = modified instanceof Date ? modified.getTime() : Number.NaN;
  return {
    name,
    arn: isText(arn) ? arn : undefined,
    isSecure: type === 'SecureString',
    value,
    version,
    modifiedAtMs: Number.isFinite(modifiedAtMs) ? modifiedAtMs : undefined,
  };
}

function tokenOf(answer: unknown): string | undefined {
  const token = isObject(answer) ? answer['NextToken'] : undefined;
  return isText(token) && token !== '' ? token : undefined;
}

function dateOf(result: unknown): number | undefined {
  const response = isObject(result) ? result['response'] : undefined;
  const headers = isObject(response) ? response['headers'] : undefined;
  const date = isObject(headers) ? headers['date'] : undefined;
  const ms = isText(date) ? Date.parse(date) : Number.NaN;
  return Number.isFinite(ms) ? ms : undefined;
}

function shapeless(attempt: string): StoreError {
  return new StoreError(
    'invalid',
    `cannot ${attempt}: the answer is not that of AWS (members are missing); check the endpoint`,
    { notADocument: true, retryable: true },
  );
}
