import { describe, expect, it } from '@jest/globals';
import { newId, type Person, PersonId, type Role } from '@skyflo/contracts';
import { approvalsOf, mayPost, maySee } from './access.ts';

const aPerson = (...roles: Role[]): Person => ({
  id: PersonId.parse(newId()),
  email: 'somebody@example.com',
  roles,
});

describe('access to a conversation', () => {
  const owner = aPerson('operator');
  const conversation = { owner };

  it('is for its owner and for admins to see', () => {
    expect(maySee(owner, conversation)).toBe(true);
    expect(maySee(aPerson('admin'), conversation)).toBe(true);
    expect(maySee(aPerson('approver'), conversation)).toBe(false);
  });

  it('lets only its owner post, and only while they may ask', () => {
    expect(mayPost(owner, conversation)).toBe(true);
    expect(mayPost({ ...owner, roles: ['viewer'] }, conversation)).toBe(false);
    expect(mayPost(aPerson('admin'), conversation)).toBe(false);
  });
});

describe('approvals', () => {
  it('are all shown to who decides, and to others those they asked for', () => {
    const operator = aPerson('operator');
    expect(approvalsOf(operator)).toEqual({ requestedBy: operator.id });
    expect(approvalsOf(aPerson('approver'))).toEqual({});
    expect(approvalsOf(aPerson('admin'))).toEqual({});
  });
});
