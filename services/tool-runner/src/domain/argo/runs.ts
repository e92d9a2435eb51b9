import { Failure } from '@skyflo/contracts';
import type { KubeObject } from '@skyflo/kube';
import { z } from 'zod';

const MetricResult = z.looseObject({
  name: z.string(),
  phase: z.string().optional(),
  message: z.string().optional(),
  successful: z.number().optional(),
  failed: z.number().optional(),
  inconclusive: z.number().optional(),
  error: z.number().optional(),
  measurements: z
    .array(
      z.looseObject({ phase: z.string().optional(), value: z.string().optional(), message: z.string().optional() }),
    )
    .optional(),
});

/** An AnalysisRun: metrics that are measured, and what came of it. */
export const AnalysisRun = z.looseObject({
  metadata: z.looseObject({ name: z.string(), namespace: z.string().optional() }),
  spec: z.looseObject({
    terminate: z.boolean().optional(),
    metrics: z.array(z.looseObject({ name: z.string(), successCondition: z.string().optional() })).optional(),
  }),
  status: z
    .looseObject({
      phase: z.string().optional(),
      message: z.string().optional(),
      metricResults: z.array(MetricResult).optional(),
    })
    .default({}),
});
export type AnalysisRun = z.infer<typeof AnalysisRun>;

/** An Experiment: versions that run side by side for a while. */
export const Experiment = z.looseObject({
  metadata: z.looseObject({ name: z.string(), namespace: z.string().optional() }),
  spec: z.looseObject({
    terminate: z.boolean().optional(),
    duration: z.string().optional(),
    templates: z.array(z.looseObject({ name: z.string(), replicas: z.number().optional() })).default([]),
  }),
  status: z
    .looseObject({
      phase: z.string().optional(),
      message: z.string().optional(),
      templateStatuses: z
        .array(
          z.looseObject({
            name: z.string(),
            replicas: z.number().optional(),
            availableReplicas: z.number().optional(),
            status: z.string().optional(),
            message: z.string().optional(),
          }),
        )
        .optional(),
      analysisRuns: z
        .array(z.looseObject({ name: z.string(), analysisRun: z.string(), phase: z.string().optional() }))
        .optional(),
    })
    .default({}),
});
export type Experiment = z.infer<typeof Experiment>;

/** Both end like this; whatever is in another phase still goes on. */
const ended: ReadonlySet<string> = new Set(['Successful', 'Failed', 'Error', 'Inconclusive']);

export function hasEnded({ status }: Pick<AnalysisRun | Experiment, 'status'>): boolean {
  return ended.has(status.phase ?? '');
}

export function toAnalysisRun(object: KubeObject): AnalysisRun {
  return parse(AnalysisRun, object);
}

export function toExperiment(object: KubeObject): Experiment {
  return parse(Experiment, object);
}

function parse<T>(schema: z.ZodType<T>, object: KubeObject): T {
  const parsed = schema.safeParse(object);
  if (parsed.success) return parsed.data;
  const message = `${object.kind} ${object.metadata.name} is in a form that is not understood here.`;
  throw Failure.terminal('Unsupported', message);
}

/** The head line, then a line per metric with what was measured last. */
export function analysisLines(run: AnalysisRun): string[] {
  const { phase = 'Pending', message } = run.status;
  const results = run.status.metricResults ?? [];
  return [
    `AnalysisRun ${run.metadata.name}: ${phase}${because(message)}`,
    ...results.map(({ name, phase: state = 'Pending', message: why, ...counts }) => {
      const wanted = run.spec.metrics?.find((metric) => metric.name === name)?.successCondition;
      const last = counts.measurements?.at(-1);
      const seen = last?.value ?? last?.message;
      return [
        `  metric ${name}: ${state}${because(why)}, ${countsOf(counts)}`,
        seen === undefined ? '' : `, last ${seen}`,
        wanted === undefined ? '' : `, wants ${wanted}`,
      ].join('');
    }),
  ];
}

export function experimentLines(experiment: Experiment): string[] {
  const { phase = 'Pending', message, templateStatuses = [], analysisRuns = [] } = experiment.status;
  const { duration } = experiment.spec;
  return [
    `Experiment ${experiment.metadata.name}: ${phase}${because(message)}${duration === undefined ? '' : `, for ${duration}`}`,
    ...templateStatuses.map(
      ({ name, status = 'Pending', message: why, replicas = 0, availableReplicas = 0 }) =>
        `  version ${name}: ${status}${because(why)}, ${availableReplicas} of ${replicas} pods available`,
    ),
    ...analysisRuns.map(
      ({ name, analysisRun, phase: state = 'Pending' }) => `  analysis ${name}: ${state} (AnalysisRun ${analysisRun})`,
    ),
  ];
}

function countsOf({ successful, failed, inconclusive, error }: Partial<z.infer<typeof MetricResult>>): string {
  const counts = { passed: successful, failed, inconclusive, errors: error };
  const told = Object.entries(counts).flatMap(([word, count]) => (count ? [`${count} ${word}`] : []));
  return told.length === 0 ? 'not measured yet' : told.join(', ');
}

function because(message: string | undefined): string {
  return message ? ` (${message})` : '';
}
