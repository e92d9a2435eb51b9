import { describe, expect, it } from '@jest/globals';
import { fieldConflicts } from './field-conflicts.ts';

const cause = (message: string, field: string) => ({ reason: 'FieldManagerConflict', message, field });

describe('conflicts of server-side apply', () => {
  it('are told by who manages which field', () => {
    const causes = [
      cause('conflict with "kubectl-client-side-apply" using apps/v1', '.spec.replicas'),
      cause('conflict with "kube-controller-manager" with subresource "scale" using apps/v1 at 2026-01-01', '.spec.x'),
      cause('conflict', '.spec.y'),
    ];
    expect(fieldConflicts({ kind: 'Status', details: { causes } })).toEqual([
      { manager: 'kubectl-client-side-apply', field: '.spec.replicas' },
      { manager: 'kube-controller-manager', field: '.spec.x' },
      { manager: 'somebody', field: '.spec.y' },
    ]);
  });

  it('are none where an object was only changed meanwhile, or the answer is no Status', () => {
    expect(fieldConflicts({ kind: 'Status', reason: 'Conflict', details: { name: 'web' } })).toEqual([]);
    expect(fieldConflicts(undefined)).toEqual([]);
  });
});
