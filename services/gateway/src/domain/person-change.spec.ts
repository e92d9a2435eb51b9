import { describe, expect, it } from '@jest/globals';
import { PersonId } from '@skyflo/contracts';
import { applyChange, isActingAdmin } from './person-change.ts';

const id = PersonId.parse('01a20cb0-0000-7000-8000-0000000000e1');
const ada = { id, email: 'ada@example.com', roles: ['approver' as const], active: true };

describe('a change of somebody', () => {
  it('leaves what it does not name', () => {
    expect(applyChange(ada, { active: false }).after).toEqual({ ...ada, active: false });
    expect(applyChange(ada, { roles: ['viewer', 'viewer'] }).after).toEqual({ ...ada, roles: ['viewer'] });
  });

  it('is no news where it changes nothing, in whatever order the roles come', () => {
    const both = { ...ada, roles: ['approver' as const, 'viewer' as const] };
    expect(applyChange(both, { roles: ['viewer', 'approver'], active: true })).toMatchObject({
      changed: false,
      deactivated: false,
    });
  });

  it('tells an end of acting from other roles, and a return from both', () => {
    expect(applyChange(ada, { active: false })).toMatchObject({ changed: false, deactivated: true });
    expect(applyChange(ada, { roles: ['viewer'], active: false })).toMatchObject({ changed: true, deactivated: true });
    const away = { ...ada, active: false };
    expect(applyChange(away, { active: true })).toMatchObject({ changed: true, deactivated: false });
    expect(applyChange(away, { active: false })).toMatchObject({ changed: false, deactivated: false });
  });

  it('counts only those as admins who may act', () => {
    expect(isActingAdmin({ roles: ['admin'], active: true })).toBe(true);
    expect(isActingAdmin({ roles: ['admin'], active: false })).toBe(false);
    expect(isActingAdmin(ada)).toBe(false);
  });
});
