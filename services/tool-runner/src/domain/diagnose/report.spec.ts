import { describe, expect, it } from '@jest/globals';
import { Finding } from '@skyflo/contracts';
import { aDeployment, aService, aSnapshot, together, unready, unscheduled, waits } from '../../../test/a-snapshot.ts';
import { tokensOf } from '../../../test/tokens.ts';
import { analyze } from './analyze.ts';
import { type Folded, foldTroubles, toFinding } from './fold.ts';
import { lastWords } from './last-words.ts';
import { relatedTo } from './related.ts';
import { reportFacts, reportText } from './report.ts';
import type { Trouble } from './trouble.ts';

const scope = { namespace: 'shop', read: '9 pods', gaps: [] };
const backOff = waits('ImagePullBackOff', 'Back-off pulling image "web:1"');
const stuck = {
  status: {
    conditions: [{ type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded', message: 'timed out' }],
  },
};
const rules = (service: string) => [{ http: { paths: [{ path: '/', backend: { service: { name: service } } }] } }];
const whole = together(
  aDeployment(
    'web',
    Array.from({ length: 20 }, () => backOff),
    {},
    stuck,
  ),
  {
    services: [aService('web', { app: 'web' })],
    ingresses: [{ metadata: { name: 'front', namespace: 'shop' }, spec: { rules: rules('web') } }],
  },
);

describe('findings', () => {
  it('of one cause are one: twenty pods, their rollout, their Service and the Ingress before it', () => {
    const findings = analyze(aSnapshot(whole));
    expect(findings).toMatchObject([
      {
        kind: 'ImagePull',
        object: { kind: 'Deployment', name: 'web' },
        also: [{ kind: 'Service' }, { kind: 'Ingress' }],
      },
    ]);
    expect(reportFacts(findings)).toEqual({ count: 1, critical: 1, warning: 0, info: 0, kinds: { ImagePull: 1 } });
  });

  it('of workloads that no node takes for the same reason are one', () => {
    const alike = (name: string) => aDeployment(name, [unscheduled('0/1 nodes are available: 1 Insufficient cpu.')]);
    const findings = analyze(aSnapshot(together(alike('a'), alike('b'), alike('c'))));
    expect(findings).toMatchObject([{ object: { name: 'a' }, also: [{ name: 'b' }, { name: 'c' }] }]);
  });

  it('about a claim explain the pods that wait for it', () => {
    const volumes = [{ persistentVolumeClaim: { claimName: 'data' } }];
    const waiting = aDeployment('db', [unscheduled('pod has unbound immediate PersistentVolumeClaims')], { volumes });
    const claims = [
      {
        metadata: { name: 'data', namespace: 'shop' },
        spec: { storageClassName: 'fast' },
        status: { phase: 'Pending' },
      },
    ];
    expect(analyze(aSnapshot({ ...waiting, claims }))).toMatchObject([
      { kind: 'ClaimPending', also: [{ kind: 'Deployment', name: 'db' }] },
    ]);
  });

  it('come in the same order whatever order the API server lists in', () => {
    const objects = together(whole, aDeployment('b', [unready]), aDeployment('a', [waits('CrashLoopBackOff')]));
    const turned = Object.fromEntries(
      Object.entries(objects).map(([kind, all]) => [kind, [...(all as object[])].reverse()]),
    );
    const names = (snapshot: typeof objects) =>
      analyze(aSnapshot(snapshot)).map(({ kind, object }) => `${kind} ${object.name}`);
    expect(names(turned)).toEqual(names(objects));
    expect(names(objects)).toEqual(['ImagePull web', 'CrashLoop a', 'NotReady b']);
  });

  it('can be asked for around one workload, with what leads to it', () => {
    const snapshot = aSnapshot(together(whole, aDeployment('other', [waits('CrashLoopBackOff')])));
    const about = (name: string) => analyze(snapshot, relatedTo(snapshot, name)).map(({ object }) => object.name);
    expect(about('other')).toEqual(['other']);
    expect(about('front')).toEqual(['web']);
    expect(relatedTo(snapshot, 'nobody').size).toBe(0);
  });

  it('fit what travels, however long the cluster talks', () => {
    const long = aDeployment('web', [waits('CreateContainerConfigError', 'x'.repeat(100_000))]);
    const findings = analyze(aSnapshot(long)).map((finding) => toFinding(finding));
    expect(() => Finding.array().parse(findings)).not.toThrow();
  });
});

const hash = (index: number) => (index * 7_919 + 2_176_782_336).toString(36);
function crash(index: number): Trouble {
  const object = { kind: 'Deployment', namespace: 'shop', name: `service-${hash(index)}-backend` };
  return {
    severity: index % 3 === 0 ? 'warning' : 'critical',
    kind: 'CrashLoop',
    object,
    why: `Container service fails (exit code 1) after every start: 3 of 3 pods, ${index} restarts.`,
    said: [
      `level=fatal msg="dial tcp 10.96.${index}.12:5432: connect: connection refused" id=${hash(index)}${hash(index + 1)}`,
    ],
    next: {
      tool: 'k8s_logs',
      args: {
        kind: 'Pod',
        name: `${object.name}-7f8b9c6d5-${hash(index)}`,
        namespace: 'shop',
        container: 'service',
        previous: true,
      },
    },
  };
}

describe('the report', () => {
  const report = (count: number): { text: string; findings: Folded[] } => {
    const findings = foldTroubles(Array.from({ length: count }, (_, index) => crash(index)));
    return { text: reportText(findings, scope), findings };
  };

  it('says that nothing is wrong, and what was not seen', () => {
    const gaps = ['Not read: nodes (Forbidden).'];
    expect(reportText([], { ...scope, gaps })).toBe(
      'shop: nothing is wrong as far as can be seen. Read 9 pods. Not read: nodes (Forbidden).',
    );
  });

  it('tells a finding with its evidence and the next call', () => {
    expect(reportText(analyze(aSnapshot(whole)), scope)).toBe(
      [
        'shop: 1 finding (1 critical). Read 9 pods.',
        'Objects and calls below are in namespace shop; pass it along.',
        '1. critical ImagePull Deployment/web: The image web:1 cannot be pulled, so 20 of 20 pods cannot start.',
        '   says: Back-off pulling image "web:1"',
        '   also: Service/web, Ingress/front',
        '   next: k8s_set_image kind=Deployment name=web container=web image=<ask for it>',
      ].join('\n'),
    );
  });

  it.each([1, 20, 50, 100, 500])('stays under 3,000 tokens with %i different findings and names the worst', (count) => {
    const { text, findings } = report(count);
    expect(tokensOf(text)).toBeLessThan(3_000);
    expect(text).toContain(findings[0]?.object.name);
    expect(text).toContain(`shop: ${count} finding`);
    if (count <= 100) for (const { object } of findings) expect(text).toContain(object.name);
  });

  it('stays under 3,000 tokens in any script', () => {
    const alien = Array.from({ length: 40 }, (_, index) => ({
      ...crash(index),
      said: [`${'内存不足，无法启动'.repeat(20)}🚢\u200b`],
    }));
    expect(tokensOf(reportText(foldTroubles(alien), scope))).toBeLessThan(3_000);
  });
});

describe('the last words of a log', () => {
  it('are the lines that sound like trouble, without times, else the last', () => {
    const log = '2026-11-24T10:00:00Z starting\n2026-11-24T10:00:01Z level=fatal msg="DATABASE_URL is not set"\nbye\n';
    expect(lastWords(log)).toEqual(['level=fatal msg="DATABASE_URL is not set"']);
    expect(lastWords('one\ntwo\nthree')).toEqual(['two', 'three']);
    expect(lastWords('')).toEqual([]);
  });
});
