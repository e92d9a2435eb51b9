/** Everything that one machine needs, started, kept running and stopped as one. */
export type { ClusterChoice, ModelChoice } from './choices.ts';
export { buildStack } from './build.ts';
export { stackLayout } from './layout.ts';
export type { StackLayout } from './layout.ts';
export type { Report } from './report.ts';
export type { StackFile, StackProcess } from './stack-file.ts';
export { StartError } from './start-error.ts';
export { startStack } from './start-stack.ts';
export type { Stack, StackOptions } from './start-stack.ts';
