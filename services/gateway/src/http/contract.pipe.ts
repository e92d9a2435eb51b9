import { type ArgumentMetadata, StandardSchemaValidationPipe } from '@nestjs/common';
import { invalid, notFound } from './http-problem.ts';

type Issue = { readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined };

/**
 * Holds what comes in against the contract's schemas. A wrong field of the body or the query is a 422 that names it; an id
 * in the path that cannot be one names nothing there is.
 */
export class ContractPipe extends StandardSchemaValidationPipe {
  override async transform<T>(value: T, metadata: ArgumentMetadata): Promise<T> {
    const { schema, type } = metadata;
    if (!schema || type === 'custom') return value;
    // No body at all is an empty one: where every field is optional, that is fine.
    const given = type === 'body' ? (value ?? {}) : value;
    this.stripProtoKeys(given);
    const result = await this.validate<T>(given, schema);
    if (!result.issues) return result.value;
    if (type === 'param') throw notFound(metadata.data === 'runId' ? 'run' : 'thing');
    const first = new Map(result.issues.toReversed().map((issue) => [fieldOf(issue, type), issue.message]));
    throw invalid(...[...first].map(([field, message]) => ({ field, message })).toReversed());
  }
}

/** A JSON pointer (RFC 6901) into the body, or `query.<name>`. */
function fieldOf({ path = [] }: Issue, type: ArgumentMetadata['type']): string {
  const keys = path.map((segment) => String(typeof segment === 'object' ? segment.key : segment));
  if (type === 'query') return ['query', ...keys].join('.');
  return keys.map((key) => `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
