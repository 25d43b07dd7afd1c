/** Why a flag answers what it answers: `@clarity/flags-core/explain`. */
export type { ExplainOptions } from './evaluation/explain.ts';
export { explain } from './evaluation/explain.ts';
export type {
  ConditionTrace,
  EnabledStep,
  Explanation,
  ExplanationStep,
  FailureStep,
  FallthroughStep,
  PrerequisiteStep,
  RuleStep,
  ScheduleStep,
  ServeTrace,
  TargetsStep,
} from './evaluation/explanation.ts';
