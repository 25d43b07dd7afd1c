/** An error as Parameter Store answers it: a type and a message in the body, and an HTTP status. */
export class SsmRefusal extends Error {
  readonly type: string;
  readonly status: number;

  constructor(type: string, message: string = MESSAGES.get(type) ?? type, status: number = statusOf(type)) {
    super(message);
    this.name = 'SsmRefusal';
    this.type = type;
    this.status = status;
  }
}

/** What AWS says with each type, where it always says the same. */
const MESSAGES: ReadonlyMap<string, string> = new Map([
  ['ThrottlingException', 'Rate exceeded'],
  ['InternalServerError', 'An internal error occurred'],
  ['ServiceUnavailable', 'Service is unable to handle request.'],
  ['ParameterNotFound', ''],
  ['ExpiredTokenException', 'The security token included in the request is expired'],
  ['UnrecognizedClientException', 'The security token included in the request is invalid.'],
  [
    'InvalidSignatureException',
    'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
  ],
  ['MissingAuthenticationTokenException', 'Request is missing Authentication Token'],
  [
    'AccessDeniedException',
    'The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you are not allowed to access.',
  ],
  ['InvalidKeyId', "The query key ID isn't valid."],
  ['TooManyUpdates', 'There are concurrent updates for a resource that supports one update at a time.'],
  ['InvalidNextToken', 'The specified token is not valid.'],
]);

function statusOf(type: string): number {
  if (type === 'InternalServerError') return 500;
  return type === 'ServiceUnavailable' ? 503 : 400;
}

export function validationError(message: string): SsmRefusal {
  return new SsmRefusal('ValidationException', message);
}

/** A constraint of the wire format that a member of the request broke, in AWS's words. */
export function constraintError(member: string, found: unknown, constraint: string): SsmRefusal {
  return validationError(
    `1 validation error detected: Value '${String(found)}' at '${member}' failed to satisfy constraint: ${constraint}`,
  );
}
