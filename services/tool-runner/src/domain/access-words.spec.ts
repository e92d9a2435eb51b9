import { describe, expect, it } from '@jest/globals';
import { permissionRows } from './access-words.ts';

describe('permissions', () => {
  it('stand in one row per kind, reads apart from changes', () => {
    const rows = permissionRows([
      { what: 'pods', verb: 'get', allowed: true },
      { what: 'pods', verb: 'list', allowed: true },
      { what: 'pods', verb: 'delete', allowed: false },
      { what: 'secrets', verb: 'get', allowed: false },
      { what: 'secrets', verb: 'patch', allowed: true },
    ]);
    expect(rows).toEqual([
      ['pods', 'get,list', 'no'],
      ['secrets', 'no', 'patch'],
    ]);
  });
});
