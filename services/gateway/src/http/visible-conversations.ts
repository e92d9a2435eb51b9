import { Injectable } from '@nestjs/common';
import type { ConversationId, Person, RunId } from '@skyflo/contracts';
import { maySee } from '../domain/access.ts';
import { ConversationAccess, type OwnedConversation } from '../domain/conversation-access.ts';
import { notFound } from './http-problem.ts';

/** Finds what a person may see; for everything else there is one answer, whether it exists or not. */
@Injectable()
export class VisibleConversations {
  constructor(private readonly access: ConversationAccess) {}

  async find(person: Person, id: ConversationId): Promise<OwnedConversation> {
    return visible(person, await this.access.find(id), 'conversation');
  }

  async findByRun(person: Person, id: RunId): Promise<OwnedConversation> {
    return visible(person, await this.access.findByRun(id), 'run');
  }
}

function visible(person: Person, found: OwnedConversation | undefined, what: string): OwnedConversation {
  if (!found || !maySee(person, found)) throw notFound(what);
  return found;
}
