/** Instructions for what flags share: segments, layers and holdouts. */
import type { BucketRange, Condition, Holdout, Layer, Segment } from '@clarity/flags-core/document';

export type SegmentInstruction =
  | CreateSegment
  | ReplaceSegment
  | RemoveSegment
  | AddToSegment
  | RemoveFromSegment
  | SetSegmentCondition;

interface OnSegment<Kind extends string> {
  readonly kind: Kind;
  /** The segment's name. */
  readonly segment: string;
}

export interface CreateSegment extends OnSegment<'createSegment'> {
  readonly definition: Segment;
}

export interface ReplaceSegment extends OnSegment<'replaceSegment'> {
  readonly definition: Segment;
  readonly from?: Segment;
}

/** Refused while a rule or another segment asks for it. */
export interface RemoveSegment extends OnSegment<'removeSegment'> {
  readonly from?: Segment;
}

export interface AddToSegment extends OnSegment<'addToSegment'> {
  readonly list: 'include' | 'exclude';
  readonly keys: readonly (string | number)[];
}

export interface RemoveFromSegment extends OnSegment<'removeFromSegment'> {
  readonly list: 'include' | 'exclude';
  readonly keys: readonly (string | number)[];
}

export interface SetSegmentCondition extends OnSegment<'setSegmentCondition'> {
  readonly when: Condition | null;
  readonly from?: Condition | null;
}

export type LayerInstruction = CreateLayer | ReplaceLayer | RemoveLayer | SetSlot;

interface OnLayer<Kind extends string> {
  readonly kind: Kind;
  /** The layer's name. */
  readonly layer: string;
}

export interface CreateLayer extends OnLayer<'createLayer'> {
  readonly definition: Layer;
}

export interface ReplaceLayer extends OnLayer<'replaceLayer'> {
  readonly definition: Layer;
  readonly from?: Layer;
}

/** Refused while an experiment is in it. */
export interface RemoveLayer extends OnLayer<'removeLayer'> {
  readonly from?: Layer;
}

/** The buckets of one experiment; null: it leaves the layer. */
export interface SetSlot extends OnLayer<'setSlot'> {
  readonly experiment: string;
  readonly ranges: readonly BucketRange[] | null;
  readonly from?: readonly BucketRange[] | null;
}

export type HoldoutInstruction = CreateHoldout | ReplaceHoldout | RemoveHoldout | SetHoldoutPercentage;

interface OnHoldout<Kind extends string> {
  readonly kind: Kind;
  /** The holdout's name. */
  readonly holdout: string;
}

export interface CreateHoldout extends OnHoldout<'createHoldout'> {
  readonly definition: Holdout;
}

export interface ReplaceHoldout extends OnHoldout<'replaceHoldout'> {
  readonly definition: Holdout;
  readonly from?: Holdout;
}

/** Refused while an experiment names it. */
export interface RemoveHoldout extends OnHoldout<'removeHoldout'> {
  readonly from?: Holdout;
}

export interface SetHoldoutPercentage extends OnHoldout<'setHoldoutPercentage'> {
  readonly percentage: number;
  readonly from?: number;
}
