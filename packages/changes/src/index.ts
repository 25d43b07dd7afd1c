/** What a flag does, in words: `@clarity/flags-changes`. Pure, in every runtime. */
export { describeCondition } from './describe/condition.ts';
export { describe } from './describe/describe.ts';
export type { StepWords } from './describe/describe-steps.ts';
export { describeSteps } from './describe/describe-steps.ts';
