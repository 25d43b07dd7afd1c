/**
 * What AWS, the SDK or the network said, as a `StoreError` that names what to mend. Never repeats a message of AWS:
 * some hold values.
 */
import {
  calledOffError,
  isCalledOff,
  isStoreError,
  StoreError,
  type StoreErrorDetails,
} from '@clarity/flags-core/ports';
import { type Refusal, refusalOf } from './refused-parameter.ts';

/** One call, for the words of its error. */
export interface Attempted {
  /** Such as `GetParameter`; `ssm:` and this is the permission it needs. */
  readonly operation: string;
  /** The parameter or path. */
  readonly target: string;
  /** Where it was asked, when that is known. */
  readonly region: string | undefined;
}

interface Verdict extends StoreErrorDetails, Refusal {
  readonly isKeyRefused?: true;
}

/** KMS does not let this identity use the key of a SecureString, which fails the whole call. */
export class KeyRefused extends StoreError {}

/** A parameter is in the advanced tier already, and AWS turns none back. */
export class KeptInAdvancedTier extends StoreError {}

export function awsError(error: unknown, attempted: Attempted): StoreError {
  if (isStoreError(error)) return error;
  if (isCalledOff(error)) return calledOffError(`${attempted.operation} of ${attempted.target}`);
  const { reason, found, isDowngrade, isKeyRefused, ...details } = judge(error, attempted);
  const { operation, target, region } = attempted;
  const where = region === undefined ? '' : ` in ${region}`;
  // Without the cause: messages of AWS repeat values, and causes are logged.
  const message = `cannot ${operation} ${target}${where}: ${found}`;
  if (isKeyRefused) return new KeyRefused(reason, message, details);
  return isDowngrade ? new KeptInAdvancedTier(reason, message, details) : new StoreError(reason, message, details);
}

/** Whether new credentials may help. */
export function isExpired(error: unknown): boolean {
  return ['ExpiredTokenException', 'ExpiredToken', 'TokenRefreshRequired', 'RequestExpired'].includes(nameOf(error));
}

/** Whether AWS refused the request for its date. The SDK has corrected itself by the answer's `Date` then. */
export function isClockSkew(error: unknown): boolean {
  const name = nameOf(error);
  if (name === 'RequestTimeTooSkewed') return true;
  return name === 'InvalidSignatureException' && error instanceof Error && DATE_REFUSED.test(error.message);
}

const DATE_REFUSED = /expired|not yet current/i;

function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  // For an error that the SDK does not know, the name comes from the answer.
  return /^[A-Za-z][\w.]{0,60}$/.test(error.name) ? error.name : 'an unnamed error';
}

const EXPIRED =
  'the AWS credentials have expired; renew them (AWS_SESSION_TOKEN, `aws sso login`, or the role of this process)';
const REFUSED_KEY =
  'AWS does not accept these credentials; check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, and that they belong to this partition';
const CLOCK = 'the clock of this machine is more than 5 minutes wrong; set it';
const NOT_JSON =
  'the answer is not that of AWS (no JSON, or cut short); check the endpoint, and for a proxy or captive portal on the way';

function judge(error: unknown, attempted: Attempted): Verdict {
  const name = nameOf(error);
  const message = error instanceof Error ? error.message : '';
  switch (name) {
    case 'AbortError':
      return { reason: 'timeout', found: 'stopped before AWS answered' };
    case 'TimeoutError':
      // The SDK calls a reset connection this, too.
      if (!['ETIMEDOUT', undefined].includes(codeOf(error))) return judgeRest(error, name, message);
      return { reason: 'timeout', found: 'no answer in time; check the network and the VPC endpoint' };
    case 'CredentialsProviderError':
    case 'ProviderError':
    case 'TokenProviderError':
      return {
        reason: 'unauthorized',
        found:
          'no AWS credentials were found; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, or give this process a role',
      };
    case 'ThrottlingException':
    case 'Throttling':
    case 'ThrottledException':
    case 'RequestThrottled':
    case 'RequestLimitExceeded':
    case 'TooManyRequestsException':
      return {
        reason: 'throttled',
        found: `AWS throttles this account (${name}); read less often, put Redis in front, or raise the Parameter Store throughput setting`,
      };
    case 'TooManyUpdates':
      return { reason: 'throttled', found: 'another update of the same parameter is under way (TooManyUpdates)' };
    case 'AccessDeniedException':
    case 'AccessDenied':
      return accessDenied(message, attempted);
    case 'KMSAccessDeniedException':
    case 'KMSInvalidStateException':
    case 'KMSDisabledException':
    case 'KMSNotFoundException':
    case 'InvalidKeyId':
      return kmsDenied(name, attempted);
    case 'ExpiredTokenException':
    case 'ExpiredToken':
    case 'TokenRefreshRequired':
    case 'RequestExpired':
      return { reason: 'unauthorized', found: EXPIRED };
    case 'InvalidSignatureException':
    case 'SignatureDoesNotMatch':
      return badSignature(message);
    case 'RequestTimeTooSkewed':
      return { reason: 'unauthorized', found: CLOCK };
    case 'UnrecognizedClientException':
    case 'InvalidClientTokenId':
    case 'MissingAuthenticationTokenException':
    case 'MissingAuthenticationToken':
    case 'IncompleteSignatureException':
    case 'IncompleteSignature':
    case 'OptInRequired':
      return { reason: 'unauthorized', found: `${REFUSED_KEY} (${name})` };
    case 'ParameterNotFound':
      return {
        reason: 'not-found',
        found:
          'there is no such parameter; publish a document, or check the path, the account and the region (AWS_REGION)',
      };
    case 'ParameterVersionNotFound':
      return {
        reason: 'not-found',
        found: 'the parameter has no such version or label; check the option version or label',
      };
    case 'ParameterAlreadyExists':
      return { reason: 'conflict', found: 'it exists already; read it and publish on top of that' };
    case 'InvalidKeyIdException':
      return { reason: 'invalid', found: 'the option secure names no KMS key; correct its keyId' };
    default:
      return refusalOf(name, message) ?? judgeRest(error, name, message);
  }
}

function accessDenied(message: string, attempted: Attempted): Verdict {
  const named = /not authorized to perform: ([a-z0-9]{2,20}:[A-Za-z]{2,60})/.exec(message)?.[1];
  if (named === undefined && /ciphertext|kms|master key/i.test(message))
    return kmsDenied('AccessDeniedException', attempted);
  if (named?.startsWith('kms:') === true) return kmsDenied('AccessDeniedException', attempted, named);
  const permission = named ?? `ssm:${attempted.operation}`;
  return {
    reason: 'unauthorized',
    found: `the permission ${permission} is missing; allow it on this parameter in the IAM policy of this identity`,
  };
}

function kmsDenied(name: string, { operation }: Attempted, named?: string): Verdict {
  const permission = named ?? (operation === 'PutParameter' ? 'kms:Encrypt or kms:GenerateDataKey' : 'kms:Decrypt');
  return {
    reason: 'unauthorized',
    isKeyRefused: true,
    found: `KMS refuses the key of this SecureString (${name}); allow ${permission} on it in the IAM policy and the key's policy, and check that the key exists and is enabled`,
  };
}

function badSignature(message: string): Verdict {
  if (/valid region/i.test(message)) {
    return {
      reason: 'unauthorized',
      found:
        'the request was signed for another region than the endpoint is in; make AWS_REGION (or the option region) match it',
    };
  }
  if (DATE_REFUSED.test(message)) {
    return { reason: 'unauthorized', found: CLOCK };
  }
  return { reason: 'unauthorized', found: `${REFUSED_KEY} (the signature does not match)` };
}

/** What has no name of its own: failures of the network, of the SDK's set-up, and errors that AWS adds later. */
function judgeRest(error: unknown, name: string, message: string): Verdict {
  if (/region is missing|region not accepted/i.test(message)) {
    return {
      reason: 'unavailable',
      retryable: false,
      found: 'no AWS region is set, or one that is not a region; set AWS_REGION or the option region',
    };
  }
  if (name === 'SyntaxError') return { reason: 'invalid', notADocument: true, retryable: true, found: NOT_JSON };
  const code = codeOf(error);
  if (code !== undefined)
    return { reason: 'unavailable', found: `the connection failed (${code}); ${remedyFor(code)}` };
  const status = statusOf(error);
  if (status === 429) return { reason: 'throttled', found: `AWS throttles this account (${name})` };
  if (status === 401 || status === 403) return { reason: 'unauthorized', found: `${REFUSED_KEY} (${name})` };
  const answered = status === undefined ? '' : `, HTTP ${status}`;
  return { reason: 'unavailable', found: `AWS failed (${name}${answered}); it may succeed later` };
}

function remedyFor(code: string): string {
  if (/^(ENOTFOUND|EAI_AGAIN)$/.test(code))
    return 'the address of the region is not known; check AWS_REGION, the endpoint, and DNS';
  if (/CERT|SIGNATURE|ISSUER|TLS/.test(code))
    return 'its TLS certificate is not accepted; check the endpoint, and the clock';
  return 'check the network and the endpoint';
}

function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' && /^[A-Z][A-Z0-9_]{2,60}$/.test(error.code) ? error.code : undefined;
}

function statusOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('$metadata' in error)) return undefined;
  const metadata: unknown = error.$metadata;
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return undefined;
  return typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : undefined;
}
