/** The operations of Parameter Store that flags need, from the request's JSON to the answer's. */
import { type ParameterStore, type ParameterVersion, splitSelector } from './parameter-store.ts';
import { SsmRefusal, validationError } from './refusal.ts';
import { flagOf, optionalNumber, optionalText, optionalWord, pageSizeOf, textOf, textsOf } from './request-body.ts';

export const SSM_OPERATIONS = [
  'GetParameter',
  'GetParameters',
  'GetParametersByPath',
  'GetParameterHistory',
  'PutParameter',
  'DeleteParameter',
  'DeleteParameters',
  'LabelParameterVersion',
  'UnlabelParameterVersion',
] as const;
export type SsmOperation = (typeof SSM_OPERATIONS)[number];

export interface Surroundings {
  readonly store: ParameterStore;
  readonly region: string;
  readonly accountId: string;
  readonly nowMs: number;
  /** Keys that KMS does not let this identity use. */
  readonly refusedKeys: ReadonlySet<string>;
}

type Body = Readonly<Record<string, unknown>>;
type Answer = Readonly<Record<string, unknown>>;

const MOST_NAMES = 10;
const MOST_BY_PATH = 10;
const MOST_HISTORY = 50;

export function perform(operation: SsmOperation, body: Body, around: Surroundings): Answer {
  const { store } = around;
  const decrypt = (): boolean => flagOf(body, 'WithDecryption');
  switch (operation) {
    case 'GetParameter': {
      const name = textOf(body, 'Name');
      return { Parameter: shown(store.find(name), name, decrypt(), around) };
    }
    case 'GetParameters':
      return getParameters(textsOf(body, 'Names', MOST_NAMES), decrypt(), around);
    case 'GetParametersByPath':
      return getParametersByPath(body, around);
    case 'GetParameterHistory': {
      const versions = store.history(textOf(body, 'Name'));
      const { page, nextToken } = pageOf(versions, (one) => String(one.version).padStart(12, '0'), body, MOST_HISTORY);
      return { Parameters: page.map((one) => shownInHistory(one, decrypt(), around)), ...nextToken };
    }
    case 'PutParameter':
      return putParameter(body, around);
    case 'DeleteParameter': {
      if (!store.delete(textOf(body, 'Name'))) throw new SsmRefusal('ParameterNotFound');
      return {};
    }
    case 'DeleteParameters': {
      const names = textsOf(body, 'Names', MOST_NAMES);
      const DeletedParameters = names.filter((name) => store.delete(name));
      return { DeletedParameters, InvalidParameters: names.filter((name) => !DeletedParameters.includes(name)) };
    }
    case 'LabelParameterVersion': {
      const labels = textsOf(body, 'Labels', 10);
      const { invalid, version } = store.label(textOf(body, 'Name'), optionalNumber(body, 'ParameterVersion'), labels);
      return { InvalidLabels: invalid, ParameterVersion: version };
    }
    case 'UnlabelParameterVersion': {
      const version = optionalNumber(body, 'ParameterVersion') ?? 0;
      const { removed, invalid } = store.unlabel(textOf(body, 'Name'), version, textsOf(body, 'Labels', 10));
      return { RemovedLabels: removed, InvalidLabels: invalid };
    }
  }
}

function getParameters(names: readonly string[], decrypt: boolean, around: Surroundings): Answer {
  const Parameters: Answer[] = [];
  const InvalidParameters: string[] = [];
  for (const name of names) {
    try {
      Parameters.push(shown(around.store.find(name), name, decrypt, around));
    } catch (error) {
      // One that cannot be decrypted fails all of them.
      if (!(error instanceof SsmRefusal) || error.type === 'AccessDeniedException') throw error;
      InvalidParameters.push(name);
    }
  }
  return { Parameters, InvalidParameters };
}

function getParametersByPath(body: Body, around: Surroundings): Answer {
  const path = textOf(body, 'Path');
  if (!path.startsWith('/')) {
    throw validationError(
      `The parameter doesn't meet the parameter name requirements. The parameter name must begin with a forward slash "/".`,
    );
  }
  const prefix = path.endsWith('/') ? path : `${path}/`;
  const recursive = flagOf(body, 'Recursive');
  const decrypt = flagOf(body, 'WithDecryption');
  const labels = labelFilter(body);
  const selected = around.store
    .names()
    .filter((name) => name.startsWith(prefix) && (recursive || !name.slice(prefix.length).includes('/')))
    .flatMap((name) => {
      if (labels === undefined) return [around.store.find(name)];
      return around.store.history(name).filter((one) => one.labels.some((label) => labels.includes(label)));
    });
  const { page, nextToken } = pageOf(selected, (one) => one.name, body, MOST_BY_PATH);
  return { Parameters: page.map((one) => shown(one, one.name, decrypt, around)), ...nextToken };
}

/**
 * The labels of `ParameterFilters: [{ Key: 'Label', Option: 'Equals', Values }]`, the only filter that is understood.
 */
function labelFilter(body: Body): readonly string[] | undefined {
  const filters: unknown = body['ParameterFilters'] ?? [];
  if (!Array.isArray(filters) || filters.length === 0) return undefined;
  const [filter] = filters as readonly { Key?: unknown; Option?: unknown; Values?: unknown }[];
  const understood = filters.length === 1 && filter?.Key === 'Label' && (filter.Option ?? 'Equals') === 'Equals';
  if (!understood || !Array.isArray(filter?.Values)) {
    throw new SsmRefusal('InvalidFilterKey', `The specified key isn't valid.`);
  }
  return filter.Values.map(String);
}

function putParameter(body: Body, { store, nowMs }: Surroundings): Answer {
  const { version, tier } = store.put(
    {
      name: textOf(body, 'Name'),
      value: textOf(body, 'Value'),
      type: optionalWord(body, 'Type', ['String', 'StringList', 'SecureString']),
      tier: optionalWord(body, 'Tier', ['Standard', 'Advanced', 'Intelligent-Tiering']),
      overwrite: flagOf(body, 'Overwrite'),
      description: optionalText(body, 'Description'),
      keyId: optionalText(body, 'KeyId'),
    },
    nowMs,
  );
  return { Version: version, Tier: tier };
}

/** A token names the last item that was given, so pages move when items are put between them: there is no snapshot. */
function pageOf<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
  body: Body,
  most: number,
): { page: readonly Item[]; nextToken: { NextToken?: string } } {
  const size = pageSizeOf(body, most);
  const token = optionalText(body, 'NextToken');
  const after = token === undefined ? '' : readToken(token);
  const rest = items.filter((item) => keyOf(item) > after);
  const page = rest.slice(0, size);
  const last = page.at(-1);
  return { page, nextToken: rest.length > size && last !== undefined ? { NextToken: makeToken(keyOf(last)) } : {} };
}

const TOKEN = 'after:';

export function makeToken(key: string): string {
  return Buffer.from(TOKEN + key).toString('base64url');
}

function readToken(token: string): string {
  const text = Buffer.from(token, 'base64url').toString();
  if (!text.startsWith(TOKEN)) throw new SsmRefusal('InvalidNextToken');
  return text.slice(TOKEN.length);
}

function shown(one: ParameterVersion, asked: string, decrypt: boolean, around: Surroundings): Answer {
  const [, selector] = splitSelector(asked);
  return {
    Name: one.name,
    Type: one.type,
    Value: valueOf(one, decrypt, around),
    Version: one.version,
    ...(selector !== undefined && { Selector: `:${selector}` }),
    LastModifiedDate: one.modifiedAtMs / 1000,
    ARN: arnOf(one.name, around),
    DataType: 'text',
  };
}

function shownInHistory(one: ParameterVersion, decrypt: boolean, around: Surroundings): Answer {
  return {
    Name: one.name,
    Type: one.type,
    ...(one.keyId !== undefined && { KeyId: one.keyId }),
    LastModifiedDate: one.modifiedAtMs / 1000,
    LastModifiedUser: `arn:aws:iam::${around.accountId}:user/flags`,
    ...(one.description !== undefined && { Description: one.description }),
    Value: valueOf(one, decrypt, around),
    Version: one.version,
    Labels: one.labels,
    Tier: one.tier,
    Policies: [],
    DataType: 'text',
  };
}

/** Without decryption a secure value is ciphertext: something in base64 that is not the value. */
function valueOf(one: ParameterVersion, decrypt: boolean, { refusedKeys }: Surroundings): string {
  if (decrypt && one.keyId !== undefined && refusedKeys.has(one.keyId)) throw new SsmRefusal('AccessDeniedException');
  return one.type === 'SecureString' && !decrypt ? Buffer.from(`kms:${one.value}`).toString('base64') : one.value;
}

export function arnOf(name: string, { region, accountId }: Pick<Surroundings, 'region' | 'accountId'>): string {
  return `arn:aws:ssm:${region}:${accountId}:parameter${name.startsWith('/') ? '' : '/'}${name}`;
}
