import type { Instruction, Of } from './instruction.ts';
import { kindOf } from './kind-of.ts';

/** What a member may be: why a value is not, else undefined. */
export interface MemberForm {
  readonly allowed: string;
  readonly holds: (value: unknown) => boolean;
  /** Whether a complaint may repeat a word that stands there. */
  readonly isName?: boolean;
}

function form(allowed: string, holds: (value: unknown) => boolean, isName = false): MemberForm {
  return { allowed, holds, isName };
}

function orNull({ allowed, holds, isName }: MemberForm): MemberForm {
  return form(`${allowed}, or null for none`, (value) => value === null || holds(value), isName);
}

function oneOf(...words: readonly string[]): MemberForm {
  return form(words.join(', '), (value) => words.includes(value as string), true);
}

function listOf(what: string, holds: (value: unknown) => boolean): MemberForm {
  return form(`a list of ${what}`, (value) => Array.isArray(value) && value.every(holds));
}

const isText = (value: unknown): value is string => typeof value === 'string';
const isName = (value: unknown): boolean => isText(value) && value !== '';
const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);
const isPlace = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;
const isRuleName = (value: unknown): boolean => isText(value) || isPlace(value);

const text = form('text', isText);
const name = form('text that is not empty', isName);
const boolean = form('true or false', (value) => typeof value === 'boolean');
const object = form('an object', isObject);
const objects = listOf('objects', isObject);
const lists = listOf('ranges of buckets', Array.isArray);
const percentage = form(
  'a number from 0 to 100',
  (value) => Number.isFinite(value) && (value as number) >= 0 && (value as number) <= 100,
);
const keys = listOf('targeting keys: text or integers', (value) => isText(value) || Number.isSafeInteger(value));
const names = listOf('names', isText);
const ruleName = form("a rule's id, or its place from 0", isRuleName);
const ruleNames = listOf("rules' ids, or their places from 0", isRuleName);
const serve = form(
  "a variant's name, null, a split or a ramp",
  (value) => value === null || isName(value) || isObject(value),
);
const status = oneOf('enabled', 'disabled', 'beta', 'canary');
const list = oneOf('include', 'exclude');

const flag = { flag: name };
const segment = { segment: name };
const layer = { layer: name };
const holdout = { holdout: name };
const whole = { definition: object, 'from?': object };

/** The members of each kind, besides `kind`: those that may be left out end with a question mark. */
export const FORMS: { readonly [Kind in Instruction['kind']]: FormOf<Omit<Of<Kind>, 'kind'>> } = {
  create: { ...flag, definition: object },
  replace: { ...flag, ...whole },
  remove: { ...flag, 'from?': object },
  turnOn: flag,
  turnOff: flag,
  setStatus: { ...flag, status, 'from?': status },
  setPercentage: { ...flag, percentage, 'variant?': name, 'rule?': ruleName, 'from?': orNull(percentage) },
  setFallthrough: { ...flag, serve, 'from?': serve },
  addRule: { ...flag, rule: object, 'before?': ruleName },
  replaceRule: { ...flag, rule: ruleName, with: object, 'from?': object },
  removeRule: { ...flag, rule: ruleName, 'from?': object },
  reorderRules: { ...flag, order: ruleNames, 'from?': objects },
  addTargets: { ...flag, 'variant?': name, keys },
  removeTargets: { ...flag, 'variant?': name, keys },
  setTargets: { ...flag, targets: orNull(objects), 'from?': orNull(objects) },
  setVariants: { ...flag, variants: orNull(object), 'from?': orNull(object) },
  setOffVariant: { ...flag, variant: orNull(name), 'from?': orNull(name) },
  setPrerequisites: { ...flag, prerequisites: orNull(objects), 'from?': orNull(objects) },
  setSchedule: { ...flag, schedule: orNull(object), 'from?': orNull(object) },
  setRamp: { ...flag, ramp: object, 'rule?': ruleName, 'from?': serve },
  pauseRamp: { ...flag, at: text, 'rule?': ruleName },
  resumeRamp: { ...flag, at: text, 'rule?': ruleName },
  setMetadata: { ...flag, 'metadata?': object, 'remove?': names, 'from?': object },
  setDescription: { ...flag, description: orNull(text), 'from?': orNull(text) },
  setSalt: { ...flag, salt: orNull(text), 'from?': orNull(text) },
  setClientVisible: { ...flag, clientVisible: orNull(boolean), 'from?': orNull(boolean) },
  archive: flag,
  unarchive: flag,
  createSegment: { ...segment, definition: object },
  replaceSegment: { ...segment, ...whole },
  removeSegment: { ...segment, 'from?': object },
  addToSegment: { ...segment, list, keys },
  removeFromSegment: { ...segment, list, keys },
  setSegmentCondition: { ...segment, when: orNull(object), 'from?': orNull(object) },
  createLayer: { ...layer, definition: object },
  replaceLayer: { ...layer, ...whole },
  removeLayer: { ...layer, 'from?': object },
  setSlot: { ...layer, experiment: name, ranges: orNull(lists), 'from?': orNull(lists) },
  createHoldout: { ...holdout, definition: object },
  replaceHoldout: { ...holdout, ...whole },
  removeHoldout: { ...holdout, 'from?': object },
  setHoldoutPercentage: { ...holdout, percentage, 'from?': percentage },
  setEnvironment: { environment: orNull(text), 'from?': orNull(text) },
};

type FormOf<Members> = {
  readonly [Name in keyof Members & string as undefined extends Members[Name] ? `${Name}?` : Name]-?: MemberForm;
};

/** What stands in the place of a member, for a complaint. */
export function foundIn(value: unknown, { isName: mayRepeat = false }: MemberForm): string {
  return typeof value === 'number' || mayRepeat ? kindOf(value, mayRepeat) : kindOf(value);
}
