/** Checked as they are given: the SDK would find a wrong one at the first call, and some only by an odd failure. */
import { describeOption } from '@clarity/flags-core/adapter-kit';
import { StoreError } from '@clarity/flags-core/ports';
import type { SSMClient, SSMClientConfig } from '@aws-sdk/client-ssm';

/** How to reach Parameter Store. Without any of these: the SDK's default region and credential chain. */
export interface SsmConnectionOptions {
  /** AWS region, such as `eu-central-1`. Default: `AWS_REGION`, then the profile's. */
  readonly region?: string;
  /**
   * Credentials, or a function that gives them. Default: the SDK's chain (variables, profile, container or instance
   * role).
   */
  readonly credentials?: NonNullable<SSMClientConfig['credentials']>;
  /** Another address to call: a VPC endpoint, or a stand-in for tests. */
  readonly endpoint?: string;
  /**
   * A client of yours instead of the three above. It is not closed, and its own retry settings apply: `maxAttempts: 1`
   * is advised, since refreshes are retried and throttling is waited out above it.
   */
  readonly client?: SSMClient;
}

/** @throws TypeError that names the option and shows nothing of a credential */
export function checkConnection({ client, region, endpoint, credentials }: SsmConnectionOptions): void {
  if (client !== undefined && typeof member(client, 'send') !== 'function') {
    throw new TypeError(`client is ${describeOption(client)}; allowed is an SSMClient`);
  }
  // Which regions there are, the SDK knows better.
  if (region !== undefined && (typeof region !== 'string' || region === '')) {
    const found = region === '' ? 'empty' : describeOption(region);
    throw new TypeError(`region is ${found}; allowed is an AWS region such as "eu-central-1"`);
  }
  if (endpoint !== undefined && !isEndpoint(endpoint)) {
    throw new TypeError(
      'endpoint is not an address; allowed is one without a user, such as "https://vpce-1.ssm.eu-central-1.vpce.amazonaws.com"',
    );
  }
  if (credentials === undefined || typeof credentials === 'function') return;
  if (!isIdentity(credentials)) {
    throw new TypeError(
      `credentials is ${describeOption(credentials)}; allowed is { accessKeyId, secretAccessKey }, or a function that gives one`,
    );
  }
}

function isEndpoint(endpoint: unknown): boolean {
  if (typeof endpoint !== 'string' || !URL.canParse(endpoint)) return false;
  const { protocol, username, password } = new URL(endpoint);
  return /^https?:$/.test(protocol) && username === '' && password === '';
}

type Credentials = NonNullable<SsmConnectionOptions['credentials']>;

/**
 * The option, with a function wrapped: what it throws by itself is not a failure of AWS, and its message may hold a
 * secret. What the SDK's own providers throw is known by its name, and passes.
 */
export function guardedCredentials(credentials: Credentials): Credentials {
  if (typeof credentials !== 'function') return credentials;
  return async (...given) => {
    let identity: Awaited<ReturnType<typeof credentials>>;
    try {
      identity = await credentials(...given);
    } catch (error) {
      const name = error instanceof Error ? error.name : typeof error;
      if (error instanceof Error && !/^(Type|Range|Reference|Syntax)?Error$/.test(name)) throw error;
      throw refused(`failed with ${name}; look at what gives them`, true);
    }
    if (isIdentity(identity)) return identity;
    throw refused('gave no identity; accessKeyId and secretAccessKey are needed', false);
  };
}

function refused(found: string, retryable: boolean): StoreError {
  return new StoreError('unauthorized', `cannot get AWS credentials: the function credentials ${found}`, { retryable });
}

function isIdentity(credentials: unknown): boolean {
  return ['accessKeyId', 'secretAccessKey'].every((name) => {
    const value = member(credentials, name);
    return typeof value === 'string' && value !== '';
  });
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
}
