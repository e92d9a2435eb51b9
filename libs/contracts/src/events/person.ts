import { z } from 'zod';
import { defineEvent, type EventOf } from '../define.ts';
import { Person, PersonRef } from '../people.ts';

export const PersonCreated = defineEvent({
  type: 'person.created.v1',
  description:
    'Somebody can sign in from now on: the first admin by the one-time set-up link, everyone else by an admin. Once per person.',
  data: z.object({ person: Person, createdBy: PersonRef.optional() }),
});
export type PersonCreated = EventOf<typeof PersonCreated>;
