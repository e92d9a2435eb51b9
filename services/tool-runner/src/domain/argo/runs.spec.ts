import { describe, expect, it } from '@jest/globals';
import { analysisLines, experimentLines, hasEnded, toAnalysisRun, toExperiment } from './runs.ts';

const head = (kind: string) => ({ apiVersion: 'argoproj.io/v1alpha1', kind, metadata: { name: 'web-1' } });

describe('an analysis run', () => {
  it('tells each metric with what was measured last and what is wanted', () => {
    const run = toAnalysisRun({
      ...head('AnalysisRun'),
      spec: { metrics: [{ name: 'errors', successCondition: 'result < 1' }, { name: 'latency' }] },
      status: {
        phase: 'Failed',
        message: 'Metric "errors" assessed Failed',
        metricResults: [
          { name: 'errors', phase: 'Failed', successful: 1, failed: 2, measurements: [{ value: '0' }, { value: '7' }] },
          { name: 'latency', phase: 'Pending' },
        ],
      },
    });
    expect(analysisLines(run)).toEqual([
      'AnalysisRun web-1: Failed (Metric "errors" assessed Failed)',
      '  metric errors: Failed, 1 passed, 2 failed, last 7, wants result < 1',
      '  metric latency: Pending, not measured yet',
    ]);
    expect(hasEnded(run)).toBe(true);
  });

  it('that no controller has looked at is pending, and has not ended', () => {
    const run = toAnalysisRun({ ...head('AnalysisRun'), spec: {} });
    expect(analysisLines(run)).toEqual(['AnalysisRun web-1: Pending']);
    expect(hasEnded(run)).toBe(false);
  });
});

describe('an experiment', () => {
  it('tells its versions and its analyses', () => {
    const experiment = toExperiment({
      ...head('Experiment'),
      spec: { duration: '5m', templates: [{ name: 'new' }] },
      status: {
        phase: 'Running',
        templateStatuses: [{ name: 'new', status: 'Running', replicas: 2, availableReplicas: 1 }],
        analysisRuns: [{ name: 'errors', analysisRun: 'web-1-errors', phase: 'Running' }],
      },
    });
    expect(experimentLines(experiment)).toEqual([
      'Experiment web-1: Running, for 5m',
      '  version new: Running, 1 of 2 pods available',
      '  analysis errors: Running (AnalysisRun web-1-errors)',
    ]);
  });
});
