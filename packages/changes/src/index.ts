/** What flags do, and in what documents differ, in words: `@clarity/flags-changes`. Pure, in every runtime. */
export type { AuditFinding, AuditVerdict, ChainAnchor, VerifyOptions } from './audit/verify.ts';
export { verify } from './audit/verify.ts';
export { describeCondition } from './describe/condition.ts';
export { describe } from './describe/describe.ts';
export type { StepWords } from './describe/describe-steps.ts';
export { describeSteps } from './describe/describe-steps.ts';
export type { Difference } from './diff/diff.ts';
export { diff } from './diff/diff.ts';
export type { Question } from './diff/question.ts';
export type { NeededVersion } from './versions/needed-versions.ts';
export { neededVersions } from './versions/needed-versions.ts';
export type { Movement } from './reshape/movement.ts';
export { movement } from './reshape/movement.ts';
export type { ReshapeOptions, WantedShape } from './reshape/reshape.ts';
export { reshape } from './reshape/reshape.ts';
