import { z } from 'zod';
import { defineEvent, type EventOf } from '../define.ts';
import { Person, PersonRef, Role } from '../people.ts';

export const PersonCreated = defineEvent({
  type: 'person.created.v1',
  description:
    'Somebody can sign in from now on: the first admin by the one-time set-up link, everyone else by an admin. Once per person.',
  data: z.object({ person: Person, createdBy: PersonRef.optional() }),
});
export type PersonCreated = EventOf<typeof PersonCreated>;

export const PersonChanged = defineEvent({
  type: 'person.changed.v1',
  description:
    'An admin gave somebody other roles, or let them act again; `person` is how they are now. Once per change, from when it holds.',
  data: z.object({
    person: Person,
    before: z.object({ roles: z.array(Role), active: z.boolean() }),
    changedBy: PersonRef,
  }),
});
export type PersonChanged = EventOf<typeof PersonChanged>;

export const PersonDeactivated = defineEvent({
  type: 'person.deactivated.v1',
  description:
    'Somebody may no longer act: their sessions have ended, and their runs that were not over are asked to stop. Once each time.',
  data: z.object({ person: PersonRef, deactivatedBy: PersonRef }),
});
export type PersonDeactivated = EventOf<typeof PersonDeactivated>;
