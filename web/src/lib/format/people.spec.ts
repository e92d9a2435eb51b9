import { describe, expect, it } from 'vitest';
import { initialsOf, nameOf, roleWord } from './people.ts';

describe('people on screen', () => {
  it('reads a name out of an e-mail address', () => {
    expect(nameOf('mara.lindqvist@acme.example')).toBe('Mara Lindqvist');
    expect(nameOf('admin@example.com')).toBe('Admin');
  });

  it('takes the initials of the first and the last word', () => {
    expect(initialsOf('mara.von-der.lindqvist@acme.example')).toBe('ML');
    expect(initialsOf('admin@example.com')).toBe('AD');
  });

  it('names the highest role only', () => {
    expect(roleWord(['viewer', 'approver'])).toBe('Approver');
  });
});
