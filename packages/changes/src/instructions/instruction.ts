/** What a change is made of: `kind` says what is done, `flag` (or `segment`, `layer`, `holdout`) to what. */
import type {
  FlagDefinition,
  FlagValue,
  JsonObject,
  Prerequisite,
  Ramp,
  Rule,
  Schedule,
  Serve,
  ShortFlag,
  Target,
} from '@clarity/flags-core/document';
import type { HoldoutInstruction, LayerInstruction, SegmentInstruction } from './part-instruction.ts';

/** A change as people write it by hand, review it and keep it: applied to whatever the document is by then. */
export interface Change {
  /** Why, in at most 2,000 characters. */
  readonly comment: string;
  /** At least one. Each is applied to what those before it left. */
  readonly instructions: readonly Instruction[];
}

/**
 * One step of a change. Those that replace something may carry `from`: what their author saw in its place, null for
 * nothing. Where something else stands there by then, the change is refused, unless it is what the instruction wants.
 */
export type Instruction = FlagInstruction | SegmentInstruction | LayerInstruction | HoldoutInstruction | SetEnvironment;

export type FlagInstruction =
  | Create
  | Replace
  | Remove
  | TurnOn
  | TurnOff
  | SetStatus
  | SetPercentage
  | SetFallthrough
  | AddRule
  | ReplaceRule
  | RemoveRule
  | ReorderRules
  | AddTargets
  | RemoveTargets
  | SetTargets
  | SetVariants
  | SetOffVariant
  | SetPrerequisites
  | SetSchedule
  | SetRamp
  | PauseRamp
  | ResumeRamp
  | SetMetadata
  | SetDescription
  | SetSalt
  | SetClientVisible
  | Archive
  | Unarchive;

interface OnFlag<Kind extends string> {
  readonly kind: Kind;
  /** The flag's key. */
  readonly flag: string;
}

/** A new flag. Refused where there is one with the key already, unless it is the same. */
export interface Create extends OnFlag<'create'> {
  readonly definition: FlagDefinition;
}

/** Another definition in place of a flag's own: where nothing finer says it, such as another type. */
export interface Replace extends OnFlag<'replace'> {
  readonly definition: FlagDefinition;
  readonly from?: FlagDefinition;
}

/** Refused while another flag or a segment asks for the flag. */
export interface Remove extends OnFlag<'remove'> {
  readonly from?: FlagDefinition;
}

/** A short flag becomes what it was before it was turned off: canary where it has a share, beta where it has users. */
export interface TurnOn extends OnFlag<'turnOn'> {}

/** Targets, rules and shares are kept for when it is turned on again. */
export interface TurnOff extends OnFlag<'turnOff'> {}

/** For flags in the short form. Its users and its share stay as they are. */
export interface SetStatus extends OnFlag<'setStatus'> {
  readonly status: ShortFlag['status'];
  readonly from?: ShortFlag['status'];
}

/**
 * How many per cent of units are served a variant: of a canary, of a split of two variants, or of a split by ranges,
 * which is reshaped so that as few units move as can be. Refused where the share follows the clock or nothing is dealt.
 */
export interface SetPercentage extends OnFlag<'setPercentage'> {
  /** 0 to 100, in steps of 0.001. */
  readonly percentage: number;
  /**
   * Whose share. Default: of a split by weights the variant of a boolean flag that is true; of a split by ranges all
   * its arms together.
   */
  readonly variant?: string;
  /** The rule that deals. Default: the fallthrough. */
  readonly rule?: RuleName;
  /** To a thousandth; null: a canary that says none, which is 0. */
  readonly from?: number | null;
}

export interface SetFallthrough extends OnFlag<'setFallthrough'> {
  readonly serve: Serve;
  readonly from?: Serve;
}

/**
 * A rule by its id; one without an id by its place, from 0. A place is another rule's once somebody adds one before it:
 * `from` of `replaceRule` and `removeRule` finds it all the same.
 */
export type RuleName = string | number;

export interface AddRule extends OnFlag<'addRule'> {
  readonly rule: Rule;
  /** The rule that it is tried before. Default: it is the last one. */
  readonly before?: RuleName;
}

export interface ReplaceRule extends OnFlag<'replaceRule'> {
  readonly rule: RuleName;
  readonly with: Rule;
  /** With it a rule without an id is found wherever it stands by then. */
  readonly from?: Rule;
}

export interface RemoveRule extends OnFlag<'removeRule'> {
  readonly rule: RuleName;
  /** With it a rule without an id is found wherever it stands by then. */
  readonly from?: Rule;
}

export interface ReorderRules extends OnFlag<'reorderRules'> {
  /** Every rule of the flag once, in the order in which they shall be tried. */
  readonly order: readonly RuleName[];
  readonly from?: readonly Rule[];
}

/** Names users for a variant; other targets of the flag name them no longer. */
export interface AddTargets extends OnFlag<'addTargets'> {
  /** Default: of a boolean flag the variant that is true. */
  readonly variant?: string;
  readonly keys: readonly (string | number)[];
}

/** Those that are not named are left alone. */
export interface RemoveTargets extends OnFlag<'removeTargets'> {
  /** Default: whichever names them. */
  readonly variant?: string;
  readonly keys: readonly (string | number)[];
}

/** All targets at once; null: none. */
export interface SetTargets extends OnFlag<'setTargets'> {
  readonly targets: readonly Target[] | null;
  readonly from?: readonly Target[] | null;
}

/**
 * Null: left out, so that a boolean flag has `on` and `off`. What is served while the flag is off stays, where there
 * is such a variant still.
 */
export interface SetVariants extends OnFlag<'setVariants'> {
  readonly variants: Readonly<Record<string, FlagValue>> | null;
  readonly from?: Readonly<Record<string, FlagValue>> | null;
}

/** Null: the caller's fallback. */
export interface SetOffVariant extends OnFlag<'setOffVariant'> {
  readonly variant: string | null;
  readonly from?: string | null;
}

export interface SetPrerequisites extends OnFlag<'setPrerequisites'> {
  readonly prerequisites: readonly Prerequisite[] | null;
  readonly from?: readonly Prerequisite[] | null;
}

export interface SetSchedule extends OnFlag<'setSchedule'> {
  readonly schedule: Schedule | null;
  readonly from?: Schedule | null;
}

export interface SetRamp extends OnFlag<'setRamp'> {
  readonly ramp: Ramp;
  /** Default: the fallthrough. */
  readonly rule?: RuleName;
  /** Whatever was served there. */
  readonly from?: Serve;
}

/** Refused where the ramp is paused by then. */
export interface PauseRamp extends OnFlag<'pauseRamp'> {
  /** From when on its share stands still: ISO 8601 with a zone. */
  readonly at: string;
  readonly rule?: RuleName;
}

/** Refused where the ramp is not paused. */
export interface ResumeRamp extends OnFlag<'resumeRamp'> {
  readonly at: string;
  readonly rule?: RuleName;
}

/** Members by their names; the others stay. */
export interface SetMetadata extends OnFlag<'setMetadata'> {
  readonly metadata?: JsonObject;
  /** Names of members that go. */
  readonly remove?: readonly string[];
  /** Of these names, what there was. */
  readonly from?: JsonObject;
}

export interface SetDescription extends OnFlag<'setDescription'> {
  readonly description: string | null;
  readonly from?: string | null;
}

/** Deals everyone anew. */
export interface SetSalt extends OnFlag<'setSalt'> {
  readonly salt: string | null;
  readonly from?: string | null;
}

export interface SetClientVisible extends OnFlag<'setClientVisible'> {
  readonly clientVisible: boolean | null;
  readonly from?: boolean | null;
}

/** Turns the flag off and marks it by `archived` in its metadata: it cannot be turned on while the mark is there. */
export interface Archive extends OnFlag<'archive'> {}

/** Takes the mark away. The flag stays off until it is turned on. */
export interface Unarchive extends OnFlag<'unarchive'> {}

/** What the document is meant for; null: nothing in particular. */
export interface SetEnvironment {
  readonly kind: 'setEnvironment';
  readonly environment: string | null;
  readonly from?: string | null;
}

/** What an instruction of some kinds says. */
export type Of<Kind extends Instruction['kind']> = Extract<Instruction, { readonly kind: Kind }>;
